import { createDenoKvSnapshotStore } from '../adapters/snapshots/deno-kv-store.ts'
import { createKvLeases, createKvNonces } from '../adapters/leases/deno-kv.ts'
import { createMemoryLeases } from '../core/access/memory-leases.ts'
import { createMemoryNonces } from '../core/access/sealed-call.ts'
import type { Log } from '../core/log.ts'
import { parseConfig } from '../core/config.ts'
import { Failure } from '../core/errors.ts'
import { streamOutlet } from '../handlers/stream-outlet.ts'
import { createFront, withoutLeasesUrl } from './edge.ts'
import type { Front, FrontLeases } from './edge.ts'
import { readPages } from './pages.ts'
import { ASSETS } from './assets.gen.ts'

const log: Log = (level, event, facts) => console.log(JSON.stringify({ level, event, ...facts }))

/** Deno KV, where the project has a database; null: it has none. */
async function openKv(): Promise<Deno.Kv | null> {
  if (!('openKv' in Deno)) return null
  try {
    return await Deno.openKv()
  } catch (error) {
    log('warn', 'no-kv', {
      detail: 'Snapshots are not kept, and leases of adapters are counted by this process alone',
      error: error instanceof Error ? error.message : String(error),
    })
    return null
  }
}

const leasesIn = (kv: Deno.Kv | null, now: () => number): FrontLeases =>
  kv === null
    ? { store: createMemoryLeases(), nonces: createMemoryNonces(now) }
    : { store: createKvLeases(kv), nonces: createKvNonces(kv, now) }

const assemble = (kv: Deno.Kv | null): Front =>
  createFront({
    config: withoutLeasesUrl(
      parseConfig({ file: null, env: Deno.env.toObject(), options: { role: 'gateway' }, sourceSchemas: {} }),
    ),
    runtime: `deno ${Deno.version.deno}`,
    outlet: streamOutlet,
    pages: readPages(ASSETS),
    peerAddress: (context) =>
      (context as { env?: { remoteAddr?: { hostname?: string } } }).env?.remoteAddr?.hostname ?? '',
    fetch: (url, init) => fetch(url, init),
    store: kv === null ? null : createDenoKvSnapshotStore({ kv, now: Date.now }),
    leases: leasesIn(kv, Date.now),
    log,
    now: Date.now,
  })

/** The front on Deno Deploy, which chooses the port itself; elsewhere `PORT` says it. */
async function start(): Promise<void> {
  const { fetch } = assemble(await openKv())
  Deno.serve(
    {
      port: Number(Deno.env.get('PORT') ?? 8000),
      onListen: ({ port }) => console.log(JSON.stringify({ event: 'listening', urls: [`http://localhost:${port}/`] })),
    },
    (request, info) => fetch(request, { remoteAddr: info.remoteAddr }),
  )
}

try {
  await start()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(`downlink: ${error.message}`)
  Deno.exit(2)
}
