import { parse } from 'hls-parser'
import { judge } from './ts-judge.ts'

/**
 * What a strict client thinks of an HLS delivery. Reads texts and bytes by itself: it shares no code with what it judges.
 * Source: RFC 8216, 4.3 and 6.2; `draft-pantos-hls-rfc8216bis`; Apple's HLS authoring rules.
 */
export type ListedSegment = {
  readonly msn: number
  readonly uri: string
  readonly seconds: number
  readonly isBehindBreak: boolean
  /** Epoch milliseconds, where the list says it. */
  readonly date: number | null
}

/** One state of a media playlist. */
export type MediaList = {
  readonly target: number
  readonly first: number
  readonly breaksBefore: number
  readonly isIndependent: boolean
  readonly isOver: boolean
  readonly segments: readonly ListedSegment[]
}

const once = (lines: readonly string[], tag: string): string | null => {
  const found = lines.filter((line) => line.startsWith(`#${tag}:`))
  if (found.length > 1) throw new Error(`${tag} stands ${found.length} times`)
  return found[0]?.slice(tag.length + 2) ?? null
}

/** Reads a media playlist; throws where no client could. */
export function readList(text: string): MediaList {
  const lines = text.split('\n')
  if (lines[0] !== '#EXTM3U') throw new Error('#EXTM3U is not first')
  const first = Number(once(lines, 'EXT-X-MEDIA-SEQUENCE'))
  const segments: ListedSegment[] = []
  let seconds = Number.NaN
  let isBehindBreak = false
  let date: number | null = null
  for (const line of lines) {
    if (line === '#EXT-X-DISCONTINUITY') isBehindBreak = true
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) date = Date.parse(line.slice(25))
    else if (line.startsWith('#EXTINF:')) seconds = Number(/^#EXTINF:([\d.]+),$/.exec(line)?.[1])
    else if (line !== '' && !line.startsWith('#')) {
      segments.push({ msn: first + segments.length, uri: line, seconds, isBehindBreak, date })
      seconds = Number.NaN
      isBehindBreak = false
      date = null
    }
  }
  return {
    target: Number(once(lines, 'EXT-X-TARGETDURATION')),
    first,
    breaksBefore: Number(once(lines, 'EXT-X-DISCONTINUITY-SEQUENCE') ?? 0),
    isIndependent: lines.includes('#EXT-X-INDEPENDENT-SEGMENTS'),
    isOver: lines.includes('#EXT-X-ENDLIST'),
    segments,
  }
}

/** Names every fault in a row of polls of one media playlist, in order of time. */
export function judgePolls(texts: readonly string[]): string[] {
  const faults: string[] = []
  let before: MediaList | null = null
  for (const [index, text] of texts.entries()) {
    const say = (what: string): void => void faults.push(`poll ${index}: ${what}`)
    try {
      parse(text)
    } catch (error) {
      say(String(error))
    }
    const list = readList(text)
    if (!Number.isInteger(list.target) || list.target < 1) say(`target duration ${list.target}`)
    if (list.segments.length === 0) say('no segment')
    if (list.isOver) say('ENDLIST while live')
    if (list.segments[0]?.date === null) say('no date at the first segment')
    for (const segment of list.segments) {
      if (!(segment.seconds > 0)) say(`segment ${segment.msn} has no duration`)
      if (Math.round(segment.seconds) > list.target) say(`${segment.seconds} s in a list of ${list.target} s`)
      if (segment.seconds > list.target + 0.5) say(`segment ${segment.msn} is over the target by more than 0.5 s`)
    }
    if (before !== null) judgeStep(before, list, say)
    before = list
  }
  return faults
}

function judgeStep(before: MediaList, list: MediaList, say: (what: string) => void): void {
  if (list.target !== before.target) say(`target ${before.target} → ${list.target}`)
  if (list.first < before.first) say(`sequence ${before.first} → ${list.first}`)
  if (list.first + list.segments.length < before.first + before.segments.length) say('the newest segment went away')
  if (list.first > before.first + before.segments.length) say('segments went that were never listed')
  const left = before.segments.filter(({ msn, isBehindBreak }) => msn < list.first && isBehindBreak).length
  if (list.first <= before.first + before.segments.length && list.breaksBefore !== before.breaksBefore + left)
    say(`breaks ${before.breaksBefore} → ${list.breaksBefore}, and ${left} left the list`)
  for (const segment of list.segments) {
    const old = before.segments[segment.msn - before.first]
    if (!old) continue
    if (old.uri !== segment.uri || old.seconds !== segment.seconds || old.isBehindBreak !== segment.isBehindBreak)
      say(`segment ${segment.msn} changed`)
  }
}

/** A segment as it was fetched. */
export type FetchedSegment = Pick<ListedSegment, 'seconds' | 'isBehindBreak'> & { readonly bytes: Uint8Array }

const CLOCK = 2 ** 33
/** Ticks from `b` to `a`, the short way. */
const between = (a: number, b: number): number => ((((a - b) % CLOCK) + CLOCK + CLOCK / 2) % CLOCK) - CLOCK / 2

/**
 * Names every fault in segments that follow one another: tables first, then a whole PES packet; counters that run on; times
 * that rise; a clock at least every 100 ms; EXTINF within a picture of the media time.
 */
export function judgeSegments(segments: readonly FetchedSegment[], lead: { readonly pid: number }): string[] {
  const faults: string[] = []
  let run: Uint8Array[] = []
  const ends = (): void => {
    if (run.length > 0) faults.push(...judgeRun(run))
    run = []
  }
  for (const [index, { bytes, isBehindBreak, seconds }] of segments.entries()) {
    if (isBehindBreak) ends()
    run.push(bytes)
    const own = judge(bytes)
    const say = (what: string): void => void faults.push(`segment ${index}: ${what}`)
    if (own.order[0] !== 'PAT' || own.order[1] !== 'PMT') say(`starts with ${own.order.slice(0, 3).join()}`)
    if (bytes[188 * 2] !== 0x47 || ((bytes[188 * 2 + 1] ?? 0) & 0x40) === 0) say('no PES start behind the tables')
    const first = own.dts.get(lead.pid)?.[0]
    const next = segments[index + 1]
    const nextFirst = next && !next.isBehindBreak ? judge(next.bytes).dts.get(lead.pid)?.[0] : undefined
    if (first === undefined) say(`nothing on ${lead.pid}`)
    else if (nextFirst !== undefined && Math.abs(between(nextFirst, first) / 90_000 - seconds) > 0.041)
      say(`lasts ${between(nextFirst, first) / 90_000} s, listed with ${seconds} s`)
    for (const [place, clock] of own.pcr.entries()) {
      const step = between(clock, own.pcr[place - 1] ?? clock) / 90
      if (step > 100) say(`clock after ${step} ms`)
    }
    if (own.pcr.length === 0) say('no clock')
  }
  ends()
  return faults
}

function judgeRun(run: readonly Uint8Array[]): readonly string[] {
  const bytes = new Uint8Array(run.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of run) {
    bytes.set(part, at)
    at += part.length
  }
  return judge(bytes).faults
}
