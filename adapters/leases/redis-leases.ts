import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { Lease } from '../../core/access/leases.ts'
import { byAccount } from '../../core/access/seating.ts'
import { Failure } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { ACQUIRE, RENEW } from './redis-scripts.ts'
import { openRedis } from './redis-wire.ts'
import type { RedisWire } from './redis-wire.ts'
import { ANSWER_WITHIN_MS, answerWithin, codeOf, noLeases } from './shared-leases.ts'
import type { LeasePorts, SharedLeases } from './shared-leases.ts'

/** A person's leases are one key, so each script is about one slot of a cluster. */
const PREFIX = 'downlink:lease:{'
const SUFFIX = '}'
const keyOf = (account: string): string => PREFIX + account + SUFFIX

const SCAN_AT_ONCE = '500'

const Stored = v.tuple([v.string(), v.string(), v.pipe(v.string(), v.toNumber()), v.pipe(v.string(), v.toNumber())])
const Fields = v.union([v.array(v.string()), v.pipe(v.record(v.string(), v.string()), v.transform(flat))])
const Scanned = v.tuple([v.union([v.string(), v.number()]), v.array(v.string())])
const Version = v.fallback(v.string(), '')

type Script = { readonly text: string; readonly sha1: string }

const script = (text: string): Script => ({ text, sha1: createHash('sha1').update(text).digest('hex') })

/**
 * Leases in Redis 6 or newer, or in Valkey; also in a cluster, of which the address names one server.
 *
 * `url`: `redis://user:password@host:6379/0`, `rediss://…` for TLS.
 */
export function createRedisLeases(url: Secret, { now }: LeasePorts): SharedLeases {
  const acquire = script(ACQUIRE)
  const renew = script(RENEW)
  let opening: Promise<RedisWire> | null = null

  const wire = async (): Promise<RedisWire> => {
    const begun = (opening ??= openRedis(url.reveal()))
    try {
      return await begun
    } catch (error) {
      if (opening === begun) opening = null
      throw error
    }
  }

  const ask = async <T>(work: (open: RedisWire) => Promise<T>): Promise<T> => {
    try {
      return await answerWithin(ANSWER_WITHIN_MS, 'The Redis server takes too long', async () => work(await wire()))
    } catch (error) {
      throw explain(error)
    }
  }

  const run = ({ text, sha1 }: Script, account: string, values: readonly (string | number)[]): Promise<unknown> =>
    ask(async ({ send }) => {
      const key = keyOf(account)
      const rest = ['1', key, ...values.map(String)]
      try {
        return await send(key, ['EVALSHA', sha1, ...rest])
      } catch (error) {
        // A server that was started anew, or another one of the cluster, does not know the script yet.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
        return send(key, ['EVAL', text, ...rest])
      }
    })

  return {
    async acquire({ account, id, device, subject, since, expiresAt, limit, mayReplace }) {
      const answer = await run(acquire, account, [id, device, subject, since, expiresAt, limit, mayReplace ? 1 : 0])
      const [isSeated, replaced] = v.parse(v.array(v.union([v.number(), v.string()])), answer)
      if (isSeated !== 1) return null
      return { replaced: replaced === undefined ? null : String(replaced) }
    },
    async renew({ account, id }, times) {
      return (await run(renew, account, [id, times.now, times.expiresAt])) === 1
    },
    async release({ account, id }) {
      const key = keyOf(account)
      await ask(({ send }) => send(key, ['HDEL', key, id]))
    },
    async list(at) {
      const found = new Map<string, Lease>()
      await ask(async ({ send, servers }) => {
        for (const server of await servers())
          for await (const key of scan(server))
            for (const lease of readLeases(key, await send(key, ['HGETALL', key])))
              if (lease.expiresAt > at) found.set(JSON.stringify([lease.account, lease.id]), lease)
      })
      return [...found.values()].toSorted(byAccount)
    },
    async check() {
      const started = now()
      return ask(async ({ servers }) => {
        const [server = () => Promise.resolve('')] = await servers()
        const [seconds, micros] = v.parse(v.array(v.union([v.string(), v.number()])), await server(['TIME']))
        const info = await server(['INFO', 'server']).catch(() => '')
        const clock = Number(seconds) * 1000 + Number(micros) / 1000
        return { product: productOf(v.parse(Version, info)), aheadMs: Math.round(clock - (started + now()) / 2) }
      })
    },
    async [Symbol.asyncDispose]() {
      const open = opening
      opening = null
      // One that never opened has nothing to close.
      await open?.then(
        (found) => found[Symbol.asyncDispose](),
        () => {},
      )
    },
  }
}

async function* scan(server: (command: readonly string[]) => Promise<unknown>): AsyncGenerator<string> {
  let cursor = '0'
  do {
    const answer = await server(['SCAN', cursor, 'MATCH', `${PREFIX}*`, 'COUNT', SCAN_AT_ONCE])
    const [next, keys] = v.parse(Scanned, answer)
    yield* keys
    cursor = String(next)
  } while (cursor !== '0')
}

function readLeases(key: string, answer: unknown): Lease[] {
  const account = key.slice(PREFIX.length, -SUFFIX.length)
  const fields = v.parse(Fields, answer)
  return fields.flatMap((id, at): Lease[] => {
    const text = fields[at + 1]
    if (at % 2 === 1 || text === undefined) return []
    const [device, subject, since, expiresAt] = v.parse(Stored, JSON.parse(text))
    return [{ id, account, device, subject, since, expiresAt }]
  })
}

/** RESP 3 gives a hash as a map, RESP 2 as a list of names and values. */
function flat(hash: Readonly<Record<string, string>>): string[] {
  return Object.entries(hash).flat()
}

function productOf(info: string): string {
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1]
  const redis = /^redis_version:(\S+)/m.exec(info)?.[1] ?? ''
  return valkey === undefined ? `Redis ${redis}`.trimEnd() : `Valkey ${valkey}`
}

/** What the owner can do something about, by the first word of the server's answer, the system's word or the client's error. */
const REASONS: Readonly<Record<string, string>> = {
  WRONGPASS: 'refuses the user name or the password',
  NOAUTH: 'wants a password',
  NOPERM: 'does not let this user do what leases need',
  LOADING: 'is starting',
  READONLY: 'is a copy that takes no changes',
  OOM: 'has no memory left',
  ECONNREFUSED: 'is not there: nobody listens at its address',
  ENOTFOUND: 'is not there: its host name is unknown',
}

function explain(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const [word = ''] = /^[A-Z]+(?= )/.exec(error.message) ?? []
  const reason = REASONS[word] ?? REASONS[codeOf(error)]
  return noLeases(`The Redis server ${reason ?? 'cannot be asked: the connection is broken'}`, error)
}
