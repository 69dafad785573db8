import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { announcements, readSearch, searchAnswers, SSDP, SSDP_MAX_AGE } from '../../core/hdhr/ssdp.ts'
import type { SsdpDevice } from '../../core/hdhr/ssdp.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { Announced, AnnouncedDevice } from './announced.ts'
import { bind } from './discovery-socket.ts'
import { ownAddressFor } from './own-address.ts'

/** Answers may wait for a random part of what the search allows, but programs that look for tuners give up soon. */
const LONGEST_WAIT_MS = 2000
/** Searches that wait for their answer at a time. */
const MOST_WAITING = 64

/** What the socket needs. */
export type SsdpOptions = {
  readonly port: number
  /** Address to listen on, for tests; absent: all, as a member of the multicast group. */
  readonly host?: string
  readonly announced: Announced
  /** Whether the whole network is told when devices come and go. */
  readonly announces: boolean
  readonly timers: Timers
  /** 0 … 1. */
  readonly random: () => number
  readonly log: Log
}

/** A socket that answers and announces until it is disposed. */
export type SsdpSocket = AsyncDisposable & { readonly port: number }

/** The devices that listen at this address of ours. */
const devicesAt = (address: string, devices: readonly AnnouncedDevice[]): readonly SsdpDevice[] =>
  devices.flatMap(({ uuid, portAt }) => {
    const port = portAt(address)
    return port === null ? [] : [{ uuid, location: `http://${address}:${port}/device.xml` }]
  })

/**
 * Makes the devices known by SSDP, by which Plex looks for tuners: answers searches of those who may watch without signing
 * in, and announces devices on every interface. Fails with the system's error when the port cannot be had.
 */
export async function openSsdp(options: SsdpOptions): Promise<SsdpSocket> {
  const { announced, timers, random, log } = options
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  await bind(socket, options.port, options.host)
  socket.on('error', (error) => log('warn', 'hdhr-ssdp', { detail: String(error) }))
  const interfaces = options.host === undefined ? joinGroup() : []
  const waiting = new Set<unknown>()

  /** Joins on every interface; where that fails (no multicast there) nobody can look from there either. */
  function joinGroup(): readonly string[] {
    const addresses = Object.values(networkInterfaces())
      .flat()
      .flatMap((card) => (card !== undefined && card.family === 'IPv4' && !card.internal ? [card.address] : []))
    return addresses.filter((address) => {
      try {
        socket.addMembership(SSDP.address, address)
        return true
      } catch {
        return false
      }
    })
  }

  const answer = async (text: string, peer: { address: string; port: number }): Promise<void> => {
    const search = readSearch(text)
    if (search === null || !announced.mayKnow(peer.address) || waiting.size >= MOST_WAITING) return
    const address = await ownAddressFor(peer.address)
    if (address === null) return
    const send = (): void => {
      for (const device of devicesAt(address, announced.devices()))
        for (const reply of searchAnswers(search, device)) socket.send(reply, peer.port, peer.address, () => {})
    }
    const timer = timers.set(
      () => {
        waiting.delete(timer)
        send()
      },
      random() * Math.min(search.maxWaitSeconds * 1000, LONGEST_WAIT_MS),
    )
    waiting.add(timer)
  }

  /** Resolves when the messages have left: the socket may be closed then. */
  const announce = async (kind: 'ssdp:alive' | 'ssdp:byebye'): Promise<void> => {
    for (const address of interfaces) {
      try {
        socket.setMulticastInterface(address)
      } catch {
        continue // the interface has gone
      }
      const messages = devicesAt(address, announced.devices()).flatMap((device) => announcements(kind, device))
      await Promise.all(
        messages.map((text) => new Promise((resolve) => socket.send(text, SSDP.port, SSDP.address, resolve))),
      )
    }
  }

  socket.on('message', (datagram, peer) => {
    const text = new TextDecoder().decode(datagram)
    answer(text, peer).catch((error: unknown) => log('warn', 'hdhr-ssdp', { detail: String(error) }))
  })
  if (options.announces) await announce('ssdp:alive')
  const again = timers.every(() => options.announces && void announce('ssdp:alive'), (SSDP_MAX_AGE / 2) * 1000)
  return {
    port: socket.address().port,
    async [Symbol.asyncDispose]() {
      timers.clearEvery(again)
      for (const timer of waiting) timers.clear(timer)
      if (options.announces) await announce('ssdp:byebye')
      await new Promise<void>((resolve) => socket.close(() => resolve()))
    },
  }
}
