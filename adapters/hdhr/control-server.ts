import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { ControlDesk } from '../../core/hdhr/control-desk.ts'
import { readControlRequest, writeControlReply } from '../../core/hdhr/control-message.ts'
import { PacketCutter } from '../../core/hdhr/packet.ts'
import type { Announced } from './announced.ts'

/** Clients keep one connection; so many are enough for a house. */
const MOST_CONNECTIONS = 32
const IDLE_MS = 600_000

/** What the server needs. */
export type ControlOptions = {
  readonly port: number
  /** Address to listen on; absent: all. */
  readonly host?: string
  readonly desk: ControlDesk
  readonly announced: Pick<Announced, 'mayKnow'>
}

/** A server that answers until it is disposed. */
export type ControlServer = AsyncDisposable & { readonly port: number }

/**
 * Answers the control port by TCP: many requests in one connection, each with one reply. Whoever may not watch is cut off,
 * and so is whoever sends what is no packet. Fails with the system's error (`EADDRINUSE`).
 */
export async function openControl({ port, host, desk, announced }: ControlOptions): Promise<ControlServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    socket.on('error', () => socket.destroy())
    if (!announced.mayKnow(peer) || sockets.size >= MOST_CONNECTIONS) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.setKeepAlive(true, 30_000)
    socket.setTimeout(IDLE_MS, () => socket.destroy())
    const cutter = new PacketCutter()
    socket.on('data', (chunk: Uint8Array) => {
      try {
        for (const packet of cutter.push(chunk)) {
          const request = readControlRequest(packet)
          if (request !== null) socket.write(writeControlReply(request, desk.answer(request, peer)))
        }
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        socket.destroy()
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host ?? '0.0.0.0', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
