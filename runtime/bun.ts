import { runCommand } from './cli.ts'
import type { Host, Listening } from './host.ts'
import { listenOn, reachableUrls } from './listen-address.ts'
import { endWithUnreadBody } from './unread-body.ts'
import { bunOutlet } from './outlet-bun.ts'

type Environment = { readonly server: Bun.Server<undefined>; readonly request: Request }

const host: Host = {
  name: 'bun',
  version: Bun.version,
  outlet: bunOutlet,
  peerAddress: (context) => {
    const env = (context as { env?: Partial<Environment> }).env
    return env?.server && env.request ? (env.server.requestIP(env.request)?.address ?? '') : ''
  },
  serve: async (fetch, addresses): Promise<Listening> => {
    const servers: Bun.Server<undefined>[] = []
    const urls: string[] = []
    for (const address of addresses) {
      const server = await listenOn(address, (hostname) =>
        Bun.serve({
          hostname,
          port: address.port,
          // Silent upstreams and waiting openings are watched by the relay; Bun's own 10 s would cut the viewer.
          idleTimeout: 0,
          // A body that is cut on purpose (the upstream is gone for good) is no reason to print a stack.
          development: false,
          error: () => new Response(null, { status: 500 }),
          async fetch(request, bunServer) {
            // An HTTP/1.0 request without Host arrives with a bare path, which no router understands.
            const whole = request.url.startsWith('/') ? new Request(`http://localhost${request.url}`, request) : request
            return endWithUnreadBody(request, await fetch(whole, { server: bunServer, request } satisfies Environment))
          },
        }),
      )
      servers.push(server)
      urls.push(...reachableUrls({ host: address.host, port: server.port ?? address.port }))
    }
    return {
      urls,
      async stop(graceMs) {
        const cut = setTimeout(() => servers.forEach((server) => void server.stop(true)), graceMs)
        await Promise.all(servers.map((server) => server.stop(false)))
        clearTimeout(cut)
      },
    }
  },
}

await runCommand(host, process.argv.slice(2))
