import { networkInterfaces } from 'node:os'
import type { ListenAddress } from '../core/config.ts'

/** Addresses by which people reach a listening socket, the easiest first: localhost, then the LAN's IPv4 addresses. */
export function reachableUrls(address: ListenAddress): string[] {
  const url = (host: string): string => `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`
  if (address.host !== null && address.host !== '::' && address.host !== '0.0.0.0') return [url(address.host)]
  const lan = Object.values(networkInterfaces())
    .flat()
    .filter((card) => card !== undefined && card.family === 'IPv4' && !card.internal)
    .map((card) => url(card?.address ?? 'localhost'))
  return [url('localhost'), ...lan]
}

/** Error codes that say "this machine has no IPv6", after which listening on all interfaces means IPv4 only. */
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'])

/**
 * Calls `listen` for a host name the runtime understands: the given one, or for "every interface" the IPv6 wildcard
 * (which takes IPv4 too) and, on a machine without IPv6, the IPv4 one.
 */
export async function listenOn<T>(address: ListenAddress, listen: (host: string) => T | Promise<T>): Promise<T> {
  if (address.host !== null) return await listen(address.host)
  try {
    return await listen('::')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!NO_IPV6.has(code)) throw error
    return await listen('0.0.0.0')
  }
}

/** A place where this program listens; `host` null: at every address of the machine. */
export type ListenPlace = { readonly host: string | null; readonly port: number }

/** The place that one of `reachableUrls` stands for: who listens everywhere is reached as `localhost`. */
export function placeOf(url: string): ListenPlace {
  const { hostname, port } = new URL(url)
  return { host: hostname === 'localhost' ? null : hostname.replace(/^\[|\]$/g, ''), port: Number(port || '80') }
}

/** The port at which the program is reached by this address of the machine, `preferred` if it is one; null: it is not. */
export function portAt(places: readonly ListenPlace[], address: string, preferred: number): number | null {
  const ports = places.filter(({ host }) => host === null || host === address).map(({ port }) => port)
  return ports.find((port) => port === preferred) ?? ports[0] ?? null
}
