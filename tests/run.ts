import { runFiles } from './runner/run-files.ts'
import type { FileResult } from './runner/run-files.ts'
import { killAll } from './runner/run-program.ts'
import { PROCESS_RUNTIMES } from './runner/runtimes.ts'
import { addTallies, closingLine, NOTHING } from './runner/tally.ts'
import type { Tally } from './runner/tally.ts'
import { RUNTIMES, testFilesFor } from './runner/test-files.ts'
import type { RuntimeName } from './runner/test-files.ts'
import { runOnWorkerd } from './runner/run-on-workerd.ts'

// `npm test -- [--on node|bun|deno|workerd[,…]] [FILTER…]`: every test on every runtime. The last line is
// `N passed, N failed[, N skipped]`, and the exit code says the same.

const isRuntime = (name: string): name is RuntimeName => RUNTIMES.some((known) => known === name)

function readArguments(argv: readonly string[]): { runtimes: readonly RuntimeName[]; filters: readonly string[] } {
  const rest = [...argv]
  const at = rest.indexOf('--on')
  if (at < 0) return { runtimes: RUNTIMES, filters: rest }
  const names = rest.splice(at, 2)[1]?.split(',') ?? []
  const runtimes = names.filter(isRuntime)
  if (names.length === 0 || runtimes.length < names.length) {
    console.error(`Option --on is "${names.join(',')}"; it should be one of ${RUNTIMES.join(', ')}`)
    process.exit(2)
  }
  return { runtimes, filters: rest }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** Prints what failed at once, and a sign of life every ten seconds. */
function createReporter(total: number): {
  report: (result: FileResult) => void
  tally: () => Tally
  skips: Set<string>
} {
  let [tally, done, said] = [NOTHING, 0, performance.now()]
  const skips = new Set<string>()
  return {
    skips,
    tally: () => tally,
    report(result) {
      tally = addTallies(tally, result.tally)
      done += 1
      for (const reason of result.skips) skips.add(`${result.path}: ${reason}`)
      if (result.complaint !== '') {
        console.log(`\n  ✖ ${result.path} (${seconds(result.ms)}): ${result.complaint.replaceAll('\n', '\n    | ')}\n`)
      } else if (performance.now() - said > 10_000) {
        said = performance.now()
        console.log(`  … ${done} of ${total} files`)
      }
    },
  }
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
  console.log(`  ${passed} ok · ${failed} not ok · ${skipped} skipped · ${seconds(performance.now() - started)}`)
  return reporter.tally()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    killAll()
    process.exit(1)
  })
}

const { runtimes, filters } = readArguments(process.argv.slice(2))
let total = NOTHING
for (const name of runtimes) total = addTallies(total, await runOn(name, filters))
if (total.passed + total.failed + total.skipped === 0) {
  console.error(`No test file matches ${filters.join(' ')}`)
  total = { ...total, failed: 1 }
}
console.log(closingLine(total))
process.exitCode = total.failed === 0 ? 0 : 1
