import { decodeAddressPart } from '../../address-part.ts'

/** What the lines between `#EXTINF` and the address say about it. */
export type EntryOptions = {
  readonly headers: Record<string, string>
  readonly properties: Map<string, string>
  group: string | null
  programNumber: number | null
  /** `#EXT-X-PLAYLIST-TYPE:VOD`. */
  isVod: boolean
}

/** Options of an entry that has none. */
export const noOptions = (): EntryOptions => ({
  headers: {},
  properties: new Map(),
  group: null,
  programNumber: null,
  isVod: false,
})

const HEADER_OF_OPTION: Readonly<Record<string, string>> = {
  'http-user-agent': 'User-Agent',
  'http-referrer': 'Referer',
  'http-referer': 'Referer',
  'http-origin': 'Origin',
  'http-cookies': 'Cookie',
}
const HEADER_PROPERTIES = new Set([
  'inputstream.adaptive.stream_headers',
  'inputstream.adaptive.common_headers',
  'inputstream.adaptive.manifest_headers',
])

/** Takes a line like `#EXTVLCOPT:http-user-agent=…` into the options; false: it says nothing of an entry. */
export function readOption(line: string, options: EntryOptions): boolean {
  const colon = line.indexOf(':')
  const tag = (colon < 0 ? line : line.slice(0, colon)).toUpperCase()
  const value = colon < 0 ? '' : line.slice(colon + 1).trim()
  switch (tag) {
    case '#EXTGRP':
      options.group = value
      return true
    case '#EXTVLCOPT':
      readVlcOption(value, options)
      return true
    case '#KODIPROP':
      readProperty(value, options)
      return true
    case '#EXTHTTP':
      readJsonHeaders(value, options)
      return true
    case '#EXT-X-PLAYLIST-TYPE':
      options.isVod = /^vod$/i.test(value)
      return true
    default:
      return false
  }
}

/** The address and the headers behind its `|`, if what stands there are headers: `|User-Agent=a&Referer=b`, `|Name: value`. */
export function splitAddress(line: string): {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
} {
  const bar = line.indexOf('|')
  const rest = bar < 0 ? '' : line.slice(bar + 1)
  if (!/^!?[A-Za-z][A-Za-z0-9_-]*\s*[=:]/.test(rest)) return { url: line, headers: {} }
  const headers: Record<string, string> = {}
  for (const part of rest.split('&')) {
    const [, name, value] = /^!?([A-Za-z][A-Za-z0-9_-]*)\s*[=:]\s*(.*)$/.exec(part.trim()) ?? []
    if (name !== undefined && value !== undefined) setHeader(headers, name, decodeAddressPart(value))
  }
  return { url: line.slice(0, bar).trimEnd(), headers }
}

/** Sets a header if name and value can stand in one (RFC 9110, 5.1, 5.5); the first one wins. */
export function setHeader(headers: Record<string, string>, name: string, value: string): void {
  const plain = value.trim().replace(/^(["'])(.*)\1$/, '$2')
  if (plain === '' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\x20-\x7e\xa0-\xff]+$/.test(plain)) return
  // These belong to the connection, which is ours.
  if (/^(host|connection|content-length|transfer-encoding|upgrade|te|expect)$/i.test(name)) return
  if (!Object.keys(headers).some((known) => known.toLowerCase() === name.toLowerCase())) headers[name] = plain
}

function readVlcOption(value: string, options: EntryOptions): void {
  const [, key = '', text = ''] = /^:?([^=\s]+)\s*=\s*(.*)$/.exec(value) ?? []
  const header = HEADER_OF_OPTION[key.toLowerCase()]
  if (header !== undefined) setHeader(options.headers, header, text)
  else if (key.toLowerCase() === 'program' && /^\d{1,5}$/.test(text)) options.programNumber = Number(text)
}

function readProperty(value: string, options: EntryOptions): void {
  const equals = value.indexOf('=')
  if (equals <= 0) return
  const key = value.slice(0, equals).trim().toLowerCase()
  const text = value.slice(equals + 1).trim()
  options.properties.set(key, text)
  if (!HEADER_PROPERTIES.has(key)) return
  for (const [name, content] of Object.entries(splitAddress(`|${text}`).headers))
    setHeader(options.headers, name, content)
}

function readJsonHeaders(value: string, options: EntryOptions): void {
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    return // a player would not understand it either
  }
  if (typeof parsed !== 'object' || parsed === null) return
  for (const [name, content] of Object.entries(parsed))
    if (typeof content === 'string') setHeader(options.headers, name, content)
}
