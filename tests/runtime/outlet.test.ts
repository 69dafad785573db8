import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { streamOutlet } from '../../handlers/stream-outlet.ts'
import { bunOutlet } from '../../runtime/outlet-bun.ts'
import { nodeOutlet } from '../../runtime/outlet-node.ts'
import { testOutlet } from '../conformance/outlet.ts'
import type { ServeOutlet } from '../conformance/outlet.ts'

type Fetch = (request: Request) => Response | Promise<Response>
type BunServer = { readonly port: number; stop(cut: boolean): Promise<void> }
type DenoServer = { readonly addr: { readonly port: number }; readonly finished: Promise<void> }
type Runtimes = {
  readonly Bun?: { serve(options: object): BunServer }
  readonly Deno?: { serve(options: object, fetch: Fetch): DenoServer }
}

const { Bun, Deno } = globalThis as Runtimes

const onNode: ServeOutlet = async (fetch) => {
  const server = createAdaptorServer({
    fetch: (request, env) => fetch(request, env),
    overrideGlobalObjects: false,
  }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

if (Bun) {
  testOutlet('bunOutlet', bunOutlet, async (fetch) => {
    const answer: Fetch = (request) => fetch(request, {})
    // As runtime/bun.ts has it: HTTP/1.0 requests may come with a bare path.
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: answer })
    return { port: server.port, stop: () => server.stop(true) }
  })
} else if (Deno) {
  testOutlet('streamOutlet', streamOutlet, async (fetch) => {
    const cut = new AbortController()
    const options = { port: 0, hostname: '127.0.0.1', signal: cut.signal, onListen: () => {} }
    const server = Deno.serve(options, (request) => fetch(request, {}))
    return {
      port: server.addr.port,
      async stop() {
        cut.abort()
        await server.finished
      },
    }
  })
} else {
  testOutlet('nodeOutlet', nodeOutlet, onNode)
  // What an outlet falls back to where it does not get Node's response.
  testOutlet('streamOutlet', streamOutlet, onNode)
}
