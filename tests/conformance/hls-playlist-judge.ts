import { parse, setOptions, types } from 'hls-parser'

// What a strict player thinks of playlists (RFC 8216, draft-pantos-hls-rfc8216bis, Apple's authoring rules). Reads the texts by
// itself beside `hls-parser`: it shares no code with what it judges.

setOptions({ strictMode: true })

/** A part as a playlist names it. */
export type ListedPart = { readonly uri: string; readonly seconds: number; readonly independent: boolean }

/** A segment as a playlist names it; `uri` '': it is still under way. */
export type ListedSegment = {
  readonly msn: number
  readonly uri: string
  /** URI of EXT-X-MAP that applies to it; null: it needs none. */
  readonly map: string | null
  readonly parts: readonly ListedPart[]
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
  readonly version: number
  /** Complete segments. */
  readonly segments: readonly ListedSegment[]
  /** What is under way, with the parts that are there; null: nothing yet. */
  readonly open: ListedSegment | null
  /** Attributes of EXT-X-SERVER-CONTROL. */
  readonly control: ReadonlyMap<string, string>
  readonly partTarget: number | null
  /** URI of the part that comes next. */
  readonly hint: string | null
  readonly reports: readonly ReadonlyMap<string, string>[]
  /** Segments that EXT-X-SKIP stands for. */
  readonly skipped: number
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
  '#EXT-X-MAP',
  '#EXT-X-PART-INF',
  '#EXT-X-PART',
  '#EXT-X-PRELOAD-HINT',
  '#EXT-X-RENDITION-REPORT',
  '#EXT-X-SKIP',
  '#EXT-X-START',
])

