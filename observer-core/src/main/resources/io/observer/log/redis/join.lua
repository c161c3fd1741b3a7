-- Finds the log, begins it if there is none, and gives it a new epoch if it lacks what the node has seen of it.
--
-- KEYS  log, last, epoch, none
-- ARGV  epoch to give, epoch as the node knows it ('': none), last id that the node has seen, '1': it was other than here
-- answers  epoch, last id, oldest id that is kept (last id + 1: none)

local function number(entry)
  return entry and tonumber(string.match(entry[1], '^%d+'))
end
local function id(value)
  return string.format('%.0f', value)
end

local epoch = redis.call('GET', KEYS[3])
local counted = tonumber(redis.call('GET', KEYS[2]) or '0')
if not counted then
  return redis.error_reply('WRONGTYPE of ' .. KEYS[2])
end
local newest = number(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]) or 0
local seen = tonumber(ARGV[3])
local last = math.max(counted, newest)

local lost = epoch == ARGV[2] and (last < seen or ARGV[4] == '1')
if not epoch or lost then
  epoch = ARGV[1]
  redis.call('SET', KEYS[3], epoch)
end
last = math.max(last, seen)
if last ~= counted then
  redis.call('SET', KEYS[2], id(last))
end
local oldest = number(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]) or last + 1
return { epoch, last, oldest }
