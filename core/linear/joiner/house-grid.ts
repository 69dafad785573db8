import type { ElementaryStream, Program } from '../../live/program.ts'
import { languageDescriptor } from '../../live/remux/sample.ts'
import { HOUSE_SOUND_SAMPLES, quantum90k } from '../house-format.ts'
import type { HouseFormat } from '../house-format.ts'

/** Pictures that decoders may hold back to put them in order, where pictures come as they were encoded elsewhere. */
const REORDERED_PICTURES = 4

/** The steps of a channel's line, ticks of 90 kHz: pictures, frames of sound, and where both meet. */
export type HouseGrid = {
  readonly picture: number
  readonly sound: number
  readonly quantum: number
  /** So far the times of decoding are before those of showing. What we encode has no pictures to be put in order. */
  readonly reorder: number
}

/** The grid of a house format. */
export function houseGrid(house: HouseFormat): HouseGrid {
  const picture = 90_000 / house.frameRate
  return {
    picture,
    sound: (HOUSE_SOUND_SAMPLES[house.audioCodec] * 90_000) / 48_000,
    quantum: quantum90k(house),
    reorder: house.mode === 'normalise' ? 0 : REORDERED_PICTURES * picture,
  }
}

/** The next place of a grid at or behind this time. */
export const gridUp = (time: number, step: number): number => Math.ceil(time / step) * step

/** The last place of a grid at or before this time. */
export const gridDown = (time: number, step: number): number => Math.floor(time / step) * step

const VIDEO_PID = 0x100
const FIRST_AUDIO_PID = 0x101
const PMT_PID = 0x1000

const SOUND_TYPES = {
  aac: { streamType: 0x0f, descriptors: [] },
  // AC-3_descriptor, ETSI EN 300 468, annex D.3.
  ac3: { streamType: 0x06, descriptors: [0x6a, 1, 0] },
  mp2: { streamType: 0x03, descriptors: [] },
} as const

/**
 * The programme that a channel of this format announces; it never changes while the format stays. `languages`: of each sound
 * track, ISO 639-2; null: not said.
 */
export function houseProgram({ audioCodec }: HouseFormat, languages: readonly (string | null)[]): Program {
  const { streamType, descriptors } = SOUND_TYPES[audioCodec]
  const video = { pid: VIDEO_PID, kind: 'video', codec: 'h264', streamType: 0x1b } as const
  return {
    programNumber: 1,
    version: 0,
    pmtPid: PMT_PID,
    pcrPid: VIDEO_PID,
    streams: [
      { ...video, language: null, descriptors: new Uint8Array() },
      ...languages.map((language, track): ElementaryStream => ({
        pid: FIRST_AUDIO_PID + track,
        kind: 'audio',
        codec: audioCodec,
        streamType,
        language,
        descriptors: Uint8Array.from([...descriptors, ...languageDescriptor(language)]),
      })),
    ],
  }
}
