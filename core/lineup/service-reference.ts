/**
 * An Enigma2 service reference: ten numbers, then a path or URL, then a name.
 *
 * `type:flags:serviceType:SID:TSID:ONID:NS:parentSID:parentTSID:unused:path:name`; the first two are decimal, the others
 * hexadecimal, all unsigned 32 bit. Path and name are decoded here. Source: OpenPLi enigma2, lib/service/service.cpp.
 */
export type ServiceRef = {
  /** 1 is DVB, 2 a file, 4097 and 5001 … 5003 are players for URLs. */
  readonly type: number
  /** Bits: 1, 2, 4 directory; 64 marker; 128 group; 256 numbered marker; 512 invisible. */
  readonly flags: number
  readonly serviceType: number
  /** DVB service id, the programme number in the PAT. */
  readonly sid: number
  readonly tsid: number
  readonly onid: number
  /** Orbital position × 10 in the upper half, `FFFF` cable, `EEEE` terrestrial; 0 for IPTV. */
  readonly namespace: number
  readonly parentSid: number
  readonly parentTsid: number
  readonly unused: number
  /** URL, file or query; '' for a broadcast service. */
  readonly path: string
  readonly name: string
}

/** Bits of the field `flags`. Source: OpenPLi enigma2, lib/service/iservice.h. */
export const SERVICE_FLAGS = { directory: 1, marker: 64, group: 128, numberedMarker: 256, invisible: 512 } as const

const DVB = 1
const URL_PLAYERS: ReadonlySet<number> = new Set([4097, 5001, 5002, 5003])

// How a box names a list: `FROM BOUQUET "userbouquet.x.tv" ORDER BY bouquet`.
const QUERY = /\b(FROM (BOUQUET|PROVIDERS|SATELLITES)|ORDER BY)\b/
// A colon everywhere, or the underscores of a picon's file name.
const NUMBERS = /^(\d{1,10})([:_])(\d{1,10})((?:\2[0-9a-f]{1,16}){7})\2([0-9a-f]+)/i

/**
 * Reads a reference in any spelling that clients use: without the last colon, in lower case, with the underscores of a
 * picon, percent-encoded as a whole, with a name or with letters of a skin behind it. Null for any other text.
 */
export function parseServiceRef(text: string): ServiceRef | null {
  const trimmed = text.trimStart().replace(/[\r\n]+$/, '')
  const plain = /^\d+%3a/i.test(trimmed) ? decodePercent(trimmed) : trimmed
  const match = NUMBERS.exec(plain)
  const [whole, type, separator, flags, middle, last] = match ?? []
  if (whole === undefined || separator === undefined || middle === undefined || last === undefined) return null

  const tail = plain.slice(whole.length)
  // A skin appends letters to the last field, which is always 0; printed numbers never begin with 0 otherwise.
  const lastNumber = /^0+(?=[a-f])/i.test(last) ? '0' : last
  if (tail !== '' && !tail.startsWith(separator) && !/^[a-z]+[:_]?$/i.test(tail)) return null
  const rest = tail.startsWith(separator) ? tail.slice(1) : ''
  if (separator === '_' && /[:/]/.test(rest)) return null

  const fields = [Number(type), Number(flags)]
  for (const field of [...middle.slice(1).split(separator), lastNumber]) fields.push(Number.parseInt(field, 16))
  if (fields.some((field) => field > 0xffff_ffff)) return null
  const [
    first = 0,
    second = 0,
    serviceType = 0,
    sid = 0,
    tsid = 0,
    onid = 0,
    namespace = 0,
    parentSid = 0,
    parentTsid = 0,
    unused = 0,
  ] = fields
  return {
    type: first,
    flags: second,
    serviceType,
    sid,
    tsid,
    onid,
    namespace,
    parentSid,
    parentTsid,
    unused,
    ...splitTail(separator === ':' ? rest : ''),
  }
}

/** Writes a reference as the box does: upper-case hexadecimal, a colon after the tenth field, `:` and `%` escaped behind it. */
export function printServiceRef(ref: ServiceRef): string {
  const name = ref.name === '' ? '' : `:${escapeText(ref.name)}`
  return `${printNumbers(ref)}${escapeText(ref.path)}${name}`
}

/**
 * The one spelling under which a broadcast service is known: `1:0:` and eight hexadecimal fields, each followed by a
 * colon, without name. Null for text that is no reference, and for one that carries a URL or a path: what a caller
 * typed there must lead nowhere.
 */
export function canonicalServiceRef(text: string): string | null {
  const ref = parseServiceRef(text)
  return ref === null || carriesPath(ref) ? null : printNumbers({ ...ref, flags: 0 })
}

