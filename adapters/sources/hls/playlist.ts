import { Failure } from '../../../core/errors.ts'

/** How the segments that follow are encrypted. */
export type SegmentKey = { readonly url: URL; readonly iv: Uint8Array<ArrayBuffer> | null }

/** A part of a resource. */
export type ByteRange = { readonly from: number; readonly length: number }

/** What stands before fragments of MP4, once for many of them. */
export type InitSection = { readonly url: URL; readonly range: ByteRange | null; readonly key: SegmentKey | null }

/** A segment of a media playlist. */
export type Segment = {
  readonly sequence: number
  readonly url: URL
  readonly durationMs: number
  /** Null: as it is. */
  readonly key: SegmentKey | null
  /** A part of the resource; null: all of it. */
  readonly range: ByteRange | null
  /** Null: it needs none. */
  readonly init: InitSection | null
  /** How often the times have begun anew before it: the same in all lists of a programme (RFC 8216, 6.2.4). */
  readonly discontinuity: number
  /** The server has none: nothing is to be fetched. */
  readonly isGap: boolean
}

/** A list of segments. */
export type MediaPlaylist = {
  readonly kind: 'media'
  readonly targetMs: number
  readonly segments: readonly Segment[]
  /** Nothing will be added. */
  readonly isEnded: boolean
}

/** A version of the same programme. */
export type Variant = {
  readonly url: URL
  readonly bandwidth: number
  /** The list in which its sound is; null: it is within. */
  readonly sound: URL | null
}

/** A list of versions. */
export type MultivariantPlaylist = { readonly kind: 'multivariant'; readonly variants: readonly Variant[] }

type Attributes = ReadonlyMap<string, string>

const DEFAULT_TARGET_MS = 10_000
const LONGEST_TARGET_MS = 60_000
const MOST_SEGMENTS = 50_000

/**
 * Reads an HLS playlist (RFC 8216). `base` is where it came from. Unknown tags are skipped.
 *
 * Fails with `source/not-supported` (other encryption than AES-128) or `source/bad-answer`.
 */
export function readPlaylist(text: string, base: URL): MediaPlaylist | MultivariantPlaylist {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines[0]?.startsWith('#EXTM3U') !== true)
    throw new Failure('source/bad-answer', 'The playlist of the stream is none: it does not begin with #EXTM3U')
  return lines.some((line) => line.startsWith('#EXT-X-STREAM-INF:'))
    ? readVariants(lines, base)
    : readSegments(lines, base)
}

function readVariants(lines: readonly string[], base: URL): MultivariantPlaylist {
  const sounds = readSounds(lines, base)
  const variants: Variant[] = []
  let pending: Attributes | null = null
  for (const line of lines) {
    pending = attributesOf(line, '#EXT-X-STREAM-INF:') ?? pending
    if (pending === null || line.startsWith('#')) continue
    const bandwidth = Number(pending.get('BANDWIDTH') ?? 0) || 0
    const group = pending.get('AUDIO')
    variants.push({ url: urlOf(line, base), bandwidth, sound: sounds.get(group ?? '') ?? null })
    pending = null
  }
  return { kind: 'multivariant', variants }
}

/** The list of sound of each group: the one that the provider prefers. A member without address is within the variant (4.3.4.1). */
function readSounds(lines: readonly string[], base: URL): ReadonlyMap<string, URL | null> {
  const groups = new Map<string, { readonly url: URL | null; readonly rank: number }>()
  for (const line of lines) {
    const media = attributesOf(line, '#EXT-X-MEDIA:')
    if (media?.get('TYPE') !== 'AUDIO') continue
    const uri = media.get('URI')
    const preference = media.get('DEFAULT') === 'YES' ? 2 : media.get('AUTOSELECT') === 'YES' ? 1 : 0
    const rank = uri === undefined ? 3 : preference
    const group = media.get('GROUP-ID') ?? ''
    const known = groups.get(group)
    if (known !== undefined && known.rank >= rank) continue
    groups.set(group, { url: uri === undefined ? null : urlOf(uri, base), rank })
  }
  return new Map([...groups].map(([group, { url }]) => [group, url]))
}

