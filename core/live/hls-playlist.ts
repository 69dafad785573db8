import type { Segment } from './hls-delivery.ts'

/** A track of sound that a player may choose. `uri` null: it is in the variant itself. */
export type AudioRendition = {
  readonly group: string
  readonly name: string
  readonly language: string | null
  readonly isDefault: boolean
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
}): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:6']
  for (const { group, name, language, isDefault, uri } of playlist.renditions) {
    const attributes = [
      'TYPE=AUDIO',
      `GROUP-ID=${quoted(group)}`,
      `NAME=${quoted(name)}`,
      ...(language === null ? [] : [`LANGUAGE=${quoted(language)}`]),
      `DEFAULT=${isDefault ? 'YES' : 'NO'}`,
      'AUTOSELECT=YES',
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
export type ListedSegment = Segment & { readonly name: string; readonly map: string }

/** A live media playlist. RFC 8216, 4.3.3. */
export function writeMedia(playlist: {
  readonly segments: readonly ListedSegment[]
  readonly targetSeconds: number
  readonly discontinuitySequence: number
  readonly isIndependent: boolean
  /** A request may wait for a segment (`draft-pantos-hls-rfc8216bis`, 6.2.5.2). */
  readonly canBlock: boolean
}): string {
  const { segments } = playlist
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    `#EXT-X-TARGETDURATION:${playlist.targetSeconds}`,
    ...(playlist.canBlock ? ['#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES'] : []),
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.msn ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    ...(playlist.isIndependent ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
  ]
  let map = ''
  for (const [index, segment] of segments.entries()) {
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
    if (segment.map !== '' && (segment.map !== map || segment.discontinuity))
      lines.push(`#EXT-X-MAP:URI=${quoted(segment.map)}`)
    map = segment.map
    if (index === 0 || segment.discontinuity)
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.dateMs).toISOString()}`)
    lines.push(`#EXTINF:${segment.durationSeconds.toFixed(5)},`, segment.name)
  }
  return `${lines.join('\n')}\n`
}
