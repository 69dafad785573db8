import type { Loudness } from '../../../core/library/media-item.ts'
import { SAFE_INPUT } from '../probe/refusal.ts'
import { runProgram } from '../run-program.ts'
import type { ProgramRun } from '../run-program.ts'

/** A stretch, in milliseconds of the file. */
export type Stretch = { readonly fromMs: number; readonly toMs: number }

/** What listening to a whole file tells. */
export type SoundReport = {
  /** Null: there is nothing to hear in it. */
  readonly loudness: Loudness | null
  readonly silences: readonly Stretch[]
}

/** What the first pass of a measurement needs to be run with. */
export type MeasureRun = Pick<ProgramRun, 'signal' | 'isHeld'>

/** A film of four hours on a slow share is read within this. */
const LONGEST_MS = 60 * 60_000
const KEPT_BYTES = 64 * 1024
const MOST_SILENCES = 2000
/** EBU Tech 3341: what is quieter is gated out; a whole file of it is silent. */
const NOTHING_LUFS = -69

/**
 * Listens to the first sound track of a file: loudness of the whole (EBU R 128) and silences of at least 0.3 s below
 * −60 dB, in one pass that decodes no picture. Null: FFmpeg could not. Fails with the signal's reason.
 *
 * Source: protocols/linear-channels.md §11 and §12; FFmpeg, filters `ebur128` and `silencedetect`.
 */
export async function measureSound(ffmpeg: string, path: string, run: MeasureRun): Promise<SoundReport | null> {
  const silences: Stretch[] = []
  let from: number | null = null
  const end = await runProgram(
    ffmpeg,
    [
      '-nostdin',
      '-hide_banner',
      '-nostats',
      '-v',
      'info',
      ...SAFE_INPUT,
      '-i',
      `file:${path}`,
      '-map',
      '0:a:0',
      '-vn',
      '-sn',
      '-dn',
      '-threads',
      '1',
      // Lines for each tenth of a second would be told at level "info" otherwise.
      '-af',
      'silencedetect=n=-60dB:d=0.3,ebur128=peak=true:framelog=verbose',
      '-f',
      'null',
      '-',
    ],
    {
      ...run,
      timeoutMs: LONGEST_MS,
      mostBytes: KEPT_BYTES,
      isQuiet: true,
      onMessage(line) {
        const [, edge, seconds] = /silence_(start|end): (-?[\d.]+(?:e[-+]?\d+)?)/.exec(line) ?? []
        if (edge === undefined || silences.length >= MOST_SILENCES) return
        const at = Math.max(0, Math.round(Number(seconds) * 1000))
        if (edge === 'start') from = at
        else if (from !== null) {
          silences.push({ fromMs: from, toMs: at })
          from = null
        }
      },
    },
  )
  return end.code === 0 ? { loudness: readSummary(end.stderr), silences } : null
}

/** The summary that `ebur128` prints at the end; null: it has none, or heard nothing. */
export function readSummary(messages: string): Loudness | null {
  const summary = messages.slice(messages.lastIndexOf('Summary:'))
  const integratedLufs = Number(/^\s*I:\s*(-?[\d.]+) LUFS/m.exec(summary)?.[1] ?? Number.NaN)
  const truePeakDb = Number(/True peak:\s+Peak:\s*(-?[\d.]+) dBFS/.exec(summary)?.[1] ?? Number.NaN)
  if (!Number.isFinite(integratedLufs) || !Number.isFinite(truePeakDb) || integratedLufs <= NOTHING_LUFS) return null
  return { integratedLufs, truePeakDb }
}
