-- What the log says of its jobs, some at a time, the newest first.
--
-- KEYS  log, jobs
-- ARGV  prefix of a job's keys, how many to pass over, how many to tell
-- answers  for each: job, how many events, its oldest and its newest (id, JSON without it), what it said: name, id, …

local function event(entry)
  if not entry then
    return false
  end
  local found = redis.call('XRANGE', KEYS[1], entry[1], entry[1])[1]
  return found and { tonumber(string.match(found[1], '^%d+')), found[2][2] } or false
end

local from = tonumber(ARGV[2])
local told = {}
for _, job in ipairs(redis.call('ZRANGE', KEYS[2], from, from + tonumber(ARGV[3]) - 1, 'REV')) do
  local ids = ARGV[1] .. job
  local log = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  if log then
    redis.pcall('XTRIM', ids, 'MINID', log[1])
  end
  told[#told + 1] = {
    job,
    redis.call('XLEN', ids),
    event(redis.call('XRANGE', ids, '-', '+', 'COUNT', 1)[1]),
    event(redis.call('XREVRANGE', ids, '+', '-', 'COUNT', 1)[1]),
    redis.call('HGETALL', ids .. ':said'),
  }
end
return told
