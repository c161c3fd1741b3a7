-- Finds the log, begins it if there is none, and gives it a new epoch if it lacks what the node has seen of it.
--
-- KEYS  log, last, epoch, before, none
-- ARGV  epoch to give, epoch as the node knows it ('': none), last id that the node has seen, '1': it was other than here
-- answers  epoch, last id, oldest id that is kept (last id + 1: none), epoch that this one went on from ('': none)

local function number(id)
  return tonumber(string.match(id, '^%d+'))
end
local function id(value)
  return string.format('%.0f', value)
end

local epoch = redis.call('GET', KEYS[3])
local counted = tonumber(redis.call('GET', KEYS[2]) or '0')
if not counted then
  return redis.error_reply('WRONGTYPE of ' .. KEYS[2])
end
-- Redis knows the newest id that the log ever had, though no event may be left.
local newest = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local about = redis.call('XINFO', 'STREAM', KEYS[1])
  for n = 1, #about, 2 do
    if about[n] == 'last-generated-id' then
      newest = number(about[n + 1])
    end
  end
end
local seen = tonumber(ARGV[3])
local last = math.max(counted, newest)

local lost = epoch == ARGV[2] and (last < seen or ARGV[4] == '1')
if not epoch or lost then
  redis.call('SET', KEYS[4], epoch or '')
  epoch = ARGV[1]
  redis.call('SET', KEYS[3], epoch)
end
last = math.max(last, seen)
if last ~= counted then
  redis.call('SET', KEYS[2], id(last))
end
local entry = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
return { epoch, last, entry and number(entry[1]) or last + 1, redis.call('GET', KEYS[4]) or '' }
