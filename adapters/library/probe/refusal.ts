import { plainText } from '../../../core/plain-text.ts'
import type { ProbeResult } from './media-probe.ts'
import type { ProgramEnd } from '../run-program.ts'

/** Nothing but the file itself is opened, whatever it names. */
export const SAFE_INPUT = ['-protocol_whitelist', 'file'] as const

type Meaning = { readonly pattern: RegExp; readonly reason: string; readonly isPassing?: true }

/** The sentences of FFmpeg that owners meet, and what they mean. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /moov atom not found/,
    reason: 'The file is cut off, or still being copied: its index ("moov") is missing',
  },
  {
    pattern: /Permission denied/,
    reason: 'The file may not be read: give this program the right to',
    isPassing: true,
  },
  { pattern: /No such file/, reason: 'The file is gone', isPassing: true },
  {
    pattern: /Input\/output error|Stale file handle|Host is down|Transport endpoint/,
    reason: 'The disk or network share fails while the file is read',
    isPassing: true,
  },
  {
    pattern: /Invalid data found|could not find codec parameters|Unknown format/i,
    reason: 'The file holds no video or sound that FFmpeg can read',
  },
]
const LONGEST = 200

/** Why a program of FFmpeg did not tell anything of a file, one sentence without its path. */
export function refusalOf(end: Pick<ProgramEnd, 'isTimedOut' | 'error' | 'stderr'>): ProbeResult {
  const problem = (reason: string, isPassing = false): ProbeResult => ({ kind: 'problem', reason, isPassing })
  if (end.isTimedOut) return problem('Reading the file took too long, and was given up', true)
  if (end.error !== null) return problem('FFmpeg could not be started', true)
  const known = MEANINGS.find(({ pattern }) => pattern.test(end.stderr))
  if (known !== undefined) return problem(known.reason, known.isPassing)
  const last = plainText(end.stderr.trim().split('\n').at(-1) ?? '').replace(/^(?:\[[^\]]*\]|file:.*?:)\s*/, '')
  const isTelling = last !== '' && !/[/\\]/.test(last)
  return problem(isTelling ? `FFmpeg cannot read the file: ${last.slice(0, LONGEST)}` : 'FFmpeg cannot read the file')
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
