-- The events of one job, in the order asked for: which ids, and what the log has under each.
--
-- KEYS  log, the job's ids, jobs
-- ARGV  from, to, most, 'rev' to go backwards, job
-- answers  id, JSON without it (nil: gone), and so on; or 'lost': the ids do not tell of all events that are retained

local call = redis.call
local log, ids = KEYS[1], KEYS[2]
local oldest = call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local kind = call('TYPE', ids).ok
if kind == 'stream' then
  local first = call('XRANGE', ids, '-', '+', 'COUNT', 1)[1]
  local before = first and first[2][1] == 'lost' and tonumber(string.match(first[1], '^%d+'))
  if before and oldest and before >= tonumber(string.match(oldest[1], '^%d+')) then
    return { 'lost' }
  end
elseif kind ~= 'none' or call('ZSCORE', KEYS[3], ARGV[5]) then
  return { 'lost' }
end

local range = ARGV[4] == 'rev' and 'XREVRANGE' or 'XRANGE'
local found = {}
for _, entry in ipairs(kind == 'stream' and call(range, ids, ARGV[1], ARGV[2], 'COUNT', ARGV[3]) or {}) do
  local event = entry[2][1] ~= 'lost' and call('XRANGE', log, entry[1], entry[1])[1]
  found[#found + 1] = tonumber(string.match(entry[1], '^%d+'))
  found[#found + 1] = event and event[2][2] or false
end
return found
