import { createAdaptorServer } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import { streamOutlet } from '../../handlers/stream-outlet.ts'
import { bunOutlet } from '../../runtime/outlet-bun.ts'
import { nodeOutlet } from '../../runtime/outlet-node.ts'
import { benchApp } from './gateway.ts'

// `server.ts ORIGIN_PORT` on any runtime, served as `runtime/` does it. Prints its port.

type Serve<Options> = {
  readonly serve: (options: Options, handler?: (request: Request) => unknown) => { port: number }
}
type Runtimes = {
  readonly Bun?: Serve<object>
  readonly Deno?: Serve<object>
}

const { Bun, Deno } = globalThis as Runtimes
const origin = Number(process.argv[2])
const print = (port: number): void => console.log(port)

if (Bun) {
  const app = benchApp(bunOutlet, origin)
  const fetch = (request: Request): unknown => app.fetch(request)
  print(Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch }).port)
} else if (Deno) {
  const app = benchApp(streamOutlet, origin)
  const onListen = ({ port }: { port: number }): void => print(port)
  Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, (request) => app.fetch(request))
} else {
  const { fetch } = benchApp(nodeOutlet, origin)
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false })
  server.listen(0, '127.0.0.1', () => print((server.address() as AddressInfo).port))
}
