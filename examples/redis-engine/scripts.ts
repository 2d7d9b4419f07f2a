/**
 * The two scripts that all reading and writing goes through. Redis runs a script alone, and stores all that it wrote or
 * nothing of it.
 *
 * `cells` has the values; `keys` all keys in order, and for as long as an older view may want them those of removed cells
 * too; `versions` the number of the commit that changed a cell last. What a cell was before a commit is kept in `before`,
 * in order in `changes`, and by its time in `times`, for a while; `counters` has the number of the last commit, and that
 * of the last one whose past was dropped: a view from before it cannot be read any more.
 */
export const PARTS = ['cells', 'keys', 'versions', 'before', 'changes', 'times', 'counters', 'lock', 'held'];

const NAMES = PARTS.map((part, at) => `local ${part} = KEYS[${at + 1}]`).join('\n');

const COMMON = `${NAMES}
local last = tonumber(redis.call('HGET', counters, 'last') or '0')
local dropped = tonumber(redis.call('HGET', counters, 'dropped') or '0')
local function change(key, commit) return key .. '\\1\\3' .. string.format('%016.0f', commit) end
`;

/**
 * What the cells had in them when commit `at` was the last (now, if none is given).
 * ARGV: at, then for each question g, key; or s, from, to, limit, and whether backwards (1 or 0).
 * Answers the commit, and for each question the value, or keys and values one after the other.
 */
export const READ = `${COMMON}
local at = last
if ARGV[1] ~= '' then at = tonumber(ARGV[1]) end
if at < dropped then return redis.error_reply('TOOOLD the past of this view is not kept any more') end
local function value(key)
  if at < last then
    local version = redis.call('HGET', versions, key)
    if version and tonumber(version) > at then
      local next = redis.call('ZRANGEBYLEX', changes, '(' .. change(key, at), '[' .. key .. '\\1\\4', 'LIMIT', 0, 1)
      local was = redis.call('HGET', before, next[1])
      if was == '' then return false end
      return was
    end
  end
  return redis.call('HGET', cells, key)
end
local function scan(from, to, limit, backwards)
  local found = {}
  local low, high = '[' .. from, '(' .. to
  local size = math.min(limit, 256)
  while #found < 2 * limit do
    local some
    if backwards then some = redis.call('ZREVRANGEBYLEX', keys, high, low, 'LIMIT', 0, size)
    else some = redis.call('ZRANGEBYLEX', keys, low, high, 'LIMIT', 0, size) end
    for _, key in ipairs(some) do
      local has = value(key)
      if has and #found < 2 * limit then
        found[#found + 1] = key
        found[#found + 1] = has
      end
    end
    if #some < size then break end
    if backwards then high = '(' .. some[#some] else low = '(' .. some[#some] end
  end
  return found
end
local answers = { string.format('%.0f', at) }
local n = 2
while n <= #ARGV do
  if ARGV[n] == 'g' then
    answers[#answers + 1] = value(ARGV[n + 1])
    n = n + 2
  else
    answers[#answers + 1] = scan(ARGV[n + 1], ARGV[n + 2], tonumber(ARGV[n + 3]), ARGV[n + 4] == '1')
    n = n + 5
  end
end
return answers
`;

/**
 * Writes, if what was read at commit `at` is still so.
 * ARGV: at (empty if nothing was read), the writer's lock (or empty), how long the past is kept in milliseconds, how many
 * keys were read and the keys, how many ranges and their ends, then what is written: key and value, empty to remove.
 */
