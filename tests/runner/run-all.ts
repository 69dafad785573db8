import { runFiles } from './run-files.ts'
import type { FileResult } from './run-files.ts'
import { runOnWorkerd } from './run-on-workerd.ts'
import { killAll } from './run-program.ts'
import { PROCESS_RUNTIMES } from './runtimes.ts'
import { addTallies, NOTHING } from './tally.ts'
import type { Tally } from './tally.ts'
import { testFilesFor } from './test-files.ts'
import type { RuntimeName } from './test-files.ts'

/**
 * Runs the tests on one runtime after the other and prints what happens; gives the tally of all.
 *
 * `filters`: parts of paths; [] means every test file. Nothing that matches counts as one failure.
 */
export async function runAll(runtimes: readonly RuntimeName[], filters: readonly string[]): Promise<Tally> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      killAll()
      process.exit(1)
    })
  }
  let total = NOTHING
  for (const name of runtimes) total = addTallies(total, await runOn(name, filters))
  if (total.passed + total.failed + total.skipped > 0) return total
  console.error(`No test file for ${runtimes.join(', ')} has "${filters.join('" or "')}" in its path`)
  return { ...NOTHING, failed: 1 }
}

async function runOn(name: RuntimeName, filters: readonly string[]): Promise<Tally> {
  const paths = testFilesFor(name, filters)
  if (paths.length === 0) return NOTHING
  console.log(`${name}: ${paths.length} test files`)
  const started = performance.now()
  const reporter = createReporter(paths.length)
  if (name === 'workerd') await runOnWorkerd(paths, reporter.report)
  else await runFiles(PROCESS_RUNTIMES[name], paths, reporter.report)
  const { passed, failed, skipped } = reporter.tally()
  for (const reason of reporter.skips) console.log(`  skipped: ${reason}`)
  // Not in the form of the closing line, of which there is one.
  console.log(`  ${passed} ok · ${failed} not ok · ${skipped} skipped · ${seconds(performance.now() - started)}`)
  return reporter.tally()
}

type Reporter = {
  readonly report: (result: FileResult) => void
  readonly tally: () => Tally
  readonly skips: ReadonlySet<string>
}

/** Prints what failed at once, and a sign of life every ten seconds. */
function createReporter(total: number): Reporter {
  let tally = NOTHING
  let done = 0
  let saidAt = performance.now()
  const skips = new Set<string>()
  return {
    skips,
    tally: () => tally,
    report(result) {
      tally = addTallies(tally, result.tally)
      done += 1
      for (const reason of result.skips) skips.add(`${result.path}: ${reason}`)
      if (result.complaint !== '') {
        console.log(`  ✖ ${result.path} (${seconds(result.ms)}): ${result.complaint.replaceAll('\n', '\n    | ')}\n`)
      } else if (performance.now() - saidAt > 10_000) {
        saidAt = performance.now()
        console.log(`  … ${done} of ${total} files`)
      }
    },
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
