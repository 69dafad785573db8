import type { Piece } from '../../core/live/ring/piece.ts'
import { audioStreams, textStreams } from '../../core/live/program.ts'
import type { AudioRendition, Variant } from '../../core/live/hls-playlist.ts'
import { AUDIO_CODEC_STRINGS } from '../../core/live/codec-strings.ts'
import type { VideoFacts } from '../../core/live/codec-strings.ts'
import type { ElementaryStream, Program } from '../../core/live/program.ts'
import { CHARACTERISTICS, languageTag, trackName } from '../../core/live/sound/names.ts'
import { soundRole } from '../../core/live/sound/role.ts'

/** Which sound a caller asked for; absent: all variants. */
export type AudioChoice = 'aac' | 'original'

/** What a variant consists of. */
export type VariantContent = {
  readonly hasVideo: boolean
  /** Sound tracks that are in it, in order. */
  readonly audio: (program: Program) => readonly ElementaryStream[]
  /** Those of them that are made into AAC. */
  readonly aac: (program: Program) => readonly ElementaryStream[]
  /** Teletext and subtitles that are in it, in MPEG-TS only: no player reads them out of fragments. */
  readonly texts: (program: Program) => readonly ElementaryStream[]
}

const none = (): readonly ElementaryStream[] => []

const isAac = ({ codec }: ElementaryStream): boolean => codec === 'aac'
const isDolby = ({ codec }: ElementaryStream): boolean => codec === 'ac3' || codec === 'eac3'
const onlyForeign = (streams: readonly ElementaryStream[]): readonly ElementaryStream[] =>
  streams.filter((stream) => !isAac(stream))

/** The track that plays if nobody chooses: one that is AAC already, else the first. */
const defaultAudio = (program: Program): readonly ElementaryStream[] => {
  const streams = audioStreams(program)
  const found = streams.find(isAac) ?? streams[0]
  return found === undefined ? [] : [found]
}

/**
 * Variants by their name in URLs: `aac` (picture and the default track as AAC), `dolby` (picture and AC-3/E-AC-3 as sent),
 * `original` (picture and all sound, teletext and subtitles as sent), `video` (picture alone), `aac{pid}` (one track as AAC, alone), `dolby{pid}` (one track as sent, alone). Null: no such name.
 */
export function readVariant(name: string): VariantContent | null {
  if (name === 'aac')
    return { hasVideo: true, audio: defaultAudio, aac: (program) => onlyForeign(defaultAudio(program)), texts: none }
  if (name === 'dolby')
    return { hasVideo: true, audio: (program) => audioStreams(program).filter(isDolby), aac: none, texts: none }
  if (name === 'original') return { hasVideo: true, audio: audioStreams, aac: none, texts: textStreams }
  if (name === 'video') return { hasVideo: true, audio: none, aac: none, texts: none }
  const [, kind, digits] = /^(aac|dolby)(\d{1,4})$/.exec(name) ?? []
  if (digits === undefined) return null
  const pid = Number(digits)
  const track = (program: Program): readonly ElementaryStream[] =>
    audioStreams(program).filter((stream) => stream.pid === pid)
  const made = (program: Program): readonly ElementaryStream[] => onlyForeign(track(program))
  return { hasVideo: false, audio: track, aac: kind === 'aac' ? made : none, texts: none }
}

/** ADTS AAC in the PMT. ISO/IEC 13818-1, table 2-34. */
const AAC_STREAM_TYPE = 0x0f
const LANGUAGE_DESCRIPTOR = 0x0a

/** The programme as a variant's own PMT announces it. */
export function variantProgram(program: Program, content: VariantContent): Program {
  const made = new Set(content.aac(program).map(({ pid }) => pid))
  const video = content.hasVideo ? program.streams.filter(({ kind }) => kind === 'video') : []
  const audio = content
    .audio(program)
    .map((stream): ElementaryStream => (made.has(stream.pid) ? asAac(stream) : stream))
  const streams = [...video, ...audio, ...content.texts(program)]
  const carriers = content.hasVideo && video.length > 0 ? streams : audio.filter(({ pid }) => !made.has(pid))
  const hasClock = carriers.some(({ pid }) => pid === program.pcrPid)
  return { ...program, streams, pcrPid: hasClock ? program.pcrPid : (streams[0]?.pid ?? program.pcrPid) }
}

function asAac(stream: ElementaryStream): ElementaryStream {
  const code = stream.language
  const descriptors =
    code === null ? [] : [LANGUAGE_DESCRIPTOR, 4, code.charCodeAt(0), code.charCodeAt(1), code.charCodeAt(2), 0]
  return { ...stream, codec: 'aac', streamType: AAC_STREAM_TYPE, descriptors: Uint8Array.from(descriptors) }
}

/** Bits a second of a channel whose size is all that is known yet; generous, as a peak has to be. */
const guessBandwidth = (facts: VideoFacts | null): number => {
  if (facts === null) return 256_000
  if (facts.height > 1100) return 30_000_000
  return facts.height > 600 ? 12_000_000 : 5_000_000
}

