import { createD1SnapshotStore } from '../adapters/snapshots/d1-store.ts'
import type { D1Database } from '../adapters/snapshots/d1-store.ts'
import { createKvSnapshotStore } from '../adapters/snapshots/kv-store.ts'
import type { KvNamespace } from '../adapters/snapshots/kv-store.ts'
import { createLeaseObject, leasesInObject } from '../adapters/leases/durable-object.ts'
import type { ObjectNamespace, ObjectStorage } from '../adapters/leases/durable-object.ts'
import type { Log } from '../core/log.ts'
import { parseConfig } from '../core/config.ts'
import { Failure } from '../core/errors.ts'
import type { SnapshotStore } from '../core/snapshots/store.ts'
import { toProblem } from '../handlers/problem.ts'
import { streamOutlet } from '../handlers/stream-outlet.ts'
import { createFront, withoutLeasesUrl } from './edge.ts'
import type { Front, FrontLeases } from './edge.ts'
import { readPages } from './pages.ts'
import { ASSETS } from './assets.gen.ts'

type Variables = Readonly<Record<string, unknown>>

const log: Log = (level, event, facts) => console.log(JSON.stringify({ level, event, ...facts }))

let front: Front | null = null

/** Only texts are settings; bindings to other services are not ours to read. */
const texts = (env: Variables): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

const has = (value: unknown, ...methods: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && methods.every((method) => method in value)
const isKv = (value: unknown): value is KvNamespace => has(value, 'get', 'put', 'list')
const isD1 = (value: unknown): value is D1Database => has(value, 'prepare', 'batch')

/** Where snapshots are kept: the database or the namespace that is bound; null: nowhere. */
function storeOf({ DOWNLINK_DB: db, DOWNLINK_KV: kv }: Variables): SnapshotStore | null {
  if (isD1(db)) return createD1SnapshotStore({ db, now: Date.now })
  return isKv(kv) ? createKvSnapshotStore({ kv, now: Date.now }) : null
}

const isObjects = (value: unknown): value is ObjectNamespace => has(value, 'idFromName', 'get')

/** Where leases of adapters are kept: in the class below, if it is bound; null: nowhere. */
const leasesOf = ({ DOWNLINK_LEASES: objects }: Variables): FrontLeases | null =>
  isObjects(objects) ? leasesInObject(objects, Date.now) : null

const assemble = (env: Variables): Front =>
  createFront({
    config: withoutLeasesUrl(
      parseConfig({ file: null, env: texts(env), options: { role: 'gateway' }, sourceSchemas: {} }),
    ),
    runtime: 'workers',
    outlet: streamOutlet,
    pages: readPages(ASSETS),
    // The platform ends the viewer's connection itself and names the viewer; no other proxy is in between.
    peerAddress: (context) => (context as { req?: { raw?: Request } }).req?.raw?.headers.get('cf-connecting-ip') ?? '',
    fetch: (url, init) => fetch(url, init),
    store: storeOf(env),
    leases: leasesOf(env),
    log,
    now: Date.now,
  })

const refuse = (failure: Failure): Response =>
  new Response(JSON.stringify(toProblem(failure)), {
    status: failure.kind.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })

/** What is packed already has to leave as it is: workerd packs every body whose header says `content-encoding` once more. */
function keepPacked(response: Response): Response {
  if (!response.headers.has('content-encoding')) return response
  const { status, headers } = response
  return new Response(response.body, { status, headers, encodeBody: 'manual' } as ResponseInit)
}

/** Durable Object with the leases of the house; bind it as `DOWNLINK_LEASES`, as a class with SQLite (`new_sqlite_classes`). */
export class Leases {
  readonly #answer: (request: Request) => Promise<Response>

  constructor(state: { readonly storage: ObjectStorage }) {
    this.#answer = createLeaseObject(state.storage)
  }

  fetch(request: Request): Promise<Response> {
    return this.#answer(request)
  }
}

/** The front on Workers. Its variables reach it with the first request, so it is assembled then. */
export default {
  async fetch(request: Request, env: Variables): Promise<Response> {
    try {
      front ??= assemble(env)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      // There is no start that could fail: the owner reads the sentence in the log, a viewer only that it is wrong here.
      log('error', error.code, { detail: error.message })
      return refuse(new Failure(error.code, 'The log of this front says more'))
    }
    return keepPacked(await front.fetch(request, env))
  },
}
