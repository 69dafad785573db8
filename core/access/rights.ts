import { isInNetwork, isLoopback, isPrivate, parseIp, printIp } from './network.ts'
import type { IpAddress, Network } from './network.ts'

/** Who may watch without signing in. */
export type Anonymous = 'none' | 'loopback' | 'lan'

/** What the owner wrote down about callers (`access.*`). */
export type CallRules = {
  readonly anonymous: Anonymous
  readonly trustedProxies: readonly Network[]
  /** Names accepted in `Host` beside IP literals and `localhost`; lower-case, without port. */
  readonly hosts: readonly string[]
}

/** What a call shows of where it comes from. */
export type Standing = {
  /** The caller's address for logs and status: the socket's own, or what a trusted proxy says; '' if unknown. */
  readonly address: string
  /** `loopback` and `lan` are rights, not just addresses: a doubt makes `remote`. */
  readonly nearness: 'loopback' | 'lan' | 'remote'
  /** Whether anybody there may watch without signing in. */
  readonly mayWatch: boolean
  /** Whether `Host` is one that this house answers to. */
  readonly knownHost: boolean
  /** Whether the headers come from a proxy that the owner trusts. */
  readonly proxied: boolean
}

const FORWARDING = /^(forwarded|via|x-real-ip|x-forwarded-.*|cf-.*)$/

/** Whether some header says that somebody stands between the caller and us. */
export function isForwarded(headers: Headers): boolean {
  for (const name of headers.keys()) if (FORWARDING.test(name)) return true
  return false
}

/** The host of a `Host` header without its port, lower-case; null if there is none or it cannot be read. */
export function hostName(host: string | null): string | null {
  const match = /^(\[[0-9a-f:.%]+\]|[^:/?#@\\\s[\]]+)(?::(\d{1,5}))?$/i.exec(host ?? '')
  if (Number(match?.[2] ?? 0) > 0xffff) return null // no URL has such a port, and ours are made of this header
  return match?.[1]?.toLowerCase().replace(/(?<=[^.])\.$/, '') ?? null
}

/** Whether a host is an IP literal, `localhost` or one of the configured names: one that no stranger's DNS can point here. */
export function isKnownHost(host: string | null, hosts: readonly string[]): boolean {
  const name = hostName(host)
  return name !== null && (name === 'localhost' || parseIp(name) !== null || hosts.includes(name))
}

/**
 * Judges a call by the socket's own peer address and its headers (contract §3.1).
 *
 * Rights of loopback and LAN need all of: the socket's own address; no forwarding header from an untrusted peer;
 * a `Host` that is an IP literal, `localhost` or a configured name; `Sec-Fetch-Site` not `cross-site`.
 * Behind a trusted proxy the nearest address of `X-Forwarded-For` that is not itself a trusted proxy counts; it can give
 * the rights of the LAN, never those of loopback, and a proxy that does not say for whom it asks gives none.
 */
export function judgeCall(peer: string, headers: Headers, rules: CallRules): Standing {
  const socket = parseIp(peer)
  const proxied = socket !== null && rules.trustedProxies.some((network) => isInNetwork(socket, network))
  const caller = proxied ? forwardedFor(headers, rules.trustedProxies) : socket
  const knownHost = isKnownHost(headers.get('host'), rules.hosts)
  const doubt = (!proxied && isForwarded(headers)) || !knownHost || headers.get('sec-fetch-site') === 'cross-site'
  const nearness = doubt || caller === null ? 'remote' : nearnessOf(caller, proxied)
  return {
    address: caller === null ? peer : printIp(caller),
    nearness,
    mayWatch: mayWatch(nearness, rules.anonymous),
    knownHost,
    proxied,
  }
}

/**
 * Whether a call comes from one of these addresses without anything that casts doubt on it, as `judgeCall` has it: the
 * owner lets them in without signing in.
 */
export function isAdmitted(peer: string, headers: Headers, rules: CallRules, admitted: readonly Network[]): boolean {
  const { address, knownHost, proxied } = judgeCall(peer, headers, rules)
  const ip = parseIp(address)
  const doubt = (!proxied && isForwarded(headers)) || !knownHost || headers.get('sec-fetch-site') === 'cross-site'
  return !doubt && ip !== null && admitted.some((network) => isInNetwork(ip, network))
}

/** Whether somebody at this address of a socket may watch without signing in: by the rules, or as one of the admitted. */
export function mayAddressWatch(peer: string, anonymous: Anonymous, admitted: readonly Network[]): boolean {
  const ip = parseIp(peer)
  if (ip === null) return false
  return mayWatch(nearnessOf(ip, false), anonymous) || admitted.some((network) => isInNetwork(ip, network))
}

function nearnessOf(address: IpAddress, proxied: boolean): Standing['nearness'] {
  if (isLoopback(address)) return proxied ? 'remote' : 'loopback'
  return isPrivate(address) ? 'lan' : 'remote'
}

function mayWatch(nearness: Standing['nearness'], anonymous: Anonymous): boolean {
  switch (anonymous) {
    case 'none':
      return false
    case 'loopback':
      return nearness === 'loopback'
    case 'lan':
      return nearness !== 'remote'
    default:
      return anonymous satisfies never
  }
}

/** Proxies append: reading from the right, the first address that is not a trusted proxy is the last one we can believe. */
function forwardedFor(headers: Headers, trusted: readonly Network[]): IpAddress | null {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').toReversed()
  for (const hop of hops) {
    const address = parseIp(withoutPort(hop.trim()))
    if (address === null) return null
    if (!trusted.some((network) => isInNetwork(address, network))) return address
  }
  return null
}

const withoutPort = (hop: string): string => hop.replace(/^(\[[^\]]*\]|\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
