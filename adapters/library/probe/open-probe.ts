import { execFile } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { stat } from 'node:fs/promises'
import { createFfmpegProbe } from './ffmpeg-text.ts'
import { createFfprobe } from './ffprobe.ts'
import type { MediaProbe } from './media-probe.ts'
import { nameProblem } from './refusal.ts'

const run = promisify(execFile)
const ANSWER_MS = 10_000

/**
 * The best way to look into files: the ffprobe beside this FFmpeg, else one on the `PATH`, else FFmpeg itself. Null: there
 * is no FFmpeg at all.
 */
export async function openProbe(ffmpeg: string | null): Promise<MediaProbe | null> {
  const beside = ffmpeg === null || !/[/\\]/.test(ffmpeg) ? null : join(dirname(ffmpeg), ffprobeName(basename(ffmpeg)))
  for (const program of [beside, 'ffprobe'])
    if (program !== null && (await isFfprobe(program))) return guarded(createFfprobe(program))
  return ffmpeg === null ? null : guarded(createFfmpegProbe(ffmpeg))
}

const ffprobeName = (ffmpeg: string): string => ffmpeg.replace(/ffmpeg/i, 'ffprobe')

async function isFfprobe(program: string): Promise<boolean> {
  try {
    const { stdout } = await run(program, ['-version'], { timeout: ANSWER_MS, windowsHide: true })
    return stdout.startsWith('ffprobe version')
  } catch {
    return false // not there, or not for this machine
  }
}

/** The same, which does not start a program for what needs none: names that cannot be opened, files without a byte. */
export function guarded(probe: MediaProbe): MediaProbe {
  return {
    async probe(path, signal) {
      const reason = nameProblem(path) ?? (await sizeProblem(path))
      signal.throwIfAborted()
      return reason === null ? probe.probe(path, signal) : { kind: 'problem', reason }
    },
  }
}

async function sizeProblem(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path)
    return size === 0 ? 'The file is empty' : null
  } catch {
    return 'The file is gone, or may not be read'
  }
}
