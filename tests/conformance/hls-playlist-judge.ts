import { parse, setOptions, types } from 'hls-parser'

// What a strict player thinks of playlists (RFC 8216, draft-pantos-hls-rfc8216bis, Apple's authoring rules). Reads the texts by
// itself beside `hls-parser`: it shares no code with what it judges.

setOptions({ strictMode: true })

/** A segment as a playlist names it. */
export type ListedSegment = {
  readonly msn: number
  readonly uri: string
  readonly seconds: number
  readonly discontinuity: boolean
  /** EXT-X-DISCONTINUITY-SEQUENCE that applies to it. */
  readonly discontinuitySequence: number
  /** EXT-X-PROGRAM-DATE-TIME, its own or counted on from one before; epoch milliseconds. */
  readonly dateMs: number
}

/** A media playlist as text says it. */
export type ListedMedia = {
  readonly targetSeconds: number
  readonly isIndependent: boolean
  readonly hasEnded: boolean
  readonly segments: readonly ListedSegment[]
}

/** A media playlist as it was answered at a moment. */
export type Poll = { readonly atMs: number; readonly text: string }

const NOTHING_ELSE = new Set([
  '#EXTM3U',
  '#EXT-X-VERSION',
  '#EXT-X-TARGETDURATION',
  '#EXT-X-SERVER-CONTROL',
  '#EXT-X-MEDIA-SEQUENCE',
  '#EXT-X-DISCONTINUITY-SEQUENCE',
  '#EXT-X-INDEPENDENT-SEGMENTS',
  '#EXT-X-DISCONTINUITY',
  '#EXT-X-PROGRAM-DATE-TIME',
  '#EXTINF',
  '#EXT-X-ENDLIST',
])

/** Reads a media playlist; what cannot be read goes to `say`. */
export function readMedia(text: string, say: (fault: string) => void = () => {}): ListedMedia {
  const counts = new Map<string, number>()
  const segments: ListedSegment[] = []
  let target = Number.NaN
  let msn = 0
  let sequence = 0
  let seconds: number | null = null
  let discontinuity = false
  let date = Number.NaN
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('#')) {
      const [, name = '', value = ''] = /^(#[A-Z0-9-]+):?(.*)$/.exec(line) ?? []
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (!NOTHING_ELSE.has(name)) say(`line "${line}" is not expected`)
      if (name === '#EXT-X-TARGETDURATION') {
        if (!/^\d+$/.test(value)) say(`TARGETDURATION "${value}" is no whole number`)
        target = Number(value)
      }
      if (name === '#EXT-X-MEDIA-SEQUENCE') msn = Number(value)
      if (name === '#EXT-X-DISCONTINUITY-SEQUENCE') sequence = Number(value)
      if (name === '#EXT-X-DISCONTINUITY') discontinuity = true
      if (name === '#EXT-X-PROGRAM-DATE-TIME') date = Date.parse(value)
      if (name === '#EXTINF') {
        if (!/^\d+\.\d+,$/.test(value)) say(`EXTINF "${value}" should be a decimal`)
        seconds = Number.parseFloat(value)
      }
      continue
    }
    if (line === '') continue
    if (seconds === null) say(`"${line}" has no EXTINF`)
    if (discontinuity) sequence += 1
    // The number before the first segment counts those that slid out: its own tag is counted with it.
    segments.push({
      msn,
      uri: line,
      seconds: seconds ?? 0,
      discontinuity,
      discontinuitySequence: sequence,
      dateMs: date,
    })
    date += (seconds ?? 0) * 1000
    msn += 1
    seconds = null
    discontinuity = false
  }
  for (const name of ['#EXTM3U', '#EXT-X-TARGETDURATION', '#EXT-X-MEDIA-SEQUENCE', '#EXT-X-VERSION'])
    if (counts.get(name) !== 1) say(`${name} stands there ${counts.get(name) ?? 0} times`)
  if (!text.startsWith('#EXTM3U\n')) say('the first line is not #EXTM3U')
  if (!text.endsWith('\n')) say('the last line has no end')
  return {
    targetSeconds: target,
    isIndependent: counts.has('#EXT-X-INDEPENDENT-SEGMENTS'),
    hasEnded: counts.has('#EXT-X-ENDLIST'),
    segments,
  }
}

