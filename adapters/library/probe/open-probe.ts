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
      const named = nameProblem(path)
      if (named !== null) return { kind: 'problem', reason: named, isPassing: false }
      const size = await sizeOf(path)
      signal.throwIfAborted()
      if (size === null) return { kind: 'problem', reason: 'The file is gone, or may not be read', isPassing: true }
      return size === 0 ? { kind: 'problem', reason: 'The file is empty', isPassing: false } : probe.probe(path, signal)
    },
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const { size } = await stat(path)
    return size
  } catch {
    return null // the probe says what owners can do about it
  }
}
