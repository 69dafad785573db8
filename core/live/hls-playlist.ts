import type { Segment } from './hls-delivery.ts'

/** A track of sound that a player may choose. `uri` null: it is in the variant itself. */
export type AudioRendition = {
  readonly group: string
  readonly name: string
  readonly language: string | null
  readonly isDefault: boolean
  /** Of a listener; null: not known. */
  readonly channels: number | null
  /** Uniform type identifiers of what it is for; null: nothing particular. */
  readonly characteristics: string | null
  readonly uri: string | null
}

/** A variant of a channel. */
export type Variant = {
  readonly uri: string
  readonly bandwidth: number
  readonly averageBandwidth: number
  /** RFC 6381 names; unknown ones are left out. */
  readonly codecs: readonly string[]
  readonly resolution: { readonly width: number; readonly height: number } | null
  readonly frameRate: number | null
  readonly audioGroup: string | null
}

/** Text in an attribute: no quotes, no line breaks. RFC 8216, 4.2. */
export const quoted = (text: string): string => `"${text.replace(/["\r\n]/g, "'")}"`

/** The multivariant playlist. RFC 8216, 4.3.4. */
export function writeMultivariant(playlist: {
  readonly renditions: readonly AudioRendition[]
  readonly variants: readonly Variant[]
  /** Players should begin with the first segment of a list and not somewhere in it. RFC 8216, 4.3.5.2. */
  readonly startsAtFirst: boolean
}): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:6']
  if (playlist.startsAtFirst) lines.push('#EXT-X-START:TIME-OFFSET=0.0,PRECISE=YES')
  for (const rendition of playlist.renditions) {
    const { group, name, language, isDefault, channels, characteristics, uri } = rendition
    const attributes = [
      'TYPE=AUDIO',
      `GROUP-ID=${quoted(group)}`,
      `NAME=${quoted(name)}`,
      ...(language === null ? [] : [`LANGUAGE=${quoted(language)}`]),
      `DEFAULT=${isDefault ? 'YES' : 'NO'}`,
      'AUTOSELECT=YES',
      ...(channels === null ? [] : [`CHANNELS=${quoted(String(channels))}`]),
      ...(characteristics === null ? [] : [`CHARACTERISTICS=${quoted(characteristics)}`]),
      ...(uri === null ? [] : [`URI=${quoted(uri)}`]),
    ]
    lines.push(`#EXT-X-MEDIA:${attributes.join(',')}`)
  }
  for (const variant of playlist.variants) {
    const { resolution, frameRate } = variant
    const attributes = [
      `BANDWIDTH=${variant.bandwidth}`,
      `AVERAGE-BANDWIDTH=${variant.averageBandwidth}`,
      ...(variant.codecs.length === 0 ? [] : [`CODECS=${quoted(variant.codecs.join(','))}`]),
      ...(resolution === null ? [] : [`RESOLUTION=${resolution.width}x${resolution.height}`]),
      ...(frameRate === null ? [] : [`FRAME-RATE=${frameRate.toFixed(3)}`]),
      ...(variant.audioGroup === null ? [] : [`AUDIO=${quoted(variant.audioGroup)}`]),
    ]
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, variant.uri)
  }
  return `${lines.join('\n')}\n`
}

/** A segment as a list names it: `name` is its address, `map` that of the initialization section it needs, '' for none. */
export type ListedSegment = Pick<Segment, 'msn' | 'durationSeconds' | 'discontinuity' | 'dateMs'> & {
  readonly name: string
  readonly map: string
}

/** So many target durations of a list are never left out of it. `draft-pantos-hls-rfc8216bis`, 4.4.3.8. */
const SKIP_UNTIL = 6

/** How a long list is made short for players that have most of it, and where those begin who have nothing. */
export type LongList = {
  /** What the player has already may be left out (`_HLS_skip`). */
  readonly maySkip: boolean
  /** Number of the segment with which the player begins; null: it has begun. */
  readonly startMsn: number | null
}

/** Seconds before the end of a list at which a segment of it begins; 0: it is not in it, or it is the first one. */
export function secondsFromEnd(
  segments: readonly { readonly msn: number; readonly durationSeconds: number }[],
  msn: number,
): number {
  const at = segments.findIndex((segment) => segment.msn === msn)
  return at <= 0 ? 0 : segments.slice(at).reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
}

/** How many segments in front end before the skip boundary, so many seconds before the end of the list. */
export function skippable(all: readonly { readonly durationSeconds: number }[], boundary: number): number {
  let behind = all.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
  const first = all.findIndex(({ durationSeconds }) => {
    behind -= durationSeconds
    return behind < boundary
  })
  return Math.max(0, first)
}

/** EXT-X-START for those who begin in the middle of a list. RFC 8216, 4.3.5.2. */
export function startLines(
  segments: readonly { readonly msn: number; readonly durationSeconds: number }[],
  startMsn: number | null,
): readonly string[] {
  const offset = startMsn === null ? 0 : secondsFromEnd(segments, startMsn)
  return offset === 0 ? [] : [`#EXT-X-START:TIME-OFFSET=-${offset.toFixed(5)},PRECISE=YES`]
}

/** A live media playlist. RFC 8216, 4.3.3. */
export function writeMedia(playlist: {
  readonly segments: readonly ListedSegment[]
  readonly targetSeconds: number
  readonly discontinuitySequence: number
  readonly isIndependent: boolean
  /** A request may wait for a segment (`draft-pantos-hls-rfc8216bis`, 6.2.5.2). */
  readonly canBlock: boolean
  /** Null: the list is as long as its window in memory. */
  readonly long: LongList | null
}): string {
  const { segments, long, targetSeconds } = playlist
  // Strict players take delta updates only from servers that hold requests.
  const canSkip = long !== null && playlist.canBlock
  const skipped = canSkip && long.maySkip ? skippable(segments, SKIP_UNTIL * targetSeconds) : 0
  const control = [
    ...(playlist.canBlock ? ['CAN-BLOCK-RELOAD=YES'] : []),
    ...(!canSkip ? [] : [`CAN-SKIP-UNTIL=${(SKIP_UNTIL * targetSeconds).toFixed(1)}`]),
  ]
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${skipped > 0 ? 9 : 6}`,
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    ...(control.length > 0 ? [`#EXT-X-SERVER-CONTROL:${control.join(',')}`] : []),
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.msn ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    ...(playlist.isIndependent ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    ...startLines(segments, long?.startMsn ?? null),
    ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
  ]
  let map = ''
  for (const [index, segment] of segments.entries()) {
    if (index < skipped) continue
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
    if (segment.map !== '' && (segment.map !== map || segment.discontinuity))
      lines.push(`#EXT-X-MAP:URI=${quoted(segment.map)}`)
    map = segment.map
    if (index === skipped || segment.discontinuity)
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.dateMs).toISOString()}`)
    lines.push(`#EXTINF:${segment.durationSeconds.toFixed(5)},`, segment.name)
  }
  return `${lines.join('\n')}\n`
}
