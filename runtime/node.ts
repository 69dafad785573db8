import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runCommand } from './cli.ts'
import type { Host, Listening } from './host.ts'
import { listenOn, reachableUrls } from './listen-address.ts'
import { nodeOutlet } from './outlet-node.ts'

/** Headers that come a byte at a time are not waited for; what a body may take is said where bodies are read. */
const SLOW = { headersTimeout: 15_000, connectionsCheckingInterval: 5_000 }

const host: Host = {
  name: 'node',
  version: process.versions.node,
  outlet: nodeOutlet,
  peerAddress: (context) =>
    (context as { env?: { incoming?: { socket?: { remoteAddress?: string } } } }).env?.incoming?.socket
      ?.remoteAddress ?? '',
  serve: async (fetch, addresses): Promise<Listening> => {
    const servers: Server[] = []
    const urls: string[] = []
    for (const address of addresses) {
      // overrideGlobalObjects off: Request and Response stay the runtime's own for every library.
      const server = createAdaptorServer({ fetch, overrideGlobalObjects: false, serverOptions: SLOW }) as Server
      // A viewer sends one request and then watches for hours.
      server.timeout = 0
      await listenOn(
        address,
        (name) =>
          new Promise<void>((resolve, reject) => {
            server.once('error', reject)
            server.listen(address.port, name, () => {
              server.off('error', reject)
              resolve()
            })
          }),
      )
      servers.push(server)
      urls.push(...reachableUrls({ host: address.host, port: (server.address() as AddressInfo).port }))
    }
    return {
      urls,
      async stop(graceMs) {
        const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
        for (const server of servers) server.closeIdleConnections()
        const cut = setTimeout(() => servers.forEach((server) => server.closeAllConnections()), graceMs)
        await Promise.all(closed)
        clearTimeout(cut)
      },
    }
  },
}

// V8 would let garbage grow to several times of what lives: large lists would cost a small machine its memory.
setFlagsFromString('--heap-growing-percent=60')

await runCommand(host, process.argv.slice(2))
