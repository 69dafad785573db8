import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { isInNetwork, isLoopback, parseIp, parseNetwork, printIp } from '../../core/access/network.ts'
import type { IpAddress } from '../../core/access/network.ts'
import { Failure } from '../../core/errors.ts'
import { addressKind } from './address-kind.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Who named an address: the owner of this house, or the answer of a source (entry, redirect, logo, guide, HLS child). */
export type NamedBy = 'typed' | 'answered'

/** An address in the form that sockets take. */
export type HostAddress = { readonly address: string; readonly family: 4 | 6 }

/** Gives all addresses of a host name. Rejects when there is no such name. */
export type Resolve = (host: string) => Promise<readonly HostAddress[]>

/** Where we may connect to for a URL. */
export type CheckedHost = {
  /** Not empty; connect to nothing else. */
  readonly addresses: readonly HostAddress[]
  /** They are all in the own network, where no certificate is signed by anybody. */
  readonly isPrivate: boolean
}

/** Decides where a source may send us. */
export interface AddressGuard {
  /**
   * Resolves the host of a URL and leaves the addresses that may be connected to. Fails with `source/forbidden-address`,
   * `source/unreachable` (no such name), or the signal's reason.
   */
  check(url: URL, namedBy: NamedBy, signal: AbortSignal): Promise<CheckedHost>
  /** Whether the owner named the host, as an address of the source or in `allowHosts`. */
  isKnown(url: URL): boolean
  /** Whether the host may be in the own network: it was typed, or the owner allows it. */
  mayBePrivate(url: URL, namedBy: NamedBy): boolean
}

/** What a guard knows. */
export type AddressGuardOptions = {
  /** Hosts that the owner typed as addresses of the source. */
  readonly typedHosts: readonly string[]
  /** Names, addresses or ranges (`192.168.1.0/24`) beside them that may be private. */
  readonly allowHosts: readonly string[]
  /** Ports that this program listens on. */
  readonly ownPorts: () => readonly number[]
  readonly resolve?: Resolve
}

const resolveBySystem: Resolve = async (host) => {
  const found = await lookup(host, { all: true, verbatim: true })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

/** Makes the guard of one source. It is asked anew for every connection: names change their addresses. */
export function createAddressGuard(options: AddressGuardOptions): AddressGuard {
  const { ownPorts, resolve = resolveBySystem } = options
  const known = new Set([...options.typedHosts, ...options.allowHosts].map(plainHost))
  const ranges = options.allowHosts.flatMap((text) => parseNetwork(text) ?? [])

  const isKnown = (url: URL): boolean => known.has(plainHost(url.hostname))
  const mayBePrivate = (url: URL, namedBy: NamedBy): boolean => namedBy === 'typed' || isKnown(url)
  const refusal = (url: URL, address: IpAddress, isTrusted: boolean): string | null => {
    const kind = addressKind(address)
    if (kind === 'never') return 'an address that no source may use'
    if (ownPorts().includes(portOf(url)) && isThisMachine(address)) return 'this program itself'
    const isAllowed = isTrusted || ranges.some((range) => isInNetwork(address, range))
    return kind === 'private' && !isAllowed ? 'an address in the local network' : null
  }
  const addressesOf = async (host: string, signal: AbortSignal): Promise<readonly IpAddress[]> => {
    const literal = parseIp(host)
    if (literal !== null) return [literal]
    try {
      const found = await unlessAborted(signal, resolve(host))
      return found.flatMap(({ address }) => {
        const parsed = parseIp(address)
        return parsed === null ? [] : [parsed]
      })
    } catch (cause) {
      signal.throwIfAborted()
      throw new Failure('source/unreachable', `The host name "${host}" cannot be found`, {}, cause)
    }
  }

  return {
    isKnown,
    mayBePrivate,
    async check(url, namedBy, signal) {
      signal.throwIfAborted()
      const host = plainHost(url.hostname)
      const isTrusted = mayBePrivate(url, namedBy)
      const all = await addressesOf(host, signal)
      const good = all.filter((address) => refusal(url, address, isTrusted) === null)
      if (good.length > 0) {
        const isPrivate = good.every((address) => addressKind(address) === 'private')
        return { addresses: good.map(toHostAddress), isPrivate }
      }
      const [first] = all
      if (first === undefined) throw new Failure('source/unreachable', `The host name "${host}" has no address`)
      throw forbidden(host, refusal(url, first, isTrusted) ?? 'an address that no source may use')
    },
  }
}

/** The failure of a host that we are not to go to. */
export const forbidden = (host: string, what: string): Failure =>
  new Failure('source/forbidden-address', `The source leads to "${host}", which is ${what}`)

/** The host as it is compared: small letters, no dot at the end, no brackets; an address in its usual spelling. */
export function plainHost(host: string): string {
  const bare = host.trim().toLowerCase().replace(/\.$/, '')
  const address = parseIp(bare)
  return address === null ? bare : printIp(address)
}

/** The port that a URL leads to. */
export const portOf = (url: URL): number => (url.port !== '' ? Number(url.port) : url.protocol === 'https:' ? 443 : 80)

function toHostAddress(address: IpAddress): HostAddress {
  const text = printIp(address)
  return { address: text, family: text.includes(':') ? 6 : 4 }
}

/** Whether a connection to the address ends on this machine. */
function isThisMachine(address: IpAddress): boolean {
  if (isLoopback(address)) return true
  const text = printIp(address)
  return Object.values(networkInterfaces()).some((cards) => cards?.some((card) => plainHost(card.address) === text))
}
