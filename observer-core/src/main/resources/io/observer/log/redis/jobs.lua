-- What the log says of some of its jobs.
--
-- KEYS  log, jobs
-- ARGV  prefix of a job's keys, then the jobs
-- answers  for each of which events are left: job, how many, its oldest and its newest (id, JSON without it), what it
--          said: name, id, …

local call, try = redis.call, redis.pcall

local function event(id)
  local found = call('XRANGE', KEYS[1], id, id)[1]
  return found and { tonumber(string.match(found[1], '^%d+')), found[2][2] } or false
end

local oldest = call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local told = {}
for n = 2, #ARGV do
  local ids, score = ARGV[1] .. ARGV[n], call('ZSCORE', KEYS[2], ARGV[n])
  local newest = score and event(string.format('%.0f-0', score))
  if oldest and newest then
    try('XTRIM', ids, 'MINID', oldest[1])
    -- An index that is lost, or something else, tells of nothing but the newest.
    local entries = try('XRANGE', ids, '-', '+', 'COUNT', 2)
    local count = try('XLEN', ids)
    if entries[1] and entries[1][2][1] == 'lost' then
      table.remove(entries, 1)
      count = count - 1
    end
    local said = try('HGETALL', ids .. ':said')
    told[#told + 1] = {
      ARGV[n],
      entries[1] and count or 1,
      entries[1] and event(entries[1][1]) or newest,
      newest,
      said.err and {} or said,
    }
  end
end
return told
