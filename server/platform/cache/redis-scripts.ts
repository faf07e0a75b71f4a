// What must happen in Redis at one moment. Each group is one hash: `floor`, the position below
// which its values are void; and for each value its bytes in `v:NAME`, its position and its end
// (milliseconds of Redis's own clock) in `a:NAME`. Floor and values are evicted together. The state
// of the whole is a hash too: `position` up to where the stream's drops have come, and `floor`, the
// position below which every value is void. Without a state nothing is taken in or given out.

/** KEYS: state, group. ARGV: name. Gives nil, or [position, life in ms, bytes]. */
export const READ = `
local state = redis.call('hmget', KEYS[1], 'position', 'floor')
if not state[1] then return false end
local found = redis.call('hmget', KEYS[2], 'floor', 'a:' .. ARGV[1], 'v:' .. ARGV[1])
if not found[2] or not found[3] then return false end
local as_of, ends = string.match(found[2], '^(%d+) (%d+)$')
local now = redis.call('time')
local life = tonumber(ends) - (now[1] * 1000 + math.floor(now[2] / 1000))
as_of = tonumber(as_of)
if life <= 0 or as_of < tonumber(state[2]) or as_of < tonumber(found[1] or 0) then return false end
return { as_of, life, found[3] }`

/** KEYS: state, group. ARGV: name, position, life in ms, bytes. Gives 1 if kept, -1 without a state. */
export const WRITE = `
local state = redis.call('hmget', KEYS[1], 'position', 'floor')
if not state[1] then return -1 end
local as_of = tonumber(ARGV[2])
local found = redis.call('hmget', KEYS[2], 'floor', 'a:' .. ARGV[1])
local newest = tonumber(string.match(found[2] or '0 0', '^%d+'))
if as_of < tonumber(state[2]) or as_of < tonumber(found[1] or 0) or as_of < newest then return 0 end
local now = redis.call('time')
local ends = now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[3]
redis.call('hset', KEYS[2], 'a:' .. ARGV[1], string.format('%d %d', as_of, ends), 'v:' .. ARGV[1], ARGV[4])
if redis.call('pttl', KEYS[2]) < tonumber(ARGV[3]) then redis.call('pexpire', KEYS[2], ARGV[3]) end
return 1`

/**
 * KEYS: state, then groups. ARGV: after, up to, milliseconds to remember, channel, 'all' | 'part' |
 * 'last'. If nobody told of the stream before `after`, all that is older is void: drops were missed.
 */
export const DROP = `
local state = redis.call('hmget', KEYS[1], 'position', 'floor')
local position, floor = tonumber(state[1] or -1), tonumber(state[2] or 0)
local after, up_to = tonumber(ARGV[1]), tonumber(ARGV[2])
if position >= up_to then
  if position == up_to then redis.call('pexpire', KEYS[1], ARGV[3]) end
  return 0
end
if ARGV[5] == 'all' then floor = up_to
elseif position < after and floor < after then floor = after end
for place = 2, #KEYS do
  redis.call('del', KEYS[place])
  redis.call('hset', KEYS[place], 'floor', up_to)
  redis.call('pexpire', KEYS[place], ARGV[3])
end
if ARGV[5] == 'part' then
  if position >= after then return 0 end
  up_to = after
end
redis.call('hset', KEYS[1], 'position', up_to, 'floor', floor)
redis.call('pexpire', KEYS[1], ARGV[3])
redis.call('publish', ARGV[4], up_to)
return 1`
