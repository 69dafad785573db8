import { join } from 'node:path'
import { createFolderSnapshotStore } from '../adapters/snapshots/folder-store.ts'
import { Failure } from '../core/errors.ts'
import { openLeases } from '../adapters/leases/registry.ts'
import { createKeyRing } from '../core/access/keys.ts'
import { createMemoryLeases } from '../core/access/memory-leases.ts'
import { systemRandom } from '../core/access/random.ts'
import { createMemoryNonces } from '../core/access/sealed-call.ts'
import type { Log } from '../core/log.ts'
import type { SnapshotStore } from '../core/snapshots/store.ts'
import { makeDataFolder } from './data-folder.ts'
import { createFront } from './edge.ts'
import type { Host } from './host.ts'
import type { House } from './house.ts'
import type { HouseConfig } from './load-config.ts'
import { loadPages } from './pages.ts'

/** How often a front looks for news of its adapter without being asked. */
const LOOK_EVERY_MS = 15_000

/** Assembles the front (role `gateway`) as a process on Node, Bun or Deno. */
export async function assembleFront({
  host,
  config,
  log,
}: {
  readonly host: Host
  readonly config: HouseConfig
  readonly log: Log
}): Promise<House> {
  const now = Date.now
  const { keys } = config.links
  const call = (url: string, init: RequestInit): Promise<Response> => fetch(url, init)
  const shared =
    config.leases.url === null || keys === null
      ? null
      : await openLeases(config.leases.url, { ring: createKeyRing(keys), random: systemRandom, fetch: call, now })
  const front = createFront({
    config,
    runtime: `${host.name} ${host.version}`,
    outlet: host.outlet,
    pages: await loadPages(),
    peerAddress: host.peerAddress,
    store: openSnapshots(config.dataDir, log),
    fetch: call,
    leases: { store: shared ?? createMemoryLeases(), nonces: createMemoryNonces(now) },
    log,
    now,
  })
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    fetch: front.fetch,
    async opened() {
      // A process can look ahead: what it knows is fresh when the adapter goes to sleep, asked or not.
      void front.freshen()
      timer = setInterval(() => void front.freshen(), LOOK_EVERY_MS)
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await shared?.[Symbol.asyncDispose]()
    },
  }
}

/** The data folder, if there may be one: a front goes on without, but begins with nothing when it is started anew. */
function openSnapshots(dataDir: string, log: Log): SnapshotStore | null {
  try {
    makeDataFolder(dataDir)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log('warn', 'snapshots-not-kept', { detail: error.message })
    return null
  }
  return createFolderSnapshotStore({ dir: join(dataDir, 'snapshots'), now: Date.now })
}
