/** What the bytes at the beginning of a stream say. `body` is what follows the header. */
export type StreamHead =
  | { readonly kind: 'more' }
  | { readonly kind: 'header'; readonly status: number; readonly body: Uint8Array }
  | { readonly kind: 'foreign' }

const SYNC = 0x47 // ISO/IEC 13818-1, 2.4.3.2
const LF = 0x0a
const CR = 0x0d
const MAX_HEADER = 8192

/**
 * Reads the header of a stream server, of which no two agree: lines end in CR LF, or in LF alone (OSCam), or there is no
 * header at all (the first byte is television then). `more`: not complete yet.
 */
export function readStreamHead(bytes: Uint8Array): StreamHead {
  if (bytes[0] === SYNC) return { kind: 'header', status: 200, body: bytes }
  const beginning = latin1(bytes.subarray(0, 16))
  if (!'HTTP/1.'.startsWith(beginning.slice(0, 7))) return { kind: 'foreign' }
  const end = findEmptyLine(bytes)
  if (end < 0) return bytes.length >= MAX_HEADER ? { kind: 'foreign' } : { kind: 'more' }
  const status = /^HTTP\/1\.\d\s+(\d{3})/.exec(beginning)?.[1]
  return status === undefined
    ? { kind: 'foreign' }
    : { kind: 'header', status: Number(status), body: bytes.subarray(end) }
}

/** What the first bytes behind the header are. */
export type StreamStart = 'more' | 'error-text' | 'payload'

const ERROR_START = 'HTTP/1.' // the box sends "HTTP/1.0 400 Bad Request" behind its 200 when it cannot tune

/** Tells television from the error text that the box sends in its place; `more`: too few bytes to know. */
export function readStreamStart(body: Uint8Array): StreamStart {
  const beginning = latin1(body.subarray(0, ERROR_START.length))
  if (!ERROR_START.startsWith(beginning)) return 'payload'
  return beginning.length < ERROR_START.length ? 'more' : 'error-text'
}

/** Offset behind the first empty line within the allowed length; -1 if there is none yet. */
function findEmptyLine(bytes: Uint8Array): number {
  const limit = Math.min(bytes.length, MAX_HEADER)
  let lineStart = 0
  for (let index = 0; index < limit; index++) {
    if (bytes[index] !== LF) continue
    const isEmpty = index === lineStart || (index === lineStart + 1 && bytes[lineStart] === CR)
    if (isEmpty) return index + 1
    lineStart = index + 1
  }
  return -1
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
