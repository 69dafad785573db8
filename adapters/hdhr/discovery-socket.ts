import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { MAX_BASE_URL, readDiscoverRequest, writeDiscoverReply } from '../../core/hdhr/discovery.ts'
import type { Log } from '../../core/log.ts'
import type { Announced } from './announced.ts'
import { ownAddressFor } from './own-address.ts'

/** The port on which devices are looked for. */
export const HDHR_PORT = 65_001

/** What the socket needs. */
export type DiscoveryOptions = {
  /** 0: the system chooses. */
  readonly port: number
  /** Address to listen on; absent: all. */
  readonly host?: string
  readonly announced: Announced
  readonly log: Log
}

/** A socket that answers searches until it is disposed. */
export type DiscoverySocket = AsyncDisposable & { readonly port: number }

/**
 * Answers searches for tuners by UDP: one datagram a device, at once (clients wait 200 ms), from the port that was asked.
 *
 * Broadcast reaches it where the network lets it through: not into a container with a network of its own. Several such
 * programs on one machine share the port. Fails with the system's error (`EADDRINUSE`, `EACCES`).
 */
export async function openDiscovery({ port, host, announced, log }: DiscoveryOptions): Promise<DiscoverySocket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  await bind(socket, port, host)
  socket.on('error', (error) => log('warn', 'hdhr-discovery', { detail: String(error) }))

  const answer = async (datagram: Uint8Array, peer: { address: string; port: number }): Promise<void> => {
    const request = readDiscoverRequest(datagram)
    if (request === null || !announced.mayKnow(peer.address)) return
    const asked = announced.devices().filter(({ id }) => request.deviceId === null || request.deviceId === id)
    if (asked.length === 0) return
    const address = await ownAddressFor(peer.address)
    if (address === null || (request.deviceId === null && !announced.answersAny(address))) return
    for (const device of asked) {
      const port = device.portAt(address)
      const baseUrl = `http://${address}:${port}`
      if (port === null || baseUrl.length > MAX_BASE_URL) continue
      const reply = writeDiscoverReply({ deviceId: device.id, tunerCount: device.tunerCount, baseUrl })
      // The peer may be gone: UDP has no other way to hear of it.
      socket.send(reply, peer.port, peer.address, () => {})
    }
  }

  socket.on('message', (datagram, peer) => {
    answer(datagram, peer).catch((error: unknown) => log('warn', 'hdhr-discovery', { detail: String(error) }))
  })
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

/** Binds a socket; fails with the system's error. */
export function bind(socket: Socket, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      socket.close()
      reject(error)
    }
    socket.once('error', failed)
    socket.bind(port, host, () => {
      socket.off('error', failed)
      resolve()
    })
  })
}
