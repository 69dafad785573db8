import { buildFragment } from './fmp4/fragment.ts'
import type { Fmp4Run, Fmp4Sample } from './fmp4/fragment.ts'
import { buildInitSection } from './fmp4/init-section.ts'
import { pictureFormat, pictureSample } from './fmp4/picture-format.ts'
import type { PictureFormat } from './fmp4/picture-format.ts'
import { splitSound } from './fmp4/sound-format.ts'
import type { SoundFormat } from './fmp4/sound-format.ts'
import type { Span } from './ring/piece.ts'
import { startingClean } from './hls-segment.ts'
import { elementaryBytes } from './pes-unit.ts'
import type { PesUnit } from './pes-unit.ts'
import type { Codec, Program } from './program.ts'
import { diff90k } from './timestamps.ts'

// Boxes are written here and not by mediabunny's muxer, which has no fragments within a GOP (docs/adr/0007): a fragment is a
// function of a stretch of the ring, so no variant needs a muxer that has seen all that came before.

/** Sound of one track within a span. `next90k`: PTS of what comes behind it; null if that is not known. */
export type SoundRun = {
  readonly pid: number
  /** Of `units`: AAC where it was made. */
  readonly codec: Codec
  readonly language: string | null
  readonly units: readonly PesUnit[]
  readonly next90k: number | null
}

/** How the tracks of a variant are written: the picture first, then sound by PID. A track that is not here is left out. */
export type FragmentFormat = {
  readonly picture: PictureFormat | null
  readonly sounds: ReadonlyMap<number, SoundFormat & { readonly language: string | null }>
}

/** What is known of a stretch: what it is made of, in the programme that was on. */
export type FragmentContent = {
  readonly span: Span
  readonly program: Program
  /** Pictures that start in it; empty for variants without. */
  readonly pictures: readonly PesUnit[]
  readonly sounds: readonly SoundRun[]
}

/** Ticks a second of pictures: those of the broadcast, so that no time is ever rounded. */
const PICTURE_TIMESCALE = 90_000

/** What is missing longer than this is a hole between fragments too. */
const MAX_HOLE_SECONDS = 1

const videoCodec = (program: Program): Codec => program.streams.find(({ kind }) => kind === 'video')?.codec ?? 'other'

/**
 * The format of a stretch. What it does not say itself (no parameter sets, no sound) is as before it; null where the picture's
 * is not known.
 */
export function fragmentFormat(
  { program, pictures, sounds }: FragmentContent,
  before: FragmentFormat | null,
): FragmentFormat | null {
  const codec = videoCodec(program)
  let picture: PictureFormat | null = null
  for (const unit of pictures) {
    if (picture === null && unit.randomAccess) picture = pictureFormat(codec, elementaryBytes(unit))
  }
  if (pictures.length > 0) picture ??= before?.picture ?? null
  if (pictures.length > 0 && picture === null) return null
  const known = sounds.flatMap(({ pid, codec: coded, language, units }) => {
    const [first] = units
    const own = first === undefined ? null : splitSound(coded, elementaryBytes(first)).format
    const format = own ?? before?.sounds.get(pid) ?? null
    return format === null ? [] : [[pid, { ...format, language }] as const]
  })
  return { picture, sounds: new Map(known) }
}

/** The initialization section of a format. */
export function initSection({ picture, sounds }: FragmentFormat): Uint8Array<ArrayBuffer> {
  const video =
    picture === null ? [] : [{ kind: 'video', timescale: PICTURE_TIMESCALE, language: null, ...picture } as const]
  const audio = [...sounds.values()].map(
    ({ sampleRate, sampleEntry, language }) =>
      ({ kind: 'audio', timescale: sampleRate, sampleEntry, language, width: 0, height: 0 }) as const,
  )
  return buildInitSection([...video, ...audio])
}

/**
 * A stretch as one fragment on the ring's clock, which runs on over breaks: each track starts where it ended before.
 *
 * `clean`: a decoder starts here, with the first random access point. `sequence` counts up from fragment to fragment.
 */
export function writeFragment(
  content: FragmentContent,
  { sequence, format, clean }: { readonly sequence: number; readonly format: FragmentFormat; readonly clean: boolean },
): Uint8Array<ArrayBuffer> {
  const { span, sounds } = content
  const { picture } = format
  const runs: Fmp4Run[] = picture === null ? [] : [pictureRun(content, picture, clean)]
  const first = runs.length + 1
  for (const [index, [pid, soundFormat]] of [...format.sounds].entries()) {
    const run = sounds.find((sound) => sound.pid === pid)
    if (run !== undefined) runs.push(soundRun(run, span, { trackId: first + index, ...soundFormat }))
  }
  return buildFragment(sequence, runs)
}

function pictureRun({ span, program, pictures }: FragmentContent, format: PictureFormat, clean: boolean): Fmp4Run {
  const access = clean ? pictures.findIndex(({ randomAccess }) => randomAccess) : 0
  const kept = clean && access >= 0 ? startingClean(pictures.slice(access), program) : pictures
  const timeOf = ({ dts90k }: PesUnit): number => span.start90k + diff90k(dts90k, span.startDts90k)
  const shown = kept.flatMap((unit) => {
    const bytes = elementaryBytes(unit)
    // Of a picture that was left out, the clock may have stayed.
    return bytes.length === 0 ? [] : { unit, time: timeOf(unit), bytes: pictureSample(format, bytes) }
  })
  const end = span.start90k + span.duration90k
  return {
    trackId: 1,
    decodeTime: shown[0]?.time ?? span.start90k,
    samples: shown.map(({ unit, time, bytes }, index): Fmp4Sample => ({
      bytes,
      duration: (shown[index + 1]?.time ?? end) - time,
      compositionOffset: diff90k(unit.pts90k, unit.dts90k),
      isSync: unit.randomAccess,
    })),
  }
}

function soundRun(
  { codec, units, next90k }: SoundRun,
  span: Span,
  { trackId, sampleRate }: { readonly trackId: number; readonly sampleRate: number },
): Fmp4Run {
  /** Every time is rounded by itself, so that fragments meet wherever they are cut. */
  const ticks = (pts90k: number, samples: number): number =>
    Math.round(((span.start90k + diff90k(pts90k, span.startDts90k)) * sampleRate) / 90_000) + samples
  const frames: { time: number; samples: number; bytes: Uint8Array }[] = []
  for (const unit of units) {
    let behind = 0
    for (const { payload, samples } of splitSound(codec, elementaryBytes(unit)).frames) {
      const time = ticks(unit.pts90k, behind)
      behind += samples
      // What a source sends twice is heard once.
      if (time > (frames.at(-1)?.time ?? -1)) frames.push({ time, samples, bytes: payload })
    }
  }
  const next = next90k === null ? null : ticks(next90k, 0)
  return {
    trackId,
    decodeTime: frames[0]?.time ?? 0,
    samples: frames.map(({ time, samples, bytes }, index): Fmp4Sample => {
      const until = frames[index + 1]?.time ?? next
      const way = until === null ? 0 : until - time
      return {
        bytes,
        // A hole in the sound stands as a longer frame, so that the next fragment begins where this one ends.
        duration: way > 0 && way < MAX_HOLE_SECONDS * sampleRate ? way : samples,
        compositionOffset: 0,
        isSync: true,
      }
    }),
  }
}