function parseStrictly(text: string, say: (fault: string) => void): ReturnType<typeof parse> | null {
  try {
    return parse(text)
  } catch (error) {
    say(`hls-parser: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

/**
 * What is wrong with a media playlist over its life, from polls in order of time; empty: nothing.
 *
 * `slackSeconds`: how much later than the rule the source's own time lets a segment come (a stall, a reconnect).
 */
export function judgePolls(polls: readonly Poll[], { slackSeconds = 0 } = {}): readonly string[] {
  const faults: string[] = []
  const known = new Map<number, ListedSegment>()
  let previous: (ListedMedia & { readonly atMs: number }) | null = null
  let newestSince = polls[0]?.atMs ?? 0
  for (const [index, { atMs, text }] of polls.entries()) {
    const say = (fault: string): void =>
      void faults.push(`poll ${index} (${atMs - (polls[0]?.atMs ?? 0)} ms): ${fault}`)
    const media = readMedia(text, say)
    parseStrictly(text, say)
    const { segments, targetSeconds } = media
    if (segments.length === 0) say('a playlist without segments')
    if (media.hasEnded) say('EXT-X-ENDLIST in a live stream')
    if (Number.isNaN(segments[0]?.dateMs)) say('the first segment has no EXT-X-PROGRAM-DATE-TIME')
    for (const [place, segment] of segments.entries()) {
      if (Math.round(segment.seconds) > targetSeconds)
        say(`segment ${segment.msn} of ${segment.seconds} s is longer than ${targetSeconds} s`)
      const same = known.get(segment.msn)
      known.set(segment.msn, same ?? segment)
      if (same && (same.uri !== segment.uri || same.seconds !== segment.seconds))
        say(`segment ${segment.msn} changed: ${same.uri} ${same.seconds} → ${segment.uri} ${segment.seconds}`)
      if (same && same.discontinuitySequence !== segment.discontinuitySequence)
        say(`segment ${segment.msn}: discontinuity ${same.discontinuitySequence} → ${segment.discontinuitySequence}`)
      if (same && Math.abs(same.dateMs - segment.dateMs) > 2)
        say(`segment ${segment.msn}: date moved by ${segment.dateMs - same.dateMs} ms`)
      const before = segments[place - 1]
      if (before && !segment.discontinuity && Math.abs(segment.dateMs - before.dateMs - before.seconds * 1000) > 2)
        say(`segment ${segment.msn}: its date is not where the one before ends`)
    }
    const newest = segments.at(-1)?.msn ?? -1
    if (previous !== null) {
      const first = segments[0]?.msn ?? -1
      if (targetSeconds !== previous.targetSeconds) say(`TARGETDURATION ${previous.targetSeconds} → ${targetSeconds}`)
      if (first < (previous.segments[0]?.msn ?? 0)) say('MEDIA-SEQUENCE went back')
      if (newest < (previous.segments.at(-1)?.msn ?? 0)) say('the newest segment is gone')
      // RFC 8216, 6.2.1: a new segment within one and a half target durations.
      if (newest > (previous.segments.at(-1)?.msn ?? 0)) newestSince = atMs
      else if (atMs - newestSince > (1.5 * targetSeconds + slackSeconds) * 1000)
        say(`no new segment for ${(atMs - newestSince) / 1000} s`)
      // Nothing is removed before the list that remains is three target durations long.
      const rest = segments.reduce((sum, { seconds }) => sum + seconds, 0)
      if (first > (previous.segments[0]?.msn ?? 0) && (rest < 3 * targetSeconds || segments.length < 6))
        say(`only ${segments.length} segments of ${rest} s remain`)
      if (media.isIndependent && !previous.isIndependent) say('EXT-X-INDEPENDENT-SEGMENTS came later')
    }
    previous = { ...media, atMs }
  }
  if (polls.length === 0) faults.push('no poll at all')
  return faults
}

/** A variant or rendition as a multivariant playlist names it. */
export type ListedVariant = {
  readonly uri: string
  readonly bandwidth: number
  readonly averageBandwidth: number
  readonly codecs: readonly string[]
  readonly resolution: string | null
  readonly frameRate: number | null
  readonly audio: readonly {
    readonly uri: string | null
    readonly name: string
    readonly language: string | null
    readonly isDefault: boolean
  }[]
}

/** Reads a multivariant playlist by `hls-parser` in strict mode. Throws when that refuses. */
export function readMultivariant(text: string): readonly ListedVariant[] {
  const playlist = parse(text)
  if (!(playlist instanceof types.MasterPlaylist)) throw new SyntaxError('This is no multivariant playlist')
  return playlist.variants.map(({ uri, bandwidth, averageBandwidth, codecs, resolution, frameRate, audio }) => ({
    uri,
    bandwidth,
    averageBandwidth: averageBandwidth ?? Number.NaN,
    codecs: codecs?.split(',') ?? [],
    resolution: resolution ? `${resolution.width}x${resolution.height}` : null,
    frameRate: frameRate ?? null,
    audio: audio.map((track) => ({
      uri: track.uri ?? null,
      name: track.name,
      language: track.language ?? null,
      isDefault: track.isDefault,
    })),
  }))
}

/** What is wrong with a multivariant playlist; empty: nothing. */
export function judgeMultivariant(text: string): readonly string[] {
  const faults: string[] = []
  const say = (fault: string): void => void faults.push(fault)
  if (!text.startsWith('#EXTM3U\n')) say('the first line is not #EXTM3U')
  if (parseStrictly(text, say) === null) return faults
  const variants = readMultivariant(text)
  if (variants.length === 0) say('no variant')
  for (const { uri, bandwidth, averageBandwidth, codecs, resolution, audio } of variants) {
    for (const address of [uri, ...audio.flatMap((track) => track.uri ?? [])])
      if (/^[a-z]+:|^\//i.test(address)) say(`"${address}" is not relative`)
    if (!(averageBandwidth > 0 && bandwidth >= averageBandwidth))
      say(`${uri}: ${averageBandwidth} of ${bandwidth} bit/s`)
    if (codecs.length === 0) say(`${uri}: no CODECS`)
    if (codecs.some((codec) => /^(avc|hvc|mp4v)/.test(codec)) && resolution === null) say(`${uri}: no RESOLUTION`)
    if (audio.length > 0 && audio.filter(({ isDefault }) => isDefault).length !== 1)
      say(`${uri}: not one default track`)
    if (new Set(audio.map(({ name }) => name)).size < audio.length) say(`${uri}: two tracks of one name`)
  }
  for (const line of text.split('\n'))
    if (line.startsWith('#EXT-X-MEDIA:') && !line.includes('AUTOSELECT=YES')) say(`not chosen by itself: ${line}`)
  return faults
}
