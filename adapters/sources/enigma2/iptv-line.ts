import { isLoopbackHost } from '../../../core/lineup/service-reference.ts'

/** Where an IPTV line of a bouquet leads, and the headers that it wants. */
export type IptvLine = { readonly url: URL; readonly headers: Readonly<Record<string, string>> }

/** A URL that goes through a helper program on the box, which is not there for us. Source: OpenWebif, models/stream.py. */
const HELPER = /^http:\/\/127\.0\.0\.1:8088\/(?=https?:\/\/)/i
/** Headers that players of the box take from behind `#`. */
const HEADERS: Readonly<Record<string, string>> = {
  'user-agent': 'User-Agent',
  referer: 'Referer',
  referrer: 'Referer',
  origin: 'Origin',
  cookie: 'Cookie',
}

/**
 * Reads the address of an IPTV line as the box has it; null for what is not asked by HTTP.
 *
 * `host` is the receiver's: `localhost` in an address is the box itself. Behind `#` may stand headers
 * (`#User-Agent=…&Referer=…`), as the players of the box take them. Source: protocols/enigma2.md §1.7.
 */
export function readIptvLine(address: string, host: string): IptvLine | null {
  const url = URL.parse(address.trim().replace(HELPER, ''))
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  const headers = headersBehind(url.hash.slice(1))
  url.hash = ''
  if (isLoopbackHost(url.hostname)) url.hostname = host
  return { url, headers }
}

function headersBehind(text: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const part of text.split('&')) {
    const equals = part.indexOf('=')
    const name = HEADERS[part.slice(0, Math.max(0, equals)).trim().toLowerCase()]
    const value = decoded(part.slice(equals + 1)).trim()
    if (name !== undefined && /^[\x20-\x7e]{1,1000}$/.test(value)) headers[name] = value
  }
  return headers
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
