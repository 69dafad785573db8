import { runAll } from './runner/run-all.ts'
import { closingLine } from './runner/tally.ts'
import { RUNTIMES } from './runner/test-files.ts'
import type { RuntimeName } from './runner/test-files.ts'

// `npm test -- [--on node|bun|deno|workerd[,…]] [FILTER…]`: every test on every runtime. The last line is
// `N passed, N failed[, N skipped]`, and the exit code says the same.

const isRuntime = (name: string): name is RuntimeName => RUNTIMES.some((known) => known === name)

function readRuntimes(names: readonly string[]): readonly RuntimeName[] {
  const runtimes = names.filter(isRuntime)
  if (runtimes.length === names.length) return runtimes
  console.error(`Option --on is "${names.join(',')}"; it should be one of ${RUNTIMES.join(', ')}`)
  process.exit(2)
}

const filters = process.argv.slice(2)
const at = filters.indexOf('--on')
const runtimes = at < 0 ? RUNTIMES : readRuntimes((filters.splice(at, 2)[1] ?? '').split(','))

const total = await runAll(runtimes, filters)
console.log(closingLine(total))
process.exitCode = total.failed === 0 ? 0 : 1
