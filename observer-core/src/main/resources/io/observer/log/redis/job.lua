-- The events of one job, in the order asked for: which ids, and what the log has under each.
--
-- KEYS  log, the job's ids
-- ARGV  from, to, most, 'rev' to go backwards
-- answers  id, JSON without it (nil: gone), and so on

local range = ARGV[4] == 'rev' and 'XREVRANGE' or 'XRANGE'
local found = {}
for _, entry in ipairs(redis.call(range, KEYS[2], ARGV[1], ARGV[2], 'COUNT', ARGV[3])) do
  local event = redis.call('XRANGE', KEYS[1], entry[1], entry[1])[1]
  found[#found + 1] = tonumber(string.match(entry[1], '^%d+'))
  found[#found + 1] = event and event[2][2] or false
end
return found
