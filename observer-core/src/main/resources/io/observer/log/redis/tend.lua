-- Takes what has grown too old, and says how the log stands. Every node runs it each second; it does no harm twice.
--
-- Age is counted in seconds that somebody tended the log, so that no step of the clock and no time switched off takes an
-- event. The marks say which id was the newest at which age.
--
-- KEYS  log, last, epoch, jobs, marks, clock, none
-- ARGV  seconds an event is kept, most seconds between two calls that count, prefix of a job's keys
-- answers  epoch, last id, oldest id that is kept (last id + 1: none), why events would be refused ('': they would not)

local call = redis.call
local log, jobs, marks, clock = KEYS[1], KEYS[4], KEYS[5], KEYS[6]
local function id(number)
  return string.format('%.0f', number)
end

-- What an append does first.
local epoch = call('GET', KEYS[3])
local tried = epoch and redis.pcall('INCRBY', KEYS[2], 0)
local refusal = type(tried) == 'table' and tried.err or ''

local now = tonumber(call('TIME')[1])
local age = tonumber(call('HGET', clock, 'age') or '0')
local before = tonumber(call('HGET', clock, 'at') or '0')
if now ~= before and before > 0 then
  age = age + math.max(0, math.min(now - before, tonumber(ARGV[2])))
end

-- A script whose first write takes no memory may go on when maxmemory is reached: so what frees some comes first.
local keep = tonumber(ARGV[1])
local over = call('ZRANGE', marks, '(' .. id(age - keep), '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1)[1]
call('ZREMRANGEBYSCORE', marks, '-inf', '(' .. id(age - keep))
if over then
  call('XTRIM', log, 'MINID', id(tonumber(over) + 1))
end

if now ~= before then
  call('HSET', clock, 'age', id(age), 'at', id(now))
end
local last = tonumber(call('GET', KEYS[2]) or '0')
local entry = call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local newest = call('ZRANGE', marks, -1, -1, 'WITHSCORES')
if entry and (not newest[1] or (tonumber(newest[1]) < last and age - tonumber(newest[2]) >= keep / 500)) then
  call('ZADD', marks, age, id(last))
end

local oldest = entry and tonumber(string.match(entry[1], '^%d+')) or last + 1
for _, job in ipairs(call('ZRANGE', jobs, '-inf', '(' .. id(oldest), 'BYSCORE', 'LIMIT', 0, 100)) do
  call('DEL', ARGV[3] .. job, ARGV[3] .. job .. ':said')
  call('ZREM', jobs, job)
end
return { epoch, last, oldest, refusal }
