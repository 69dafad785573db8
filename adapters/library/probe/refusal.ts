import { plainText } from '../../../core/plain-text.ts'
import type { ProgramEnd } from '../run-program.ts'

/** Nothing but the file itself is opened, whatever it names. */
export const SAFE_INPUT = ['-protocol_whitelist', 'file'] as const

/** The sentences of FFmpeg that owners meet, and what they mean. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/moov atom not found/, 'The file is cut off, or still being copied: its index ("moov") is missing'],
  [
    /Invalid data found|could not find codec parameters|Unknown format/i,
    'The file holds no video or sound that FFmpeg can read',
  ],
  [/Permission denied/, 'The file may not be read: give this program the right to'],
  [/No such file/, 'The file is gone'],
  [/Input\/output error|Stale file handle|Host is down/, 'The disk or network share fails while the file is read'],
]
const LONGEST = 200

/** Why a program of FFmpeg did not tell anything of a file, one sentence without its path. */
export function reasonOf(end: Pick<ProgramEnd, 'isTimedOut' | 'error' | 'stderr'>): string {
  if (end.isTimedOut) return 'Reading the file took too long, and was given up'
  if (end.error !== null) return 'FFmpeg could not be started'
  for (const [pattern, meaning] of MEANINGS) if (pattern.test(end.stderr)) return meaning
  const last = plainText(end.stderr.trim().split('\n').at(-1) ?? '').replace(/^(?:\[[^\]]*\]|file:.*?:)\s*/, '')
  return last === '' || last.includes('/')
    ? 'FFmpeg cannot read the file'
    : `FFmpeg cannot read the file: ${last.slice(0, LONGEST)}`
}

/** Why a file of this name is not opened at all; null: it is. */
export function nameProblem(path: string): string | null {
  // Lists of files, subtitles and logs of FFmpeg know no way to write these.
  // eslint-disable-next-line no-control-regex -- these are what it refuses
  if (/[\u0000-\u001f\u007f]/.test(path))
    return 'Its name has a line break or another control character: rename the file'
  if (path.includes('\ufffd')) return 'Its name is not written in UTF-8: rename the file'
  return null
}
