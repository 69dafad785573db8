import type { Context } from 'hono'
import { judgeCall } from '../core/access/rights.ts'
import type { Gateway } from './gateway.ts'

/** Longer prefixes are nobody's. */
const MOST_PREFIX = 200

/** What of the gateway the origin depends on. */
export type OriginPorts = Pick<Gateway, 'publicUrl' | 'rules' | 'peerAddress'>

/**
 * What URLs in our answers start with (`http://192.168.1.5:18080`, `https://host/tv` behind a proxy with a path prefix; no
 * slash at the end): `publicUrl`, else as the caller wrote it, else as a trusted proxy says.
 */
export function publicOrigin(c: Context, gateway: OriginPorts): string {
  return gateway.publicUrl?.replace(/\/+$/, '') ?? requestOrigin(c, gateway)
}

/** The origin, with the prefix of a trusted proxy, by which this very request came, whatever `publicUrl` says: people at home use the address in the LAN. */
export function requestOrigin(c: Context, gateway: OriginPorts): string {
  const url = new URL(c.req.url)
  const { proxied } = judgeCall(gateway.peerAddress(c), c.req.raw.headers, gateway.rules)
  const host = (proxied ? firstOf(c.req.header('x-forwarded-host')) : null) ?? c.req.header('host') ?? url.host
  const scheme = (proxied ? firstOf(c.req.header('x-forwarded-proto')) : null) ?? url.protocol.slice(0, -1)
  const prefix = proxied ? prefixOf(firstOf(c.req.header('x-forwarded-prefix'))) : ''
  return (originOf(scheme, host) ?? url.origin) + prefix
}

/**
 * Whether the caller speaks https, with us or with the proxy in front of us: by the request, or because it came by the
 * name of an https `publicUrl`, whose proxy need not be a trusted one.
 */
export function isHttps(c: Context, gateway: OriginPorts): boolean {
  const origin = requestOrigin(c, gateway)
  return (
    origin.startsWith('https:') ||
    (gateway.publicUrl?.startsWith('https:') === true && isSameHost(gateway.publicUrl, origin))
  )
}

/**
 * Whether `origin` (a request's `Origin`) is one of our own pages. The scheme is left out: a proxy that ends TLS need
 * not tell us, and no other site can have our host and port.
 */
export const isOwnOrigin = (c: Context, gateway: OriginPorts, origin: string): boolean =>
  isSameHost(origin, gateway.publicUrl ?? '') || isSameHost(origin, requestOrigin(c, gateway))

function isSameHost(a: string, b: string): boolean {
  const [hostA, hostB] = [URL.parse(a)?.host, URL.parse(b)?.host]
  return hostA !== undefined && hostA !== '' && hostA === hostB
}

const firstOf = (header: string | undefined): string | null => header?.split(',')[0]?.trim() || null

/** The path below which a proxy shows us, '' for anything that is no plain path. Proxies write it with and without a slash at the end. */
const prefixOf = (header: string | null): string =>
  header !== null && header.length <= MOST_PREFIX && /^(\/[\w~-][\w.~-]*)+\/?$/.test(header)
    ? header.replace(/\/$/, '')
    : ''

/** Null for anything but `http(s)://host[:port]`: a header must not smuggle a path or a user name into our URLs. */
function originOf(scheme: string, host: string): string | null {
  if (!/^https?$/.test(scheme) || !/^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host)) return null
  const text = `${scheme}://${host}`
  return URL.canParse(text) ? text : null
}
