import { SAFE_INPUT } from '../probe/refusal.ts'
import { runProgram } from '../run-program.ts'
import type { MeasureRun, Stretch } from './measure-sound.ts'

/** Nobody breaks a film so near to its ends. */
const FROM_ENDS_MS = 60_000
/** How far black may begin or end beside the silence. */
const BESIDE_MS = 300
/** A silence that lasts longer is looked at only so far. */
const LONGEST_LOOK_MS = 20_000
const MOST_LOOKS = 300
const LOOK_MS = 60_000
const KEPT_BYTES = 64 * 1024

/**
 * Where a film goes black and silent at once, milliseconds in order: the middle of each black of at least 0.3 s.
 *
 * Only the silences are looked at, which `measureSound` has found: decoding all pictures takes a hundred times as long.
 * Null: there are so many silences that it is another kind of film. Fails with the signal's reason.
 * Source: protocols/linear-channels.md §11.
 */
export async function findBreaks(
  ffmpeg: string,
  file: { readonly path: string; readonly durationMs: number; readonly silences: readonly Stretch[] },
  run: MeasureRun,
): Promise<readonly number[] | null> {
  const looks = file.silences
    .filter(({ fromMs, toMs }) => fromMs >= FROM_ENDS_MS && toMs <= file.durationMs - FROM_ENDS_MS)
    .map(({ fromMs, toMs }) => ({
      fromMs: fromMs - BESIDE_MS,
      toMs: Math.min(toMs + BESIDE_MS, fromMs + LONGEST_LOOK_MS),
    }))
  if (looks.length > MOST_LOOKS) return null
  const breaks: number[] = []
  for (const look of looks) {
    const [black] = await blackIn(ffmpeg, file.path, look, run)
    if (black !== undefined) breaks.push(Math.round((black.fromMs + black.toMs) / 2))
  }
  return breaks
}

async function blackIn(
  ffmpeg: string,
  path: string,
  { fromMs, toMs }: Stretch,
  run: MeasureRun,
): Promise<readonly Stretch[]> {
  const found: Stretch[] = []
  const seconds = (ms: number): string => (ms / 1000).toFixed(3)
  await runProgram(
    ffmpeg,
    [
      '-nostdin',
      '-hide_banner',
      '-nostats',
      '-v',
      'info',
      '-ss',
      seconds(fromMs),
      ...SAFE_INPUT,
      '-i',
      `file:${path}`,
      '-t',
      seconds(toMs - fromMs),
      '-map',
      '0:V:0',
      '-an',
      '-sn',
      '-dn',
      '-threads',
      '1',
      '-vf',
      'blackdetect=d=0.3:pic_th=0.98:pix_th=0.10',
      '-f',
      'null',
      '-',
    ],
    {
      ...run,
      timeoutMs: LOOK_MS,
      mostBytes: KEPT_BYTES,
      isQuiet: true,
      onMessage(line) {
        const [, start, end] = /black_start:\s*([\d.]+)\s+black_end:\s*([\d.]+)/.exec(line) ?? []
        if (start === undefined || end === undefined) return
        found.push({ fromMs: fromMs + Math.round(Number(start) * 1000), toMs: fromMs + Math.round(Number(end) * 1000) })
      },
    },
  )
  return found
}
