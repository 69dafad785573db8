/** How programmes become the channel's format: encoded anew, sound only, or as they are. */
export const PLAYOUT_MODES = ['normalise', 'audio-only', 'copy'] as const

/** One of them. */
export type PlayoutMode = (typeof PLAYOUT_MODES)[number]

/** Pictures a second that share a short quantum with every sound codec. */
export const HOUSE_FRAME_RATES = [24, 25, 30, 50, 60] as const

/** Sound codecs of a channel, and how many samples a frame of each has. */
export const HOUSE_SOUND_SAMPLES = { aac: 1024, ac3: 1536, mp2: 1152 } as const

/** The one format that everything on a channel has. Sound is 48 kHz. */
export type HouseFormat = {
  readonly mode: PlayoutMode
  readonly width: number
  readonly height: number
  readonly frameRate: (typeof HOUSE_FRAME_RATES)[number]
  readonly videoKbps: number
  readonly audioCodec: keyof typeof HOUSE_SOUND_SAMPLES
  readonly audioKbps: number
  readonly audioChannels: 1 | 2 | 6
}

/** What a channel has unless its document says otherwise. */
export const DEFAULT_HOUSE: HouseFormat = {
  mode: 'normalise',
  width: 1280,
  height: 720,
  frameRate: 25,
  videoKbps: 3000,
  audioCodec: 'aac',
  audioKbps: 128,
  audioChannels: 2,
}

const SAMPLE_RATE = 48_000
const TICKS = 90_000

/**
 * Shortest stretch in which both pictures and sound frames are whole, in ticks of 90 kHz: 28,800 (0.32 s) for 25 pictures
 * and AAC. All cuts of a channel lie on multiples of it, so that no seam trims sound (protocols/linear-channels.md §6).
 */
export function quantum90k({ frameRate, audioCodec }: Pick<HouseFormat, 'frameRate' | 'audioCodec'>): number {
  const picture = TICKS / frameRate
  const sound = (HOUSE_SOUND_SAMPLES[audioCodec] * TICKS) / SAMPLE_RATE
  return (picture * sound) / greatestCommonDivisor(picture, sound)
}

/** The multiple of the quantum that lies nearest to an instant (epoch milliseconds), as ticks since 1970. */
export const onGrid90k = (instant: number, quantum: number): number =>
  Math.round((instant * (TICKS / 1000)) / quantum) * quantum

/** Pictures from one random access point to the next: the greatest part of about two seconds that the grid allows. */
export function gopPictures(house: Pick<HouseFormat, 'frameRate' | 'audioCodec'>): number {
  const inQuantum = (quantum90k(house) * house.frameRate) / TICKS
  return inQuantum * Math.max(1, Math.floor((2 * house.frameRate) / inQuantum))
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b))
