import { createHash } from 'node:crypto'
import type { SlateLoop } from '../../../core/live/slate.ts'
import type { Log } from '../../../core/log.ts'
import type { Ffmpeg } from '../../ffmpeg/resolve.ts'
import { drawText, wrapText } from '../../ffmpeg/slate-picture.ts'
import type { VideoEncoder } from '../../ffmpeg/video-encoder.ts'
import { probeItemTools } from './filters.ts'
import type { ItemTools } from './filters.ts'
import { rasterOf } from './house-output.ts'
import type { HouseStyle } from './house-output.ts'
import { houseSlateArgs, SLATE_START_90K, slateLength90k } from './house-slate-args.ts'
import { createPieceShelf } from './piece-shelf.ts'
import { outputOf } from './short-run.ts'

/** Changes with everything that changes how slates look: those on the disk are left alone then. */
const VERSION = 1
/** Loops of some 50 kB that are kept in memory, and files on the disk. */
const MAX_KEPT = 40
/** A loop of this size is no still picture. */
const MAX_BYTES = 8 * 1024 * 1024
/** Milliseconds that FFmpeg may take for one, and letters in a line of the text below the headline. */
const MAKE_MS = 30_000
const LINE_LETTERS = 36
const MAX_LINES = 5

/** What a slate says: a headline, and a text below it (null: none), which is broken into lines. */
export type HouseSlateText = { readonly headline: string; readonly text: string | null }

/**
 * A loop in a channel's format: a multiple of its quantum long, DTS = PTS, picture and every sound track from `start90k`
 * on, one frame of sound in each PES packet, one GOP. It may be played over and over.
 */
export type HouseSlate = SlateLoop & { readonly start90k: number; readonly length90k: number }

/** Makes slates in the format of channels. */
export interface HouseSlates {
  /** The loop; null: it cannot be made here (no FFmpeg, no encoder), which was logged. Later calls give the same one at once. */
  slate(words: HouseSlateText, style: HouseStyle): Promise<HouseSlate | null>
}

/** What house slates are made with. `dir`: where finished ones stay. `encoder`: null if there is none for H.264. */
export type HouseSlatesOptions = {
  readonly ffmpeg: Pick<Ffmpeg, 'path' | 'encoders'>
  readonly encoder: () => VideoEncoder | null
  readonly dir: string
  readonly log: Log
}

/**
 * Makes each slate once, one at a time, and keeps the last forty in memory and on the disk: a channel then shows it
 * without any process.
 */
export function createHouseSlates({ ffmpeg, encoder, dir, log }: HouseSlatesOptions): HouseSlates {
  const shelf = createPieceShelf({ dir, suffix: '.ts', most: MAX_KEPT, log })
  let tools: Promise<ItemTools> | null = null
  // A still picture is no work: software makes it with the best certainty.
  const chosen = (): VideoEncoder | null => (ffmpeg.encoders.has('libx264') ? { kind: 'software' } : encoder())
  return {
    async slate(words, style) {
      const { path } = ffmpeg
      const best = chosen()
      if (path === null || best === null || !ffmpeg.encoders.has(style.house.audioCodec)) return null
      const name = nameOf(words, style, best)
      const bytes = await shelf.piece(name, async () => {
        tools ??= probeItemTools(path).catch((error: unknown) => {
          tools = null
          throw error
        })
        const lines = wrapText(words.text ?? '', LINE_LETTERS, MAX_LINES)
        return outputOf(path, houseSlateArgs(style, best, await tools), {
          input: drawText({ headline: words.headline, lines }, rasterOf(style.house)),
          timeoutMs: MAKE_MS,
          maxBytes: MAX_BYTES,
          signal: new AbortController().signal,
        })
      })
      if (bytes === null) {
        log('warn', 'house-slate-failed', { headline: words.headline })
        return null
      }
      const length90k = slateLength90k(style)
      return { bytes, durationMs: length90k / 90, start90k: SLATE_START_90K, length90k }
    },
  }
}

const nameOf = (words: HouseSlateText, { house, looks, serviceName }: HouseStyle, encoder: VideoEncoder): string => {
  const { audioTracks, languages } = looks
  const all = JSON.stringify([VERSION, words, house, audioTracks, languages, serviceName, encoder.kind])
  return createHash('sha256').update(all).digest('hex').slice(0, 32)
}
