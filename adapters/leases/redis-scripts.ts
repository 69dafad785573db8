/**
 * What of leases in Redis has to be one step. A person's leases are one hash: id → `[device, subject, since, expiresAt]`
 * in JSON, numbers as texts. The hash goes by itself a minute after the last of them has ended.
 *
 * The rule itself is that of `core/access/seating.ts`; `ARGV` in the order of the calls in `redis-leases.ts`.
 */
const SLACK_MS = 60_000

/** Gives `[0]`, `[1]` or `[1, id that was replaced]`. */
export const ACQUIRE = `
local id, device, subject = ARGV[1], ARGV[2], ARGV[3]
local since, expires, limit, may_replace = ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7] == '1'
local rows = redis.call('HGETALL', KEYS[1])
local held, last, victim = 0, tonumber(expires), nil
local own = redis.call('HGET', KEYS[1], id)
if own and tonumber(cjson.decode(own)[4]) <= tonumber(since) then own = false end
for at = 1, #rows, 2 do
  local row = cjson.decode(rows[at + 1])
  local ends = tonumber(row[4])
  if ends <= tonumber(since) then
    redis.call('HDEL', KEYS[1], rows[at])
  else
    held = held + 1
    if ends > last then last = ends end
    if may_replace and row[1] == device then
      local began = tonumber(row[3])
      if not victim or began < victim.since or (began == victim.since and rows[at] < victim.id) then
        victim = { id = rows[at], since = began }
      end
    end
  end
end
if own then
  since = cjson.decode(own)[3]
  victim = nil
elseif held < limit then
  victim = nil
elseif victim then
  redis.call('HDEL', KEYS[1], victim.id)
else
  return { 0 }
end
redis.call('HSET', KEYS[1], id, cjson.encode({ device, subject, since, expires }))
redis.call('PEXPIRE', KEYS[1], last - tonumber(ARGV[4]) + ${SLACK_MS})
if victim then return { 1, victim.id } end
return { 1 }`

/** Gives 1, or 0 where there is nothing to prolong. */
export const RENEW = `
local id, now, expires = ARGV[1], ARGV[2], ARGV[3]
local text = redis.call('HGET', KEYS[1], id)
if not text then return 0 end
local row = cjson.decode(text)
if tonumber(row[4]) <= tonumber(now) then return 0 end
row[4] = expires
redis.call('HSET', KEYS[1], id, cjson.encode(row))
local left = tonumber(expires) - tonumber(now) + ${SLACK_MS}
if redis.call('PTTL', KEYS[1]) < left then redis.call('PEXPIRE', KEYS[1], left) end
return 1`