/** An attribute list. RFC 8216, 4.2. */
const attributesOf = (value: string): Map<string, string> =>
  new Map(
    [...value.matchAll(/([A-Z-]+)=(?:"([^"]*)"|([^,"]+))/g)].map(([, name = '', quoted, plain]) => [
      name,
      quoted ?? plain ?? '',
    ]),
  )

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
  let map: string | null = null
  let parts: ListedPart[] = []
  let control: ReadonlyMap<string, string> = new Map()
  let partTarget: number | null = null
  let hint: string | null = null
  let version = 1
  let skipped = 0
  const reports: ReadonlyMap<string, string>[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('#')) {
      const [, name = '', value = ''] = /^(#[A-Z0-9-]+):?(.*)$/.exec(line) ?? []
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (!NOTHING_ELSE.has(name)) say(`line "${line}" is not expected`)
      if (name === '#EXT-X-TARGETDURATION') {
        if (!/^\d+$/.test(value)) say(`TARGETDURATION "${value}" is no whole number`)
        target = Number(value)
      }
      const attributes = attributesOf(value)
      const uri = attributes.get('URI') ?? ''
      if (name === '#EXT-X-VERSION') version = Number(value)
      if (name === '#EXT-X-MEDIA-SEQUENCE') msn = Number(value)
      if (name === '#EXT-X-SKIP') {
        skipped = Number(attributes.get('SKIPPED-SEGMENTS'))
        msn += skipped
      }
      if (name === '#EXT-X-SERVER-CONTROL') control = attributes
      if (name === '#EXT-X-PART-INF') partTarget = Number(attributes.get('PART-TARGET'))
      if (name === '#EXT-X-MAP') map = uri
      if (name === '#EXT-X-PRELOAD-HINT' && attributes.get('TYPE') === 'PART') hint = uri
      if (name === '#EXT-X-RENDITION-REPORT') reports.push(attributes)
      if (name === '#EXT-X-PART') {
        if (hint !== null) say('a part behind the hint')
        const independent = attributes.get('INDEPENDENT') === 'YES'
        parts.push({ uri, seconds: Number(attributes.get('DURATION')), independent })
      }
      if (name === '#EXT-X-DISCONTINUITY-SEQUENCE') sequence = Number(value)
      if (name === '#EXT-X-DISCONTINUITY') {
        if (parts.length > 0) say('EXT-X-DISCONTINUITY behind the first part')
        discontinuity = true
        map = null
      }
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
      map,
      parts,
      seconds: seconds ?? 0,
      discontinuity,
      discontinuitySequence: sequence,
      dateMs: date,
    })
    date += (seconds ?? 0) * 1000
    msn += 1
    seconds = null
    discontinuity = false
    parts = []
  }
  const running = parts.reduce((sum, part) => sum + part.seconds, 0)
  const open: ListedSegment | null =
    parts.length === 0
      ? null
      : {
          msn,
          uri: '',
          map,
          parts,
          seconds: running,
          discontinuity,
          discontinuitySequence: sequence + (discontinuity ? 1 : 0),
          dateMs: date,
        }
  for (const name of ['#EXTM3U', '#EXT-X-TARGETDURATION', '#EXT-X-MEDIA-SEQUENCE', '#EXT-X-VERSION'])
    if (counts.get(name) !== 1) say(`${name} stands there ${counts.get(name) ?? 0} times`)
  if (!text.startsWith('#EXTM3U\n')) say('the first line is not #EXTM3U')
  if (!text.endsWith('\n')) say('the last line has no end')
  return {
    targetSeconds: target,
    isIndependent: counts.has('#EXT-X-INDEPENDENT-SEGMENTS'),
    hasEnded: counts.has('#EXT-X-ENDLIST'),
    version,
    segments,
    open,
    control,
    partTarget,
    hint,
    reports,
    skipped,
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
 * `slackSeconds`: how much later than the rule the source's own time lets a segment come (a stall, a reconnect). `hasLoss`:
 * pictures are missing, so that a part may be longer than its list can say.
 */
export function judgePolls(polls: readonly Poll[], { slackSeconds = 0, hasLoss = false } = {}): readonly string[] {
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
    if (media.partTarget !== null) judgeParts(media, say, hasLoss)
    if (Number.isNaN(segments[0]?.dateMs)) say('the first segment has no EXT-X-PROGRAM-DATE-TIME')
    for (const [place, segment] of segments.entries()) {
      if (Math.round(segment.seconds) > targetSeconds)
        say(`segment ${segment.msn} of ${segment.seconds} s is longer than ${targetSeconds} s`)
      const same = known.get(segment.msn)
      known.set(segment.msn, same ?? segment)
      if (same && (same.uri !== segment.uri || same.seconds !== segment.seconds))
        say(`segment ${segment.msn} changed: ${same.uri} ${same.seconds} → ${segment.uri} ${segment.seconds}`)
      if (segment.uri.endsWith('.m4s') && segment.map === null) say(`segment ${segment.msn} has no EXT-X-MAP`)
      if (segment.uri.endsWith('.m4s') && media.version < 6) say(`version ${media.version} with EXT-X-MAP`)
      if (same && same.map !== segment.map) say(`segment ${segment.msn}: map ${same.map} → ${segment.map}`)
      for (const [index, part] of segment.parts.entries())
        if (same?.parts[index] && JSON.stringify(part) !== JSON.stringify(same.parts[index]))
          say(`part ${part.uri} changed`)
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
      if (media.partTarget !== previous.partTarget) say(`PART-TARGET ${previous.partTarget} → ${media.partTarget}`)
      const arrived = [...segments, ...(media.open === null ? [] : [media.open])].flatMap(({ parts }) => parts)
      const isNew =
        newest !== (previous.segments.at(-1)?.msn ?? -1) || media.open?.parts.length !== previous.open?.parts.length
      // A list at the end of which parts were left out again cannot tell.
      if (
        media.hint !== previous.hint &&
        isNew &&
        !arrived.some(({ uri }) => uri === previous?.hint) &&
        newest < (previous.segments.at(-1)?.msn ?? 0) + 3
      )
        say(`the part ${previous.hint} that was announced never came`)
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

/** `draft-pantos-hls-rfc8216bis`, 4.4.3.7, 4.4.3.8, 4.4.4.9, 4.4.5.3; `hls-ffmpeg.md` §8, "Low latency". */
function judgeParts(media: ListedMedia, say: (fault: string) => void, hasLoss: boolean): void {
  const { control, targetSeconds, segments, open, hint } = media
  const partTarget = media.partTarget ?? 0
  const number = (name: string): number => Number(control.get(name))
  if (!(partTarget >= 0.33 && partTarget <= 0.5)) say(`PART-TARGET ${partTarget}`)
  if (control.get('CAN-BLOCK-RELOAD') !== 'YES') say('no CAN-BLOCK-RELOAD')
  if (!(number('PART-HOLD-BACK') >= 3 * partTarget - 0.0001)) say(`PART-HOLD-BACK ${control.get('PART-HOLD-BACK')}`)
  if (!(number('HOLD-BACK') >= 3 * targetSeconds)) say(`HOLD-BACK ${control.get('HOLD-BACK')}`)
  if (!(number('CAN-SKIP-UNTIL') >= 6 * targetSeconds)) say(`CAN-SKIP-UNTIL ${control.get('CAN-SKIP-UNTIL')}`)
  if (hint === null) say('no EXT-X-PRELOAD-HINT')
  if (segments.length === 0) say('no complete segment: hls.js refuses that')
  if (media.skipped > 0 && media.version < 9) say(`version ${media.version} with EXT-X-SKIP`)
  let behind = open?.seconds ?? 0
  for (const { msn, parts, seconds } of segments.toReversed()) {
    if (parts.length > 0 && behind > 3 * targetSeconds) say(`parts of segment ${msn}, ${behind} s before the end`)
    behind += seconds
    const sum = parts.reduce((total, part) => total + part.seconds, 0)
    if (!hasLoss && parts.length > 0 && Math.abs(sum - seconds) > 0.0001)
      say(`segment ${msn} of ${seconds} s has parts of ${sum} s`)
  }
  for (const { msn, parts, uri } of [...segments, ...(open === null ? [] : [open])])
    for (const [index, part] of parts.entries()) {
      if (part.seconds > partTarget + 0.00001) say(`part ${part.uri} of ${part.seconds} s`)
      const isLast = uri !== '' && index === parts.length - 1
      if (!isLast && part.seconds < 0.85 * partTarget)
        say(`part ${part.uri} of ${part.seconds} s is no last one of ${msn}`)
    }
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
