import { quoted, skippable, startLines } from './hls-playlist.ts'
import type { Part, PartSegment } from './hls-parts.ts'

/** A segment as a low-latency list names it; of those far behind the parts need not be known. */
export type ListedPartSegment = Pick<PartSegment, 'msn' | 'durationSeconds' | 'discontinuity' | 'dateMs' | 'parts'>

/** A low-latency list as one viewer gets it. */
export type PartPlaylist = {
  /** Complete segments. */
  readonly segments: readonly ListedPartSegment[]
  /** The segment under way with the parts that are there; null: it has none yet. */
  readonly open: PartSegment | null
  readonly targetSeconds: number
  readonly partTargetSeconds: number
  readonly discontinuitySequence: number
  readonly isIndependent: boolean
  /** The segment whose clean copy is named, for those who start there; −1: none. */
  readonly clean: number
  /** Number of the segment with which the player begins, where the list has older ones; null: it has begun. */
  readonly startMsn: number | null
  /** Every part can be decoded by itself: sound alone. */
  readonly isAllIndependent: boolean
  /** The name of a segment's initialization section. */
  readonly mapOf: (segment: ListedPartSegment) => string
  /** Other lists of the same viewer; they are as far as this one. */
  readonly reports: readonly string[]
  /** What the player has already may be left out (`_HLS_skip`). */
  readonly maySkip: boolean
}

/** Parts are listed for the segments at the end only: what is further back than three target durations is whole by then. */
const SEGMENTS_WITH_PARTS = 2
/** `draft-pantos-hls-rfc8216bis`, 4.4.3.8: in target durations, in target durations, in part targets. */
const SKIP_UNTIL = 6
const HOLD_BACK = 3
const PART_HOLD_BACK = 3

const partName = ({ msn }: { msn: number }, index: number, isClean: boolean): string =>
  `${msn}${isClean ? 'c' : ''}.${index}.m4s`

/**
 * Writes a low-latency media playlist: the window, parts of its end, the part that comes next. Version 9, for EXT-X-SKIP.
 *
 * Source: `draft-pantos-hls-rfc8216bis`, 4.4.3.7, 4.4.3.8, 4.4.4.9, 4.4.5.2, 4.4.5.3, 6.2.5.1.
 */
export function writeParts(playlist: PartPlaylist): string {
  const { segments, open, targetSeconds, partTargetSeconds } = playlist
  const all = open === null ? segments : [...segments, open]
  const skipped = playlist.maySkip ? skippable(all, SKIP_UNTIL * targetSeconds) : 0
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `CAN-SKIP-UNTIL=${(SKIP_UNTIL * targetSeconds).toFixed(1)}`,
    `HOLD-BACK=${(HOLD_BACK * targetSeconds).toFixed(1)}`,
    `PART-HOLD-BACK=${(PART_HOLD_BACK * partTargetSeconds).toFixed(5)}`,
  ]
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    `#EXT-X-SERVER-CONTROL:${control.join(',')}`,
    `#EXT-X-PART-INF:PART-TARGET=${partTargetSeconds.toFixed(5)}`,
    `#EXT-X-MEDIA-SEQUENCE:${all[0]?.msn ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${playlist.discontinuitySequence}`,
    ...(playlist.isIndependent ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    ...startLines(all, playlist.startMsn),
    ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : []),
  ]
  let map: string | null = null
  for (const [index, segment] of all.entries()) {
    if (index < skipped) continue
    const own = playlist.mapOf(segment)
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY')
    if (own !== map || segment.discontinuity) lines.push(`#EXT-X-MAP:URI=${quoted(own)}`)
    map = own
    if (index === skipped || segment.discontinuity)
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.dateMs).toISOString()}`)
    const isClean = segment.msn === playlist.clean
    if (index >= segments.length - SEGMENTS_WITH_PARTS)
      for (const part of segment.parts)
        lines.push(partLine(part, partName(segment, part.index, isClean && part.index === 0), playlist))
    if (segment !== open)
      lines.push(`#EXTINF:${segment.durationSeconds.toFixed(5)},`, `${segment.msn}${isClean ? 'c' : ''}.m4s`)
  }
  const last = all.at(-1)
  const coming = open === null ? { msn: (last?.msn ?? -1) + 1, index: 0 } : { msn: open.msn, index: open.parts.length }
  lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI=${quoted(partName(coming, coming.index, false))}`)
  const newest = last === undefined ? '' : `,LAST-MSN=${last.msn},LAST-PART=${Math.max(0, last.parts.length - 1)}`
  for (const uri of playlist.reports) lines.push(`#EXT-X-RENDITION-REPORT:URI=${quoted(uri)}${newest}`)
  return `${lines.join('\n')}\n`
}

/** A hole in the pictures makes the last one before it longer; the list keeps to its target all the same. */
function partLine({ duration90k, independent }: Part, name: string, playlist: PartPlaylist): string {
  const seconds = Math.min(duration90k / 90_000, playlist.partTargetSeconds)
  const flag = independent || playlist.isAllIndependent ? ',INDEPENDENT=YES' : ''
  return `#EXT-X-PART:DURATION=${seconds.toFixed(5)},URI=${quoted(name)}${flag}`
}
