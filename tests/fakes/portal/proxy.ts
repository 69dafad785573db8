import { createConnection, createServer } from 'node:net'
import type { Socket } from 'node:net'

/** An HTTP proxy on 127.0.0.1 that makes tunnels (RFC 9110, 9.3.6). */
export interface Proxy extends AsyncDisposable {
  readonly url: string
  /** Whether the connection from this port is one of its own. */
  isOurs(port: number): boolean
  tunnels(): number
  /** Cuts all tunnels and takes no more connections. */
  stop(): Promise<void>
}

/** Starts a proxy. */
export async function startProxy(): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const ports = new Set<number>()
  let tunnels = 0
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((socket) => {
    keep(socket)
    socket.once('data', (head) => {
      const [, host, port] = /^CONNECT ([^:\s]+):(\d+) HTTP\/1\.1\r\n/.exec(head.toString('latin1')) ?? []
      if (host === undefined) return void socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n')
      const far = createConnection({ host, port: Number(port) }, () => {
        ports.add(far.localPort ?? 0)
        tunnels++
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        far.pipe(socket)
        socket.pipe(far)
      })
      keep(far)
      far.on('close', () => socket.destroy())
      socket.on('close', () => far.destroy())
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return {
    url: `http://127.0.0.1:${port}`,
    isOurs: (one) => ports.has(one),
    tunnels: () => tunnels,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