function readSegments(lines: readonly string[], base: URL): MediaPlaylist {
  const segments: Segment[] = []
  let sequence = 0
  let targetMs = DEFAULT_TARGET_MS
  let isEnded = false
  let key: SegmentKey | null = null
  let durationMs = 0
  let isGap = false
  let range: Segment['range'] = null
  let rangeEnd = 0
  let init: InitSection | null = null
  let discontinuity = 0
  for (const line of lines) {
    const [tag = '', value = ''] = line.startsWith('#') ? splitTag(line) : []
    if (tag === '#EXTINF') durationMs = Math.max(0, Number.parseFloat(value) * 1000) || 0
    else if (tag === '#EXT-X-TARGETDURATION')
      targetMs = Math.min(LONGEST_TARGET_MS, Number.parseFloat(value) * 1000) || DEFAULT_TARGET_MS
    else if (tag === '#EXT-X-MEDIA-SEQUENCE') sequence = Number.parseInt(value, 10) || 0
    else if (tag === '#EXT-X-KEY') key = readKey(line, base)
    else if (tag === '#EXT-X-MAP') init = readInit(line, base, key)
    else if (tag === '#EXT-X-DISCONTINUITY-SEQUENCE') discontinuity = Number.parseInt(value, 10) || 0
    else if (tag === '#EXT-X-DISCONTINUITY') discontinuity += 1
    else if (tag === '#EXT-X-BYTERANGE') {
      const [length = 0, from = rangeEnd] = value.split('@').map(Number)
      range = { from, length }
      rangeEnd = from + length
    } else if (tag === '#EXT-X-GAP') isGap = true
    else if (tag === '#EXT-X-ENDLIST') isEnded = true
    if (line.startsWith('#')) continue
    if (segments.length >= MOST_SEGMENTS) break
    const url = urlOf(line, base)
    segments.push({ sequence: sequence + segments.length, url, durationMs, key, range, isGap, init, discontinuity })
    range = null
    isGap = false
  }
  return { kind: 'media', targetMs, segments, isEnded }
}

function readInit(line: string, base: URL, key: SegmentKey | null): InitSection {
  const attributes = attributesOf(line, '#EXT-X-MAP:')
  const [length, from = 0] = (attributes?.get('BYTERANGE') ?? '').split('@').map(Number)
  const range = length === undefined || length === 0 || Number.isNaN(length) ? null : { from, length }
  return { url: urlOf(attributes?.get('URI') ?? '', base), range, key }
}

function readKey(line: string, base: URL): SegmentKey | null {
  const attributes = attributesOf(line, '#EXT-X-KEY:')
  const method = attributes?.get('METHOD') ?? 'NONE'
  if (method === 'NONE') return null
  const uri = attributes?.get('URI')
  const format = attributes?.get('KEYFORMAT') ?? 'identity'
  if (method !== 'AES-128' || format !== 'identity' || uri === undefined)
    throw new Failure('source/not-supported', 'The stream is encrypted in a way that is only for licensed players')
  const iv = /^0x([0-9a-f]{1,32})$/i.exec(attributes?.get('IV') ?? '')?.[1]
  return { url: urlOf(uri, base), iv: iv === undefined ? null : fromHex(iv.padStart(32, '0')) }
}

const splitTag = (line: string): [tag: string, value: string] => {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()]
}

/** The attributes of a line with this tag (4.2); null: it is another. */
function attributesOf(line: string, tag: string): Attributes | null {
  if (!line.startsWith(tag)) return null
  const attributes = new Map<string, string>()
  for (const [, name = '', quoted, plain] of line
    .slice(tag.length)
    .matchAll(/([A-Z0-9-]+)\s*=\s*(?:"([^"]*)"|([^,]*))/g))
    attributes.set(name, quoted ?? plain?.trim() ?? '')
  return attributes
}

function urlOf(text: string, base: URL): URL {
  const url = URL.parse(text, base)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new Failure('source/bad-answer', 'The playlist of the stream names something that is no address')
}

const fromHex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16))
