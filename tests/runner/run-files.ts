import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { runProgram } from './run-program.ts'
import type { Ended } from './run-program.ts'
import type { Runtime } from './runtimes.ts'
import { ROOT } from './source-files.ts'
import { isEndToEnd } from './test-files.ts'
import type { Tally } from './tally.ts'

/** What came of one test file. `complaint` is what to print; '' when all is well. `skips` are the reasons for skipped tests. */
export type FileResult = {
  readonly path: string
  readonly tally: Tally
  readonly complaint: string
  readonly skips: readonly string[]
  readonly ms: number
}

type Judged = Pick<FileResult, 'tally' | 'complaint'>

/** A file that runs longer is killed, with all that it started, and counts as failed. */
const TIMEOUT_MS = 60_000
const END_TO_END_TIMEOUT_MS = 240_000

/** Runs test files, each in a process of its own: as many at once as there are cores, end-to-end tests one by one at the end. */
export async function runFiles(
  runtime: Runtime,
  paths: readonly string[],
  report: (result: FileResult) => void,
): Promise<void> {
  const queue = paths.filter((path) => !isEndToEnd(path))
  const worker = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift())
      report(await runFile(runtime, path, TIMEOUT_MS))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  for (const path of paths.filter(isEndToEnd)) report(await runFile(runtime, path, END_TO_END_TIMEOUT_MS))
}

/** Runs one test file and judges its report; `path` is absolute or from the project folder. */
export async function runFile(runtime: Runtime, path: string, timeoutMs: number): Promise<FileResult> {
  const ended = await runProgram(runtime.command, runtime.args(path), { cwd: ROOT, env: testEnvironment(), timeoutMs })
  const skips = [...ended.output.matchAll(/^ *﹣ .* # (.+)$/gm)].map((match) => match[1] ?? '')
  const judged = judge(ended, runtime, timeoutMs)
  return { path, ...(process.env['CI'] === 'true' ? refuseAbsence(judged, skips) : judged), skips, ms: ended.ms }
}

/** With `CI=true` a test whose program is absent has failed: there everything has to be installed. */
function refuseAbsence(judged: Judged, skips: readonly string[]): Judged {
  const absent = skips.filter((reason) => reason.endsWith('is not installed'))
  if (absent.length === 0) return judged
  const { passed, failed, skipped } = judged.tally
  return {
    tally: { passed, failed: failed + absent.length, skipped: skipped - absent.length },
    complaint: [...new Set(absent), judged.complaint].join('\n').trimEnd(),
  }
}

/** The environment of the tests: the installed programs first in `PATH`, and no colours, because the reports are read. */
function testEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _color, NODE_TEST_CONTEXT: _context, ...rest } = process.env
  return {
    ...rest,
    NO_COLOR: '1',
    PATH: [join(ROOT, 'node_modules/.bin'), rest['PATH'] ?? ''].join(delimiter),
    NODE_COMPILE_CACHE: join(ROOT, '.cache/node'),
  }
}

/** Whatever goes wrong counts as at least one failed test: a report that is missing, a bad exit code, a file without tests. */
function judge(ended: Ended, runtime: Runtime, timeoutMs: number): Judged {
  const read = runtime.read(ended.output)
  const tally = read ?? { passed: 0, failed: 0, skipped: 0 }
  const failed = (why: string): Judged => ({
    tally: { ...tally, failed: Math.max(1, tally.failed) },
    complaint: `${why}\n${clip(ended.output, runtime.complaints)}`,
  })
  if (ended.timedOut) return failed(`still running after ${timeoutMs / 1000} s, killed`)
  if (read === null) return failed(`no report, exit code ${ended.exitCode}`)
  if (tally.failed > 0 || ended.exitCode !== 0) return failed(`${tally.failed} failed, exit code ${ended.exitCode}`)
  if (tally.passed + tally.skipped === 0) return failed('no test in it')
  return { tally, complaint: '' }
}

const MAX_LINES = 120

/** The part of a report that tells what failed, or its end. */
function clip(output: string, complaints: RegExp): string {
  const at = output.search(complaints)
  const lines = (at < 0 ? output : output.slice(at))
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('(pass)'))
  return (at < 0 ? lines.slice(-MAX_LINES) : lines.slice(0, MAX_LINES)).join('\n')
}
