import { decodeAddressPart } from '../../../core/address-part.ts'
import { readAccountUrl } from '../../../core/source-kinds/account-url.ts'
import { parseMac } from '../../../core/source-kinds/mac.ts'

/** Kinds of sources that a form exists for. */
export type SourceKind = 'enigma2' | 'm3u' | 'xtream' | 'stalker' | 'media'

/** What pasted text means: a kind, and what is known of its keys by now. */
export type Pasted = { readonly kind: SourceKind; readonly entry: Readonly<Record<string, unknown>> }

const MAC = /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi
const PORTAL = /\/(?:c\/?|stalker_portal(?:\/.*)?|portal\.php|server\/load\.php)$/i
const PRIVATE_HOST =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?fd|localhost$)|\.(?:local|lan|fritz\.box|home|home\.arpa|internal)$|^[^.]+$/i

/**
 * What somebody pasted: an address of a receiver or a list, an Xtream line, a portal with its MACs, the path of a file.
 * Null: nothing that we know. Nobody is asked for it.
 */
export function readPasted(text: string): Pasted | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (/^(?:file:\/\/|\/|~\/|[a-z]:\\)/i.test(trimmed)) return localPath(trimmed.replace(/^file:\/\//i, ''))
  const macs = [...new Set((trimmed.match(MAC) ?? []).flatMap((one) => parseMac(one) ?? []))]
  const address = trimmed
    .replaceAll(MAC, ' ')
    .split(/[\s,;|]+/)
    .find((word) => word.includes('://') || /[.:]/.test(word) || /^[\w-]+$/.test(word))
  const url = address === undefined ? null : URL.parse(address.includes('://') ? address : `http://${address}`)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null
  if (macs.length > 0) return { kind: 'stalker', entry: { url: url.href, macs } }
  if (PORTAL.test(url.pathname)) return { kind: 'stalker', entry: { url: url.href } }
  const account = readAccountUrl(url.href)
  if (account !== null && account.username !== null && account.password !== null) {
    const { base, username, password } = account
    return { kind: 'xtream', entry: { url: base.href, username, password } }
  }
  const isPlain = url.pathname === '/' && url.search === ''
  if (!isPlain) return { kind: 'm3u', entry: { url: url.href } }
  if (PRIVATE_HOST.test(url.hostname)) return { kind: 'enigma2', entry: receiver(url) }
  return { kind: 'xtream', entry: { url: url.href } }
}

/** A list is a file; what ends like none is a folder. */
const localPath = (path: string): Pasted =>
  /\.\w{2,4}$/.test(path) ? { kind: 'm3u', entry: { file: path } } : { kind: 'media', entry: { path } }

/** A receiver's address may carry user and password; its keys have them beside it. */
function receiver(url: URL): Record<string, unknown> {
  const { username, password } = url
  return {
    url: url.origin,
    ...(username !== '' && { username: decodeAddressPart(username) }),
    ...(password !== '' && { password: decodeAddressPart(password) }),
  }
}

/** An id for a new source that nothing else has: `receiver`, `list-2`. */
export function freeId(kind: string, taken: readonly string[]): string {
  const base = { enigma2: 'receiver', m3u: 'list', xtream: 'provider', stalker: 'portal', media: 'films' }[kind] ?? kind
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`
    if (!taken.includes(id)) return id
  }
}
