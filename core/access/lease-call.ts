import * as v from 'valibot'
import type { LeaseStore } from './leases.ts'

const MAX_TEXT = 1000
const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT))
const Instant = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const Name = v.strictObject({ id: Text, account: Text })
const Lease = v.strictObject({ ...Name.entries, device: Text, subject: Text, since: Instant, expiresAt: Instant })
const Wish = v.strictObject({
  ...Lease.entries,
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  mayReplace: v.boolean(),
})

/** A call of a `LeaseStore` that is somewhere else, as JSON. */
export const LeaseCall = v.variant('call', [
  v.strictObject({ call: v.literal('acquire'), wish: Wish }),
  v.strictObject({
    call: v.literal('renew'),
    lease: Name,
    times: v.strictObject({ now: Instant, expiresAt: Instant }),
  }),
  v.strictObject({ call: v.literal('release'), lease: Name }),
  v.strictObject({ call: v.literal('list'), now: Instant }),
])

/** A call of a `LeaseStore` that is somewhere else. */
export type LeaseCall = v.InferOutput<typeof LeaseCall>

const Seat = v.nullable(v.object({ replaced: v.nullable(Text) }))

/** Answers a call that has come from elsewhere; the answer is JSON too. */
export async function answerLeaseCall(store: LeaseStore, call: LeaseCall): Promise<unknown> {
  switch (call.call) {
    case 'acquire':
      return store.acquire(call.wish)
    case 'renew':
      return store.renew(call.lease, call.times)
    case 'release':
      await store.release(call.lease)
      return null
    case 'list':
      return store.list(call.now)
    default:
      return call satisfies never
  }
}

/**
 * The store at the other end of `send`, which carries a call there and the answer, unread, back. What is no answer becomes
 * the error that `unreadable` makes of it.
 */
export function leasesOver(
  send: (call: LeaseCall) => Promise<unknown>,
  unreadable: (cause: Error) => Error = (cause) => cause,
): LeaseStore {
  const ask = async <Schema extends v.GenericSchema>(
    schema: Schema,
    call: LeaseCall,
  ): Promise<v.InferOutput<Schema>> => {
    const answer = v.safeParse(schema, await send(call))
    if (answer.success) return answer.output
    throw unreadable(new v.ValiError(answer.issues))
  }
  return {
    acquire: (wish) => ask(Seat, { call: 'acquire', wish }),
    renew: ({ id, account }, times) => ask(v.boolean(), { call: 'renew', lease: { id, account }, times }),
    async release({ id, account }) {
      await send({ call: 'release', lease: { id, account } })
    },
    list: (now) => ask(v.array(Lease), { call: 'list', now }),
  }
}
