-- Stores a batch whole, or answers an error and has changed nothing. One that it has stored before it answers for again.
--
-- KEYS  log, last, epoch, jobs, what the node has sent, none
-- ARGV  epoch as the node knows it, most entries, prefix of a job's keys, number of the batch, number of events, then
--       for each event: job, JSON without its id; then
--       for the newest event of each job.* name in each job: job, name, place in the batch from 0
-- answers  first id, last id, oldest id that is kept (0: as before), where the counter had to be set to (0: it was right)

local call, try = redis.call, redis.pcall
local log, counter, jobs, sent = KEYS[1], KEYS[2], KEYS[4], KEYS[5]
local epoch = call('GET', KEYS[3])
if epoch ~= ARGV[1] then
  return redis.error_reply('EPOCH is ' .. (epoch or 'none'))
end

local most, prefix, batch, count = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local function id(value)
  return string.format('%d', value)
end
local function number(entry)
  return tonumber(string.match(entry, '^%d+'))
end

local stored, at = string.match(call('GET', sent) or '', '^(%d+) (%d+)$')
if stored and tonumber(stored) > batch then
  return redis.error_reply('ERR a later batch came before')
elseif stored and tonumber(stored) == batch then
  return { tonumber(at), at + count - 1, 0, 0 }
end

-- Types are looked at first: a script that fails half-way keeps what it has done.
local function isNot(key, kind)
  local found = call('TYPE', key).ok
  return found ~= 'none' and found ~= kind
end
if isNot(log, 'stream') or isNot(jobs, 'zset') then
  return redis.error_reply('WRONGTYPE of ' .. log .. ' or ' .. jobs)
end
local last = call('INCRBY', counter, count)
local first = last - count + 1
local mended = 0
local added = try('XADD', log, id(first), 'e', ARGV[7])
if type(added) == 'table' and added.err then
  -- Redis knows the newest id that the log ever had, though no event may be left.
  local about = try('XINFO', 'STREAM', log)
  for n = 1, about.err and 0 or #about, 2 do
    if about[n] == 'last-generated-id' then
      mended = number(about[n + 1])
    end
  end
  if mended < first then
    call('DECRBY', counter, count)
    return added
  end
  first, last = mended + 1, mended + count
  call('SET', counter, id(last))
  call('XADD', log, id(first), 'e', ARGV[7])
end

call('SET', sent, id(batch) .. ' ' .. id(first), 'EX', 3600)

-- An index that is lost, or is something else, begins anew, with a mark at the newest id that it should have had.
local function begin(job)
  local index = prefix .. job
  local kind = call('TYPE', index).ok
  if kind ~= 'stream' then
    if kind ~= 'none' then
      call('DEL', index)
    end
    local score = call('ZSCORE', jobs, job)
    if score then
      try('XADD', index, string.format('%.0f-0', score), 'lost', '')
    end
  end
end

local newest = {}
for n = 0, count - 1 do
  local entry = id(first + n)
  local job = ARGV[6 + 2 * n]
  if n > 0 then
    call('XADD', log, entry, 'e', ARGV[7 + 2 * n])
  end
  if job ~= '' then
    if not newest[job] then
      begin(job)
    end
    try('XADD', prefix .. job, entry, 'e', '')
    newest[job] = entry
  end
end
for n = 6 + 2 * count, #ARGV, 3 do
  local said = prefix .. ARGV[n] .. ':said'
  local told = try('HSET', said, ARGV[n + 1], id(first + ARGV[n + 2]))
  if type(told) == 'table' then
    call('DEL', said)
    call('HSET', said, ARGV[n + 1], id(first + ARGV[n + 2]))
  end
end
local scores = {}
for job, entry in pairs(newest) do
  scores[#scores + 1] = entry
  scores[#scores + 1] = job
end
for n = 1, #scores, 2000 do
  call('ZADD', jobs, unpack(scores, n, math.min(n + 1999, #scores)))
end

local oldest = 0
if call('XTRIM', log, 'MAXLEN', '~', most) > 0 then
  oldest = number(call('XRANGE', log, '-', '+', 'COUNT', 1)[1][1])
  for _, job in ipairs(call('ZRANGE', jobs, '-inf', '(' .. id(oldest), 'BYSCORE', 'LIMIT', 0, 20)) do
    call('DEL', prefix .. job, prefix .. job .. ':said')
    call('ZREM', jobs, job)
  end
  -- What an index has beyond the log does no harm: some at a time, in proportion to what was added.
  for _, job in ipairs(call('ZRANDMEMBER', jobs, -math.ceil(count / 50))) do
    try('XTRIM', prefix .. job, 'MINID', '~', oldest)
  end
end
return { first, last, oldest, mended }
