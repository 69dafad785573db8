import { FORMATS } from './item-args.ts'
import { outputOf } from './short-run.ts'

/** It opens the file, seeks, and reads one picture. */
const SEEK_MS = 10_000
const MAX_BYTES = 64 * 1024

/**
 * Where in the file the last key frame at or before this place is, milliseconds: there a picture that is copied may begin.
 * Null: it cannot be told. Never rejects.
 */
export async function keyFrameBefore(
  ffmpeg: string,
  { path, inMs }: { readonly path: string; readonly inMs: number },
  signal: AbortSignal,
): Promise<number | null> {
  const args = [
    ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file', '-format_whitelist', FORMATS],
    ['-ss', (inMs / 1000).toFixed(3), '-copyts', '-start_at_zero', '-i', `file:${path}`],
    ['-map', '0:V:0', '-c', 'copy', '-frames:v', '1', '-f', 'framecrc', 'pipe:1'],
  ].flat()
  const found = await outputOf(ffmpeg, args, { input: null, timeoutMs: SEEK_MS, maxBytes: MAX_BYTES, signal })
  if (found === null) return null
  const text = new TextDecoder().decode(found)
  const [, num, den] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? []
  // Stream, DTS, PTS, duration, size, checksum.
  const [, pts] = /^0,\s*-?\d+,\s*(-?\d+),/m.exec(text) ?? []
  if (num === undefined || den === undefined || pts === undefined) return null
  return Math.max(0, Math.round((Number(pts) * Number(num) * 1000) / Number(den)))
}