/** Bit rates that a channel was made with, picture and sound together. */
export type MadeRate = { readonly averageKbps: number; readonly peakKbps: number }

/**
 * Renditions and variants of a channel for its multivariant playlist.
 *
 * The first variant is what every browser and phone plays: the picture with AAC muxed into it, since one list is quicker
 * to start than two and plays alike everywhere. Further languages are renditions of their own. AC-3 and E-AC-3 as sent are
 * a second variant with its own group.
 *
 * In fragments a player cannot change one muxed track for another list's (hls.js keeps them in one buffer): where there is
 * something to choose, the picture is alone there, and each track a rendition.
 */
export function describeVariants(input: {
  readonly program: Program
  readonly facts: VideoFacts | null
  readonly pieces: readonly Piece[]
  /** What the channel was made with; null: it was not made here. */
  readonly made: MadeRate | null
  readonly canAac: boolean
  /** The delivery is in fragmented MP4. */
  readonly isFragmented: boolean
  readonly choice: AudioChoice | null
  /** Channels of AAC that is made here. */
  readonly madeChannels: number
  /** Channels of a track as it is sent; null: not known yet. */
  readonly channelsOf: (stream: ElementaryStream) => number | null
  readonly uri: (variant: string) => string
}): { readonly renditions: readonly AudioRendition[]; readonly variants: readonly Variant[] } {
  const { program, facts, uri } = input
  const audio = audioStreams(program)
  const rates = input.pieces.map(({ bytes, duration90k }) => (bytes * 8 * 90_000) / duration90k)
  const known = input.made === null ? guessBandwidth(facts) : input.made.averageKbps * 1000
  const average = rates.length === 0 ? known : rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  const peak = Math.max(average, ...rates, (input.made?.peakKbps ?? 0) * 1000)
  const variant = (
    name: string,
    sound: readonly ElementaryStream[],
    asAacNow: boolean,
    audioGroup: string | null,
  ): Variant => ({
    uri: uri(name),
    bandwidth: Math.ceil(peak * 1.1),
    averageBandwidth: Math.ceil(average),
    codecs: [
      ...(facts?.codec ? [facts.codec] : []),
      ...new Set(sound.flatMap((stream) => (asAacNow ? 'mp4a.40.2' : AUDIO_CODEC_STRINGS[stream.codec]) ?? [])),
    ],
    resolution: facts === null ? null : { width: facts.width, height: facts.height },
    frameRate: facts?.frameRate ?? null,
    audioGroup,
  })

  const main = defaultAudio(program)
  const isPlain = audio.length === 0 || !input.canAac
  if (input.choice === 'original' || (input.choice === null && isPlain))
    return { renditions: [], variants: [variant('original', audio, false, null)] }
  if (input.choice === 'aac') return { renditions: [], variants: [variant('aac', main, true, null)] }

  const sounds = differentSounds(audio, main)
  const dolby = audio.filter(isDolby)
  const hasVideo = program.streams.some(({ kind }) => kind === 'video')
  const isApart = input.isFragmented && hasVideo && (sounds.length > 1 || dolby.length > 1)
  const rendition =
    (group: 'aac' | 'dolby', isAlone: (index: number) => boolean) =>
    (stream: ElementaryStream, index: number, all: readonly ElementaryStream[]): AudioRendition => ({
      group,
      name: trackName(stream, all.slice(0, index)),
      language: languageTag(stream.language),
      isDefault: index === 0,
      channels: group === 'aac' && !isAac(stream) ? input.madeChannels : input.channelsOf(stream),
      characteristics: CHARACTERISTICS[soundRole(stream)],
      uri: isAlone(index) ? uri(`${group}${stream.pid}`) : null,
    })
  const renditions = sounds.map(rendition('aac', (index) => isApart || index > 0))
  const variants = [variant(isApart ? 'video' : 'aac', main, true, 'aac')]
  if (dolby.length > 0) {
    // Muxed, there is one entry for all of them: who plays this has a list of the tracks itself.
    const named = isApart ? dolby : dolby.slice(0, 1)
    renditions.push(...named.map(rendition('dolby', () => isApart)))
    variants.push(variant(isApart ? 'video' : 'dolby', dolby, false, 'dolby'))
  }
  return { renditions, variants }
}

/**
 * Tracks that say something of their own, the main one first. The same in another codec does not: the n-th track of a
 * language and a purpose is taken for the n-th of every other codec.
 */
function differentSounds(
  audio: readonly ElementaryStream[],
  main: readonly ElementaryStream[],
): readonly ElementaryStream[] {
  const kindOf = (stream: ElementaryStream): string => `${stream.language}/${soundRole(stream)}`
  const nameOf = (stream: ElementaryStream): string => {
    const before = audio.slice(0, audio.indexOf(stream))
    const rank = before.filter((other) => other.codec === stream.codec && kindOf(other) === kindOf(stream)).length
    return `${kindOf(stream)}/${rank}`
  }
  const found = new Map<string, ElementaryStream>()
  for (const stream of [...main, ...audio]) if (!found.has(nameOf(stream))) found.set(nameOf(stream), stream)
  return [...found.values()]
}
