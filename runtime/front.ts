import type { Log } from '../core/log.ts'
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
  const front = createFront({
    config,
    runtime: `${host.name} ${host.version}`,
    outlet: host.outlet,
    pages: await loadPages(),
    peerAddress: host.peerAddress,
    fetch: (url, init) => fetch(url, init),
    log,
    now: Date.now,
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
    },
  }
}
