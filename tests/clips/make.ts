import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ShelvedFile } from '../../core/linear/line.ts'
import type { Clip } from './clip.ts'
import { MIXED } from './mixed.ts'
import { pgs } from './pgs.ts'
import { SPECIAL } from './special.ts'

/** All clips by name. */
export const CLIPS: Readonly<Record<ClipName, Clip>> = { ...MIXED, ...SPECIAL }

/** Name of a clip. */
export type ClipName = keyof typeof MIXED | keyof typeof SPECIAL

/**
 * The clip as a file that can be played, made by `ffmpeg` on the first call on this machine and kept in the folder for
 * temporary files after that (all together: some 12 MB). A clip whose recipe changes is made anew. Several processes may
 * ask at the same time.
 */
export function clip(ffmpeg: string, name: ClipName): ShelvedFile {
  const { file, steps, facts } = CLIPS[name]
  const recipe = createHash('sha256').update(JSON.stringify(steps)).digest('hex').slice(0, 8)
  const folder = join(tmpdir(), 'downlink-clips')
  const path = join(folder, `${recipe}-${file}`)
  if (!existsSync(path)) {
    const workshop = join(folder, randomUUID())
    mkdirSync(workshop, { recursive: true })
    try {
      for (const step of steps) follow(ffmpeg, step, { workshop, file })
      renameSync(join(workshop, file), path)
    } finally {
      rmSync(workshop, { recursive: true, force: true })
    }
  }
  return { path, facts, loudness: null }
}

function follow(
  ffmpeg: string,
  step: Clip['steps'][number],
  { workshop, file }: { readonly workshop: string; readonly file: string },
): void {
  switch (step.kind) {
    case 'text':
      return writeFileSync(join(workshop, step.file), step.text)
    case 'pgs':
      return writeFileSync(join(workshop, step.file), pgs(step.show))
    case 'cut': {
      const whole = readFileSync(join(workshop, step.from))
      return writeFileSync(join(workshop, file), whole.subarray(0, Math.floor(whole.length * step.share)))
    }
    case 'turn':
      return writeFileSync(join(workshop, file), turned(readFileSync(join(workshop, step.from))))
    case 'ffmpeg': {
      // A step that names its own output writes for the next one.
      const target = /\.\w+$/.test(step.args.at(-1) ?? '') && step.args.at(-2) !== '-i' ? [] : [file]
      const args = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...step.args, ...target]
      const { status, stderr, error } = spawnSync(ffmpeg, args, { cwd: workshop, encoding: 'utf8' })
      if (status !== 0) throw new Error(`Cannot make the clip "${file}": ${error?.message ?? stderr.trim()}`)
      return
    }
    default:
      return step satisfies never
  }
}

/** The matrix of the first track header (ISO/IEC 14496-12, 8.3.2): every FFmpeg has its own option for it, or none. */
function turned(mp4: Buffer): Buffer {
  const matrix = mp4.indexOf('tkhd') - 4 + 48
  const one = 0x10000
  for (const [index, value] of [0, one, 0, -one, 0, 0].entries()) mp4.writeInt32BE(value, matrix + index * 4)
  return mp4
}
