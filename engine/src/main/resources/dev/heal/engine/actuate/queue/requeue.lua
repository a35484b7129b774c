-- Takes what dead consumers had pending, and hands it back or lays it aside: in one go, so that
-- whoever dies or looks in between sees all of it or nothing.
--
-- KEYS  1 the stream, 2 the dead letters, 3 the crashes so far by id, 4 what this order has done
-- ARGV  1 group, 2 crashes that make poison, 3 whether this is a crash, 4 whether poison is laid aside,
--       5 `anew` or `pending`, 6 milliseconds after which a consumer is dead (-1: all of them are),
--       7 entries at most in one go, 8 seconds for which the order is remembered, 9 order, 10 reason,
--       11 incident, 12… patterns of the consumers' names
if redis.replicate_commands then redis.replicate_commands() end

local stream, dead, crashes, done = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, limit = ARGV[1], tonumber(ARGV[2])
local step, skip, anew = tonumber(ARGV[3]), ARGV[4] == '1', ARGV[5] == 'anew'
local silent, room = tonumber(ARGV[6]), tonumber(ARGV[7])

local function fields(flat)
  local map = {}
  for i = 1, #flat, 2 do map[flat[i]] = flat[i + 1] end
  return map
end

local order = fields(redis.call('HGETALL', done))
local function result(more)
  return {'ok', more, tonumber(order.returned or 0), tonumber(order.poison or 0), tonumber(order.trimmed or 0),
    order.dead or '', order.spared or '', order.ids or '', order.others or ''}
end
if order.finished then return result(0) end

local consumers = redis.pcall('XINFO', 'CONSUMERS', stream, group)
if consumers.err then return {'refused', consumers.err} end

local function named(name)
  for i = 12, #ARGV do
    if string.find(name, ARGV[i]) then return true end
  end
  return false
end

local function listed(list, name, most)
  for seen in string.gmatch(list or '', '[^\n]+') do
    if seen == name then return list end
    most = most - 1
  end
  if most <= 0 then return list end
  return (list and list ~= '') and (list .. '\n' .. name) or name
end

local function lay_aside(entry, origin, count, reason, content)
  local letter = {'heal.id', origin, 'heal.reason', reason, 'heal.incident', ARGV[11], 'heal.crashes', tostring(count),
    'heal.deliveries', tostring(entry[4]), 'heal.consumer', entry[2], 'heal.group', group, 'heal.order', ARGV[9]}
  for i = 1, #content do letter[#letter + 1] = content[i] end
  -- the stack of Lua holds no more than a few thousand values at once
  if #letter > 4000 then return false end
  redis.call('XADD', dead, '*', unpack(letter))
  redis.call('XACK', stream, group, entry[1])
  redis.call('HDEL', crashes, entry[1])
  return true
end

local function hand_back(entry, origin, count, content)
  if anew and #content <= 4000 then
    local id = redis.call('XADD', stream, '*', unpack(content))
    redis.call('XACK', stream, group, entry[1])
    redis.call('HDEL', crashes, entry[1])
    if count > 0 then redis.call('HSET', crashes, id, count .. ' ' .. origin) end
    return
  end
  -- idle for as long as can be said: whoever claims what is old takes it at once
  redis.call('XCLAIM', stream, group, entry[2], 0, entry[1], 'IDLE', 2000000000, 'JUSTID')
  if count > 0 then redis.call('HSET', crashes, entry[1], count .. ' ' .. origin) end
end

local function one(entry)
  local id = entry[1]
  local known = redis.call('HGET', crashes, id)
  local count, origin = step, id
  if known then
    local n, first = string.match(known, '^(%d+) (.+)$')
    count, origin = tonumber(n) + step, first
  end
  local found = redis.call('XRANGE', stream, id, id)
  if #found == 0 then
    lay_aside(entry, origin, count, 'its content was trimmed from the stream before it could be handed back', {})
    order.trimmed = (order.trimmed or 0) + 1
  elseif skip and count >= limit and lay_aside(entry, origin, count, ARGV[10], found[1][2]) then
    order.poison = (order.poison or 0) + 1
    order.ids = listed(order.ids, origin, 5)
  else
    hand_back(entry, origin, count, found[1][2])
    order.returned = (order.returned or 0) + 1
  end
  order['at:' .. entry[2]] = id
end

local more = 0
for _, flat in ipairs(consumers) do
  local consumer = fields(flat)
  if not named(consumer.name) then
    order.others = listed(order.others, consumer.name, 5)
  elseif silent >= 0 and consumer.idle < silent then
    order.spared = listed(order.spared, consumer.name, 5)
  elseif consumer.pending > 0 and room > 0 then
    order.dead = listed(order.dead, consumer.name, 5)
    local at = order['at:' .. consumer.name]
    local pending = redis.call('XPENDING', stream, group, at and ('(' .. at) or '-', '+', room, consumer.name)
    for _, entry in ipairs(pending) do one(entry) end
    room = room - #pending
    if room <= 0 then more = 1 end
  elseif consumer.pending > 0 then
    more = 1
  end
end

-- whatever was answered since needs no count any more
if more == 0 then
  local last = '0-0'
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local info = fields(flat)
    if info.name == group then last = info['last-delivered-id'] end
  end
  local function parts(id)
    local ms, seq = string.match(id, '^(%d+)-(%d+)$')
    return tonumber(ms), tonumber(seq)
  end
  local last_ms, last_seq = parts(last)
  for i, id in ipairs(redis.call('HKEYS', crashes)) do
    if i > 1000 then break end
    local ms, seq = parts(id)
    local delivered = ms < last_ms or (ms == last_ms and seq <= last_seq)
    if delivered and #redis.call('XPENDING', stream, group, id, id, 1) == 0 then redis.call('HDEL', crashes, id) end
  end
  order.finished = '1'
end

local flat = {}
for name, value in pairs(order) do
  flat[#flat + 1] = name
  flat[#flat + 1] = tostring(value)
end
if #flat > 0 then redis.call('HSET', done, unpack(flat)) end
redis.call('EXPIRE', done, tonumber(ARGV[8]))
return result(more)
