import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { fileReply, fileSize } from './file.ts'
import { demoPortal } from './model.ts'
import { createPortal, isPlayed } from './create-portal.ts'
import type { Portal, PortalOptions } from './portal.ts'
import type { PortalCall, PortalReply } from './reply.ts'

/** What is on air: hands chunks of TS to `take` until the answer is called. */
export type Air = (channel: number, take: (chunk: Uint8Array) => void) => () => void

/** What a portal is started with. */
export type PortalServerOptions = Partial<Omit<PortalOptions, 'origin'>> &
  Pick<PortalOptions, 'mode' | 'boxes'> & {
    readonly air: Air
    readonly port?: number
    /** Whether a connection from this port is the proxy's; absent: there is none. */
    readonly isProxied?: (port: number) => boolean
  }

/** A simulated portal on 127.0.0.1. */
export interface PortalServer extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly origin: string
  /** What its owner would paste. */
  readonly url: string
  readonly portal: Portal
  /** Open connections of streams. */
  openStreams(): number
}

const BYTES_A_SECOND = 2_000_000

/** Starts a portal; resolves once it accepts connections. */
export async function startPortal(options: PortalServerOptions): Promise<PortalServer> {
  let origin = ''
  const { mode, boxes, now = Date.now, model = demoPortal(), quirks = {} } = options
  const portal = createPortal({ mode, boxes, now, model, quirks, origin: () => origin })
  const sockets = new Set<Socket>()
  const streaming = new Set<ServerResponse>()

  const server = createServer((request, response) => {
    const call = callOf(request, origin, options.isProxied ?? (() => false))
    if (isPlayed(call.url)) return play(call, request, response)
    const done = portal.observer.begin()
    response.on('close', done)
    send(response, portal.answer(call))
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })

  const play = (call: PortalCall, request: IncomingMessage, response: ServerResponse): void => {
    const played = portal.play(call)
    if ('status' in played) return send(response, played)
    const { box, target, fault } = played
    if (fault?.kind === 'status') return send(response, { status: fault.status, headers: {}, body: '' })
    let stop = (): void => {}
    const stream = portal.streams.open(box, () => {
      stop()
      response.end()
    })
    streaming.add(response)
    const leave = (): void => {
      stop()
      stream.close()
      streaming.delete(response)
    }
    response.on('close', leave)
    request.on('error', leave)
    if (target.kind !== 'channel') return send(response, fileReply(call, fileSize(portal, target.id)))
    response.writeHead(200, { 'Content-Type': 'video/mp2t', Connection: 'close' })
    if (fault?.kind === 'silent') return response.flushHeaders()
    stop = options.air(target.id, (chunk) => {
      if (response.writableLength < BYTES_A_SECOND) response.write(chunk)
    })
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    origin,
    url: mode === 'stock4' || mode === 'stock5' ? `${origin}/stalker_portal/c/` : `${origin}/c/`,
    portal,
    openStreams: () => streaming.size,
    async [Symbol.asyncDispose]() {
      portal.streams.endAll()
      await new Promise((resolve) => {
        server.close(resolve)
        for (const socket of sockets) socket.destroy()
      })
    },
  }
}

function send(response: ServerResponse, { status, headers, body }: PortalReply): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

/** The call with names as they were spelled. */
function callOf(request: IncomingMessage, origin: string, isProxied: (port: number) => boolean): PortalCall {
  const { rawHeaders } = request
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, index): [string, string] => [
    rawHeaders[index * 2] ?? '',
    rawHeaders[index * 2 + 1] ?? '',
  ])
  const via = isProxied(request.socket.remotePort ?? 0) ? 'proxy' : 'direct'
  return { method: request.method ?? 'GET', url: new URL(request.url ?? '/', origin), headers, via }
}
