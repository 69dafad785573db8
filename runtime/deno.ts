import process from 'node:process'
import { runCommand } from './cli.ts'
import type { Host, Listening } from './host.ts'
import { listenOn, reachableUrls } from './listen-address.ts'
import { streamOutlet } from '../handlers/stream-outlet.ts'

const host: Host = {
  name: 'deno',
  version: Deno.version.deno,
  outlet: streamOutlet,
  peerAddress: (context) =>
    (context as { env?: { remoteAddr?: { hostname?: string } } }).env?.remoteAddr?.hostname ?? '',
  serve: async (fetch, addresses): Promise<Listening> => {
    const servers: { server: Deno.HttpServer<Deno.NetAddr>; cut: AbortController }[] = []
    const urls: string[] = []
    for (const address of addresses) {
      const cut = new AbortController()
      const server = await listenOn(address, (hostname) =>
        Deno.serve({ hostname, port: address.port, signal: cut.signal, onListen: () => {} }, (request, info) =>
          fetch(request, { remoteAddr: info.remoteAddr }),
        ),
      )
      servers.push({ server, cut })
      urls.push(...reachableUrls({ host: address.host, port: server.addr.port }))
    }
    return {
      urls,
      async stop(graceMs) {
        const timer = setTimeout(() => servers.forEach(({ cut }) => cut.abort()), graceMs)
        await Promise.all(servers.map(({ server }) => server.shutdown()))
        clearTimeout(timer)
      },
    }
  },
}

await runCommand(host, process.argv.slice(2))
