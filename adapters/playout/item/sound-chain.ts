import type { SoundFacts } from '../../../core/library/media-item.ts'
import type { ItemTools } from './filters.ts'
import { contentsOf, soundCut, soundLayout } from './house-output.ts'
import type { ItemIntent } from './item-intent.ts'

/** At both ends, seconds: a frame of AAC. What an encoder makes of a cut there cannot be heard then. */
const EDGE_SECONDS = 0.021
/** Samples a second by which live sound may be stretched: clocks of others are not ours. */
const LIVE_DRIFT = 1000
/** Beyond this a measurement is a mistake (an empty track), decibels. */
const MOST_GAIN_DB = 20
const LEAST_GAIN_DB = -30

/** How much louder a file has to be, and whether its peaks need a limiter then. Null: it stays as it is. */
export function gainOf({
  file: { loudness },
  looks: { loudness: wish },
}: Pick<ItemIntent, 'file' | 'looks'>): { readonly gainDb: number; readonly needsLimiter: boolean } | null {
  if (wish.targetLufs === null || loudness === null || !Number.isFinite(loudness.integratedLufs)) return null
  const gainDb = Math.max(LEAST_GAIN_DB, Math.min(MOST_GAIN_DB, wish.targetLufs - loudness.integratedLufs))
  return { gainDb, needsLimiter: gainDb > 0 && loudness.truePeakDb + gainDb > wish.peakDb }
}

/**
 * The filter chain of one sound track, from `[input:a:track]` to `[label]`; `track` null: `input` is silence.
 *
 * 48 kHz, the channel's layout, silence where the file has none yet (`first_pts`) or no more (`apad`), a constant gain,
 * soft ends, exactly the samples of the piece. Sound whose layout may change starts when it comes, and the joiner fills up:
 * with the change FFmpeg builds the graph anew, and that would begin with silence from 0 on again.
 */
export function soundChain(
  intent: ItemIntent,
  { input, track, label }: { input: number; track: SoundFacts | null; label: string },
): string {
  const { house, duration90k } = intent
  const { samples } = contentsOf(duration90k, house)
  const isLive = intent.file.path === null
  const end = (samples / 48_000 - EDGE_SECONDS).toFixed(6)
  return [
    `[${input}:a:${track?.index ?? 0}]aresample=48000:async=${isLive ? LIVE_DRIFT : 1}${isSteady(intent, track) ? ':first_pts=0' : ''}`,
    `aformat=sample_fmts=fltp:channel_layouts=${soundLayout(house)}`,
    ...loudnessFilters(intent),
    ...(isLive ? [] : ['apad']),
    `afade=t=in:d=${EDGE_SECONDS},afade=t=out:st=${end}:d=${EDGE_SECONDS}`,
    `${soundCut(house, samples)}[${label}]`,
  ].join(',')
}

/** Whether its layout stays as it is: recordings of broadcasts change theirs, and the decoder of AC-3 hides that. */
const isSteady = ({ file, tools }: ItemIntent, track: SoundFacts | null): boolean =>
  track === null ||
  (file.path !== null && (file.facts.container !== 'mpegts' || track.codec === 'mp2' || mixesDown(tools, track)))

/** Decoders that bring any layout to the channel's by themselves. */
export const mixesDown = ({ hasDownmix }: ItemTools, { codec }: Pick<SoundFacts, 'codec'>): boolean =>
  hasDownmix && /^(e?ac3|dts|truehd)$/.test(codec)

function loudnessFilters(intent: ItemIntent): readonly string[] {
  const gain = gainOf(intent)
  if (gain === null) return []
  const { peakDb } = intent.looks.loudness
  if (!gain.needsLimiter) return [`volume=${gain.gainDb.toFixed(2)}dB`]
  // Without a limiter it gets only as loud as its peaks allow.
  if (!intent.tools.filters.has('alimiter') || intent.isPlain)
    return [`volume=${Math.max(0, peakDb - (intent.file.loudness?.truePeakDb ?? 0)).toFixed(2)}dB`]
  const limit = 10 ** (peakDb / 20)
  return [`volume=${gain.gainDb.toFixed(2)}dB`, `alimiter=limit=${limit.toFixed(4)}:level=disabled:attack=5:release=50`]
}
