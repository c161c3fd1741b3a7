-- Stores a batch whole, or answers an error and has changed nothing.
--
-- KEYS  log, last, epoch, jobs
-- ARGV  epoch as the node knows it, most entries, prefix of a job's keys, number of events, then
--       for each event: job, JSON without its id; then
--       for the newest event of each job.* name in each job: job, name, place in the batch from 0
-- answers  first id, last id, oldest id that is kept (0: as before), where the counter had to be set to (0: it was right)

local log, counter, jobs = KEYS[1], KEYS[2], KEYS[4]
local epoch = redis.call('GET', KEYS[3])
if epoch ~= ARGV[1] then
  return redis.error_reply('EPOCH is ' .. (epoch or 'none'))
end

local most, prefix, count = ARGV[2], ARGV[3], tonumber(ARGV[4])
local function id(number)
  return string.format('%.0f', number)
end

-- Types are looked at first: a script that fails half-way keeps what it has done.
local function isNot(key, kind)
  local found = redis.call('TYPE', key).ok
  return found ~= 'none' and found ~= kind
end
if isNot(log, 'stream') or isNot(jobs, 'zset') then
  return redis.error_reply('WRONGTYPE of ' .. log .. ' or ' .. jobs)
end
local last = redis.call('INCRBY', counter, count)
local first = last - count + 1
local mended = 0
local added = redis.pcall('XADD', log, id(first) .. '-0', 'e', ARGV[6])
if type(added) == 'table' and added.err then
  local newest = redis.pcall('XREVRANGE', log, '+', '-', 'COUNT', 1)
  if newest.err or not newest[1] then
    redis.call('DECRBY', counter, count)
    return added
  end
  mended = tonumber(string.match(newest[1][1], '^%d+'))
  first, last = mended + 1, mended + count
  redis.call('SET', counter, id(last))
  redis.call('XADD', log, id(first) .. '-0', 'e', ARGV[6])
end

local newestOf = {}
for n = 0, count - 1 do
  local entry = id(first + n) .. '-0'
  local job = ARGV[5 + 2 * n]
  if n > 0 then
    redis.call('XADD', log, entry, 'e', ARGV[6 + 2 * n])
  end
  if job ~= '' then
    redis.pcall('XADD', prefix .. job, entry, 'e', '')
    newestOf[job] = first + n
  end
end
for n = 5 + 2 * count, #ARGV, 3 do
  redis.pcall('HSET', prefix .. ARGV[n] .. ':said', ARGV[n + 1], id(first + tonumber(ARGV[n + 2])))
end
for job, at in pairs(newestOf) do
  redis.call('ZADD', jobs, id(at), job)
end

local oldest = 0
if redis.call('XTRIM', log, 'MAXLEN', '~', most) > 0 then
  local entry = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  oldest = tonumber(string.match(entry[1], '^%d+'))
  for job in pairs(newestOf) do
    redis.pcall('XTRIM', prefix .. job, 'MINID', '~', id(oldest))
  end
  for _, job in ipairs(redis.call('ZRANGE', jobs, '-inf', '(' .. id(oldest), 'BYSCORE', 'LIMIT', 0, 20)) do
    redis.call('DEL', prefix .. job, prefix .. job .. ':said')
    redis.call('ZREM', jobs, job)
  end
end
return { first, last, oldest, mended }
