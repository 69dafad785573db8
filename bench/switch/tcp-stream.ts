import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Failure } from '../../core/errors.ts'
import type { OpenRequest, StreamOpener, SlotRule } from '../../core/live/upstream.ts'
import type { Hub } from '../../core/live/hub.ts'
import type { Channel } from '../../core/lineup/channel.ts'

/** Opens streams over TCP with one HTTP/1.0 request each; `place` says where a stream is. */
export function tcpOpener(
  place: (item: string) => { readonly port: number; readonly path: string },
): StreamOpener & SlotRule {
  return {
    slots: () => null,
    open({ stream, sink, signal }: OpenRequest) {
      const { port, path } = place(stream.item)
      return new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n`))
        let isOpen = false
        let head = Buffer.alloc(0)
        const close = (): void => void socket.destroy()
        signal.addEventListener('abort', close, { once: true })
        socket.setNoDelay(true)
        socket.on('error', () => {})
        socket.on('close', () => {
          const failure = new Failure('live/ended', 'The source ended the stream')
          if (isOpen) sink.end(failure)
          else reject(failure)
        })
        socket.on('data', (bytes) => {
          if (isOpen) {
            sink.data(new Uint8Array(bytes))
            return
          }
          head = Buffer.concat([head, bytes])
          const end = head.indexOf('\r\n\r\n')
          if (end < 0) return
          isOpen = true
          sink.data(new Uint8Array(head.subarray(end + 4)))
          resolve({ programNumber: null, clearWithinMs: 3000, close })
        })
      })
    },
  }
}

/** Serves a hub's channel over TCP to any number of connections, each from a key frame on, as panels and gateways do. */
export async function serveWarm(
  hub: Hub,
  channel: Channel,
): Promise<{ port: number; cut: () => number; close: () => void }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    const gone = new AbortController()
    socket.on('close', () => {
      sockets.delete(socket)
      gone.abort()
    })
    socket.once('data', () => {
      socket.write('HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n')
      const sink = { write: (bytes: Uint8Array) => (socket.write(bytes), true), close: () => void socket.end() }
      hub
        .watch(channel, { mode: 'ts', user: null, address: '127.0.0.1' }, () => sink, gone.signal)
        .then(
          (seat) => gone.signal.addEventListener('abort', () => seat.leave()),
          () => socket.destroy(),
        )
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      const count = sockets.size
      for (const socket of sockets) socket.destroy()
      return count
    },
    close: () => void server.close(),
  }
}
