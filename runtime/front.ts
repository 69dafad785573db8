import type { Log } from '../core/log.ts'
import { createFront } from './edge.ts'
import type { Host } from './host.ts'
import type { House } from './house.ts'
import type { HouseConfig } from './load-config.ts'
import { loadPages } from './pages.ts'

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
  return {
    fetch: createFront({
      config,
      runtime: `${host.name} ${host.version}`,
      outlet: host.outlet,
      pages: await loadPages(),
      peerAddress: host.peerAddress,
      fetch: (url, init) => fetch(url, init),
      log,
      now: Date.now,
    }),
    async opened() {},
    async [Symbol.asyncDispose]() {},
  }
}
