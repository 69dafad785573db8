import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** Where tests keep their clips: in the repository, ignored by git. */
export const testCacheDir = fileURLToPath(new URL('../../../.cache/clips', import.meta.url))

/** The FFmpeg that tests use: `FFMPEG_PATH`, else `ffmpeg` on PATH; null when there is none that runs. */
export function findFfmpeg(): string | null {
  const path = process.env['FFMPEG_PATH'] ?? 'ffmpeg'
  return spawnSync(path, ['-version'], { stdio: 'ignore' }).status === 0 ? path : null
}

/** For `test(name, { skip })`: why a test that needs FFmpeg cannot run; false when it can, or when it has to (CI). */
export function skipWithoutFfmpeg(): string | false {
  return findFfmpeg() === null && process.env['CI'] !== 'true' ? 'FFmpeg is not installed' : false
}
