import * as v from 'valibot'
import type { Lease, LeaseStore } from '../../core/access/leases.ts'
import { byAccount, seatFor } from '../../core/access/seating.ts'
import type { NonceBook } from '../../core/access/sealed-call.ts'
import { noLeases } from './shared-leases.ts'

/** A key of Deno KV. */
type Key = readonly string[]
type Entry = { readonly value: unknown; readonly versionstamp: string | null }

/** What of Deno KV leases need. */
export type KeyValues = {
  get(key: Key): Promise<Entry>
  list(selector: { readonly prefix: Key }): AsyncIterable<Entry>
  atomic(): Atomic
}
type Atomic = {
  check(entry: { readonly key: Key; readonly versionstamp: string | null }): Atomic
  set(key: Key, value: unknown, options: { readonly expireIn: number }): Atomic
  delete(key: Key): Atomic
  commit(): Promise<{ readonly ok: boolean }>
}

const PREFIX: Key = ['downlink', 'lease']
const NONCES: Key = ['downlink', 'call']
/** What nobody asks about any more goes by itself, this long after its end. */
const SLACK_MS = 60_000
/** Others change a person's leases at the same moment: so often it is tried again before that is a failure. */
const MOST_TRIES = 50

const Leases = v.array(
  v.object({
    id: v.string(),
    account: v.string(),
    device: v.string(),
    subject: v.string(),
    since: v.number(),
    expiresAt: v.number(),
  }),
)

/** What becomes of a person's leases: the new ones (undefined: as they are), and the answer to the caller. */
type Change<T> = { readonly leases?: readonly Lease[]; readonly answer: T }

/** Leases in Deno KV: one entry a person, changed only if nobody else has changed it since it was read. */
export function createKvLeases(kv: KeyValues): LeaseStore {
  /** Callers of this process take turns, so that only other processes are in each other's way. */
  const turns = new Map<string, Promise<unknown>>()

  const inTurn = async <T>(account: string, work: () => Promise<T>): Promise<T> => {
    const before = turns.get(account) ?? Promise.resolve()
    const turn = before.then(work, work)
    turns.set(account, turn)
    try {
      return await turn
    } finally {
      if (turns.get(account) === turn) turns.delete(account)
    }
  }

  const change = <T>(account: string, now: number | null, decide: (held: readonly Lease[]) => Change<T>): Promise<T> =>
    inTurn(account, async () => {
      const key = [...PREFIX, account]
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const entry = await kv.get(key)
        const { leases, answer } = decide(entry.value === null ? [] : v.parse(Leases, entry.value))
        if (leases === undefined) return answer
        const last = Math.max(...leases.map(({ expiresAt }) => expiresAt))
        const step = kv.atomic().check({ key, versionstamp: entry.versionstamp })
        const first = now ?? Math.max(...leases.map(({ since }) => since))
        const begun =
          leases.length === 0 ? step.delete(key) : step.set(key, leases, { expireIn: last - first + SLACK_MS })
        if ((await begun.commit()).ok) return answer
      }
      throw noLeases('Deno KV is changed by too many at once')
    })

  return {
    acquire: (wish) =>
      change(wish.account, wish.since, (held) => {
        const seating = seatFor(held, wish)
        if (seating === null) return { answer: null }
        const { lease, replaced } = seating
        const others = held.filter(({ id, expiresAt }) => expiresAt > wish.since && id !== replaced && id !== lease.id)
        return { leases: [...others, lease], answer: { replaced } }
      }),
    renew: ({ id, account }, { now, expiresAt }) =>
      change(account, now, (held) => {
        const alive = held.filter((lease) => lease.expiresAt > now)
        if (!alive.some((lease) => lease.id === id)) return { answer: false }
        return { leases: alive.map((lease) => (lease.id === id ? { ...lease, expiresAt } : lease)), answer: true }
      }),
    release: ({ id, account }) =>
      change(account, null, (held) =>
        held.some((lease) => lease.id === id)
          ? { leases: held.filter((lease) => lease.id !== id), answer: undefined }
          : { answer: undefined },
      ),
    async list(now) {
      const found: Lease[] = []
      for await (const { value } of kv.list({ prefix: PREFIX })) found.push(...v.parse(Leases, value))
      return found.filter(({ expiresAt }) => expiresAt > now).toSorted(byAccount)
    },
  }
}

/** Names of calls in Deno KV, for fronts of which many run at once. */
export function createKvNonces(kv: KeyValues, now: () => number): NonceBook {
  return {
    async isFirst(nonce, until) {
      const key = [...NONCES, nonce]
      const expireIn = Math.max(until - now(), 0) + SLACK_MS
      const { ok } = await kv.atomic().check({ key, versionstamp: null }).set(key, 1, { expireIn }).commit()
      return ok
    },
  }
}
