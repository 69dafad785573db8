import { createDenoKvSnapshotStore } from '../adapters/snapshots/deno-kv-store.ts'
import type { Log } from '../core/log.ts'
import { parseConfig } from '../core/config.ts'
import { Failure } from '../core/errors.ts'
import type { SnapshotStore } from '../core/snapshots/store.ts'
import { streamOutlet } from '../handlers/stream-outlet.ts'
import { createFront } from './edge.ts'
import type { Front } from './edge.ts'
import { readPages } from './pages.ts'
import { ASSETS } from './assets.gen.ts'

const log: Log = (level, event, facts) => console.log(JSON.stringify({ level, event, ...facts }))

/** Deno KV, where the project has a database; null: it has none. */
async function openStore(): Promise<SnapshotStore | null> {
  if (!('openKv' in Deno)) return null
  try {
    const kv = await Deno.openKv()
    return createDenoKvSnapshotStore({ kv, now: Date.now })
  } catch (error) {
    log('warn', 'snapshots-not-kept', { error: error instanceof Error ? error.message : String(error) })
    return null
  }
}

const assemble = (store: SnapshotStore | null): Front =>
  createFront({
    config: parseConfig({ file: null, env: Deno.env.toObject(), options: { role: 'gateway' }, sourceSchemas: {} }),
    runtime: `deno ${Deno.version.deno}`,
    outlet: streamOutlet,
    pages: readPages(ASSETS),
    peerAddress: (context) =>
      (context as { env?: { remoteAddr?: { hostname?: string } } }).env?.remoteAddr?.hostname ?? '',
    fetch: (url, init) => fetch(url, init),
    store,
    log,
    now: Date.now,
  })

/** The front on Deno Deploy, which chooses the port itself; elsewhere `PORT` says it. */
async function start(): Promise<void> {
  const { fetch } = assemble(await openStore())
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