/** The key of any item: like `canonicalServiceRef`, but a URL or path stays part of it. */
export const serviceRefKey = (ref: ServiceRef): string =>
  printServiceRef({ ...ref, flags: 0, name: '', path: carriesPath(ref) ? ref.path : '' })

/** Whether it names a URL: an IPTV item, or a stream relay. */
export const carriesUrl = (ref: ServiceRef): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(ref.path)

/** Whether it names a URL, a file or a query, so that the numbers alone do not say what is meant. */
export const carriesPath = (ref: ServiceRef): boolean =>
  ref.path.includes('://') || ref.path.startsWith('/') || QUERY.test(ref.path)

/** Whether it is a television or radio service that a tuner receives. */
export const isBroadcast = (ref: ServiceRef): boolean => ref.type === DVB && ref.sid !== 0 && !carriesPath(ref)

/** Whether a player for URLs is named, with a URL. */
export const isIptv = (ref: ServiceRef): boolean => carriesUrl(ref) || (URL_PLAYERS.has(ref.type) && ref.path !== '')

/**
 * `ONID:TSID:SID` in upper-case hexadecimal: what a receiver keys its guide by, whatever namespace, type and name are.
 * A linked sub-service has the guide of its parent. Source: OpenPLi enigma2, lib/dvb/epgcache.h, uniqueEPGKey.
 */
export function guideTriplet(ref: ServiceRef): string {
  const isSubService = ref.parentSid !== 0 && ref.parentTsid !== 0
  const [sid, tsid] = isSubService ? [ref.parentSid, ref.parentTsid] : [ref.sid, ref.tsid]
  return `${hex(ref.onid)}:${hex(tsid)}:${hex(sid)}`
}

/** `NS:TSID:ONID` in upper-case hexadecimal: the transponder, by which a receiver shares its tuners. */
export const transponderKey = (ref: ServiceRef): string => `${hex(ref.namespace)}:${hex(ref.tsid)}:${hex(ref.onid)}`

/**
 * The service inside a reference to a stream relay (`…:http%3a//127.0.0.1%3a17999/1%3a0%3a19…`), whose own numbers are
 * moved by one to keep it distinct; null if it is none. `isOwnHost` says which hosts, beside loopback, are this
 * receiver: behind another host's address the numbers mean another receiver's tuner.
 * Source: OpenPLi enigma2, lib/dvb/idvb.h, getSROriginal.
 */
export function relayedServiceRef(
  ref: ServiceRef,
  isOwnHost: (host: string) => boolean = () => false,
): ServiceRef | null {
  if (!carriesUrl(ref)) return null
  const url = URL.parse(ref.path)
  if (url === null || url.protocol !== 'http:' || url.search !== '') return null
  if (!isLoopbackHost(url.hostname) && !isOwnHost(url.hostname)) return null
  const inner = parseServiceRef(decodePercent(url.pathname.slice(1)))
  return inner !== null && isBroadcast(inner) ? inner : null
}

/** Whether a host of a URL means the machine that reads it. */
export const isLoopbackHost = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0)$/i.test(host)

const hex = (value: number): string => value.toString(16).toUpperCase()

function printNumbers(ref: ServiceRef): string {
  const { serviceType, sid, tsid, onid, namespace, parentSid, parentTsid, unused } = ref
  const fields = [serviceType, sid, tsid, onid, namespace, parentSid, parentTsid, unused]
  return `${ref.type}:${ref.flags}:${fields.map(hex).join(':')}:`
}

/** What stands behind the numbers: `path`, `path:name`, `:name`, or `url name` when the URL's colons are bare. */
function splitTail(tail: string): { readonly path: string; readonly name: string } {
  const cut = tail.includes('://') ? tail.indexOf(' ') : tail.indexOf(':')
  if (cut < 0) return { path: decodePercent(tail), name: '' }
  return { path: decodePercent(tail.slice(0, cut)), name: decodePercent(tail.slice(cut + 1)) }
}

// The box escapes these and nothing else; its decoder knows %xx only and drops %00.
const escapeText = (text: string): string =>
  text.replace(/[%:\u0000-\u001f]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`) // eslint-disable-line no-control-regex -- these are what it escapes

/** Undoes `%xx` and nothing else; bytes that are no UTF-8 become U+FFFD. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  const bytes: number[] = []
  const raw = new TextEncoder().encode(text)
  for (let index = 0; index < raw.length; index++) {
    const byte = raw[index] ?? 0
    const digits = byte === 0x25 ? String.fromCharCode(raw[index + 1] ?? 0, raw[index + 2] ?? 0) : ''
    if (!/^[0-9a-f]{2}$/i.test(digits)) bytes.push(byte)
    else {
      const value = Number.parseInt(digits, 16)
      if (value !== 0) bytes.push(value)
      index += 2
    }
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
}
