import { createServer } from 'node:net'
import type { Socket } from 'node:net'

/** A server of bytes on 127.0.0.1: tells the head of each request and answers what it is told, byte for byte. */
export interface RawServer extends AsyncDisposable {
  readonly port: number
  readonly url: URL
  /** Heads of all requests so far, as they came. */
  readonly heads: readonly string[]
  /** Connections that stand. */
  open(): number
  /** Connections that were ever made. */
  connections(): number
}

/** What is done with the head of a request. */
export type RawReply = (head: string, socket: Socket) => void

/** Starts a server. `reply` is called with every head that came whole. */
export async function startRaw(reply: RawReply): Promise<RawServer> {
  const heads: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    let text = ''
    let isTunnel = false
    socket.on('data', (chunk) => {
      if (isTunnel) return
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end + 2)
        text = text.slice(end + 4)
        heads.push(head)
        isTunnel = head.startsWith('CONNECT ')
        reply(head, socket)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  return {
    port,
    url: new URL(`http://127.0.0.1:${port}/`),
    heads,
    open: () => sockets.size,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The answer with this body and its length. */
export const ok = (body: string, headers = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`
/** A redirect. */
export const redirectTo = (location: string): string =>
  `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`
