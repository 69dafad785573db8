import * as v from 'valibot'
import { answerLeaseCall, LeaseCall, leasesOver } from '../../core/access/lease-call.ts'
import type { LeaseStore } from '../../core/access/leases.ts'
import type { NonceBook } from '../../core/access/sealed-call.ts'
import { createSqlLeases, LEASE_TABLE } from './sql-leases.ts'

/** What of a Durable Object's storage leases need (Workers, "SQLite-backed Durable Object Storage"). */
export type ObjectStorage = {
  readonly sql: {
    exec(statement: string, ...values: readonly (string | number)[]): { toArray(): Record<string, unknown>[] }
  }
  transactionSync<T>(work: () => T): T
}

/** The binding of a class of Durable Objects. */
export type ObjectNamespace = {
  idFromName(name: string): unknown
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> }
}

/** A call of the front to its object. */
const Message = v.variant('kind', [
  v.strictObject({ kind: v.literal('lease'), call: LeaseCall }),
  v.strictObject({ kind: v.literal('nonce'), nonce: v.string(), until: v.number(), now: v.number() }),
])

const ORIGIN = 'https://leases'

/**
 * The leases of a whole house in one Durable Object: it does one thing at a time, so nothing comes between a question and
 * its answer. A person more or less is a row; one object takes hundreds of calls a second, and knows who watches.
 */
export function createLeaseObject(storage: ObjectStorage): (request: Request) => Promise<Response> {
  const { sql } = storage
  const all = (statement: string, ...values: (string | number)[]) => sql.exec(statement, ...values).toArray()
  sql.exec(LEASE_TABLE)
  sql.exec('create table if not exists nonce (nonce text primary key, until integer not null) strict, without rowid')
  const store = createSqlLeases({ all, transaction: (work) => storage.transactionSync(work) })
  const answer = async (message: v.InferOutput<typeof Message>): Promise<unknown> => {
    if (message.kind === 'lease') return answerLeaseCall(store, message.call)
    all('delete from nonce where until < ?', message.now)
    return (
      all('insert into nonce values (?, ?) on conflict do nothing returning nonce', message.nonce, message.until)
        .length > 0
    )
  }
  return async (request) => Response.json(await answer(v.parse(Message, await request.json())))
}

/** The front's side of it: leases and names of calls in the object of this namespace. */
export function leasesInObject(
  objects: ObjectNamespace,
  now: () => number,
): { readonly store: LeaseStore; readonly nonces: NonceBook } {
  const send = async (message: v.InferOutput<typeof Message>): Promise<unknown> => {
    const object = objects.get(objects.idFromName('house'))
    const response = await object.fetch(ORIGIN, { method: 'POST', body: JSON.stringify(message) })
    if (!response.ok) throw new Error(`The object of leases answers ${response.status}`)
    return response.json()
  }
  return {
    store: leasesOver((call) => send({ kind: 'lease', call })),
    nonces: { isFirst: async (nonce, until) => (await send({ kind: 'nonce', nonce, until, now: now() })) === true },
  }
}
