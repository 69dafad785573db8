import { join } from 'node:path'
import { ROOT } from './source-files.ts'
import type { Tally } from './tally.ts'

/** How one runtime runs a test file, and how its own report is read. */
export type Runtime = {
  readonly command: string
  readonly args: (path: string) => readonly string[]
  /** The tally at the end of a report; null when the report has none (a crash). */
  readonly read: (output: string) => Tally | null
  /** Where the part about failed tests begins. */
  readonly complaints: RegExp
}

const modules = (path: string): string => join(ROOT, 'node_modules', path)

/** The three runtimes that run test files as they are. Each gets one process for each file. */
export const PROCESS_RUNTIMES: Readonly<Record<'node' | 'bun' | 'deno', Runtime>> = {
  node: {
    command: process.execPath,
    args: (path) => ['--disable-warning=ExperimentalWarning', '--test-reporter=spec', path],
    read: readNode,
    complaints: /^✖ failing tests:/m,
  },
  bun: {
    command: modules('bun/bin/bun.exe'),
    // The leading "./" makes it a path and not a filter. Bun alone would end a test after 5 s; ours is a limit for the file.
    args: (path) => ['test', '--timeout=240000', `./${path}`],
    read: readBun,
    complaints: /(?!)/,
  },
  deno: {
    command: modules(process.platform === 'win32' ? 'deno/deno.exe' : 'deno/deno'),
    args: (path) => ['test', '--quiet', '-A', '--no-check', '--config', 'deno.json', path],
    read: readDeno,
    complaints: /^ ERRORS /m,
  },
}

/** The last number that `pattern` finds: a test may print something that looks like a report; the report comes last. */
const last = (output: string, pattern: RegExp): number => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0)

/** Reads the closing lines of Node's spec reporter (`ℹ pass 3`). */
export function readNode(output: string): Tally | null {
  if (!/^ℹ tests \d+$/m.test(output)) return null
  return {
    passed: last(output, /^ℹ pass (\d+)$/gm),
    failed: last(output, /^ℹ fail (\d+)$/gm) + last(output, /^ℹ cancelled (\d+)$/gm),
    skipped: last(output, /^ℹ skipped (\d+)$/gm) + last(output, /^ℹ todo (\d+)$/gm),
  }
}

/** Reads the closing lines of `bun test` (` 3 pass`). */
export function readBun(output: string): Tally | null {
  if (!/^Ran \d+ tests? across/m.test(output)) return null
  return {
    passed: last(output, /^ *(\d+) pass$/gm),
    failed: last(output, /^ *(\d+) fail$/gm),
    skipped: last(output, /^ *(\d+) skip$/gm) + last(output, /^ *(\d+) todo$/gm),
  }
}

/**
 * Reads the closing line of `deno test` (`ok | 3 passed (1 step) | 0 failed | 1 ignored`).
 *
 * Deno counts a test that calls `t.skip()` as passed; `requireProgram` leaves a line for each, which is counted here.
 */
export function readDeno(output: string): Tally | null {
  const line = [
    ...output.matchAll(
      /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/gm,
    ),
  ].at(-1)
  if (!line) return null
  const [passed, failed, ignored] = [Number(line[1]), Number(line[2]), Number(line[3] ?? 0)]
  const absent = Math.min(passed, [...output.matchAll(/^DIAGNOSTIC: skipped: /gm)].length)
  return { passed: passed - absent, failed, skipped: ignored + absent }
}