export const COMMIT = `${COMMON}
local locked = redis.call('GET', lock)
if ARGV[2] ~= '' and locked ~= ARGV[2] then return 'LOST' end
if ARGV[2] == '' and locked then return 'LOCKED' end
local n = 4
local at = last
if ARGV[1] ~= '' then at = tonumber(ARGV[1]) end
if at < dropped then return 'CONFLICT' end
local function changed(key)
  local version = redis.call('HGET', versions, key)
  return version and tonumber(version) > at
end
local count = tonumber(ARGV[n])
for i = n + 1, n + count do
  if at < last and changed(ARGV[i]) then return 'CONFLICT' end
end
n = n + count + 1
count = tonumber(ARGV[n])
for i = n + 1, n + 2 * count, 2 do
  if at < last then
    for _, key in ipairs(redis.call('ZRANGEBYLEX', keys, '[' .. ARGV[i], '(' .. ARGV[i + 1])) do
      if changed(key) then return 'CONFLICT' end
    end
  end
end
n = n + 2 * count + 1
local commit = last + 1
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local written = 0
for i = n, #ARGV, 2 do
  local key, value = ARGV[i], ARGV[i + 1]
  local was = redis.call('HGET', cells, key) or ''
  if was ~= value then
    written = written + 1
    if value == '' then redis.call('HDEL', cells, key)
    else
      redis.call('HSET', cells, key, value)
      redis.call('ZADD', keys, 0, key)
    end
    redis.call('HSET', versions, key, string.format('%.0f', commit))
    redis.call('HSET', before, change(key, commit), was)
    redis.call('ZADD', changes, 0, change(key, commit))
    redis.call('ZADD', times, now, change(key, commit))
  end
end
if written > 0 then redis.call('HSET', counters, 'last', string.format('%.0f', commit)) end
if redis.call('EXISTS', held) == 1 then return 'OK' end
local due = redis.call('ZRANGEBYSCORE', times, '-inf', now - tonumber(ARGV[3]), 'LIMIT', 0, 64 + 2 * written)
for _, old in ipairs(due) do
  local key, number = string.sub(old, 1, -19), tonumber(string.sub(old, -16))
  if number > dropped then dropped = number end
  redis.call('ZREM', times, old)
  redis.call('ZREM', changes, old)
  redis.call('HDEL', before, old)
  if tonumber(redis.call('HGET', versions, key) or '0') == number then
    redis.call('HDEL', versions, key)
    if redis.call('HEXISTS', cells, key) == 0 then redis.call('ZREM', keys, key) end
  end
end
if #due > 0 then redis.call('HSET', counters, 'dropped', string.format('%.0f', dropped)) end
return 'OK'
`;

/** Lets a lock go, or makes it last longer, if it is still the holder's. ARGV: the lock, and milliseconds (0 lets it go). */
export const KEEP_LOCK = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/**
 * Who saw whom: a hash a room, a member's sight a field, its times the server's. What was told later than now was told before
 * the server's clock was set back: it does not count, or it would stand for the latest until the clock has come so far.
 * KEYS: the rooms told of, then those asked for. ARGV: how many were told of; for each room told of the sight as JSON; for
 * each room asked for, since when; how long a room that nobody tells of is kept, in milliseconds.
 */
export const SWAP = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = tonumber(ARGV[1])
local function latest(known, age)
  if type(age) ~= 'number' then return known end
  local at = now - age
  if known and known > at then return known end
  return at
end
for n = 1, count do
  local told = cjson.decode(ARGV[n + 1])
  local known = redis.call('HGET', KEYS[n], told.userId)
  local sight = known and cjson.decode(known) or {}
  if sight.told and sight.told > now then sight = { member = sight.member } end
  if type(told.member) == 'table' then sight.member = told.member end
  sight.visible = latest(sight.visible, told.visibleAgeMs)
  sight.hidden = latest(sight.hidden, told.hiddenAgeMs)
  sight.gone = latest(sight.gone, told.goneAgeMs)
  sight.told = now
  redis.call('HSET', KEYS[n], told.userId, cjson.encode(sight))
  redis.call('PEXPIRE', KEYS[n], ARGV[#ARGV])
end
local answers = { string.format('%.0f', now) }
for n = count + 1, #KEYS do
  local found = {}
  local since = tonumber(ARGV[n + 1])
  if since > now then since = 0 end
  local all = redis.call('HGETALL', KEYS[n])
  for i = 1, #all, 2 do
    local sight = cjson.decode(all[i + 1])
    if sight.told < now - tonumber(ARGV[#ARGV]) or sight.told > now then redis.call('HDEL', KEYS[n], all[i])
    elseif sight.told >= since then
      found[#found + 1] = all[i]
      found[#found + 1] = all[i + 1]
    end
  end
  answers[#answers + 1] = found
end
return answers
`;
