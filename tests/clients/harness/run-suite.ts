import { runFile } from '../../runner/run-files.ts'
import { killAll } from '../../runner/run-program.ts'
import { PROCESS_RUNTIMES } from '../../runner/runtimes.ts'
import { filesIn } from '../../runner/source-files.ts'
import { addTallies, NOTHING } from '../../runner/tally.ts'
import type { Tally } from '../../runner/tally.ts'
import { apart, markOwnNetwork, noOwnNetwork } from './own-network.ts'

/** A client that runs longer is killed, with the house and all that it started. */
const TIMEOUT_MS = 280_000

/** The files of the clients whose path contains one of the filters; without filters all. The heaviest come last. */
export function clientFiles(filters: readonly string[]): readonly string[] {
  const weight = (path: string): number => (/kodi/.test(path) ? 2 : /chromium/.test(path) ? 1 : 0)
  return filesIn('tests/clients')
    .filter(
      (path) => path.endsWith('.client.ts') && (filters.length === 0 || filters.some((one) => path.includes(one))),
    )
    .toSorted((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1))
}

/**
 * Runs one client after the other, each in a network of its own where the system allows that, and prints what came of it.
 *
 * With `isRequired` an absent program is a failure; otherwise it is skipped, also with `CI=true`: the programs are hundreds of
 * megabytes.
 */
export async function runSuite({
  filters,
  isRequired,
}: {
  readonly filters: readonly string[]
  readonly isRequired: boolean
}): Promise<Tally> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      killAll()
      process.exit(1)
    })
  }
  if (isRequired) process.env['CI'] = 'true'
  else delete process.env['CI']

  const files = clientFiles(filters)
  if (files.length === 0) {
    console.error(`No client has "${filters.join('" or "')}" in its path`)
    return { ...NOTHING, failed: 1 }
  }
  const why = noOwnNetwork()
  if (why !== null) console.log(why)
  if (why !== null && isRequired) return { ...NOTHING, failed: 1 }
  if (why === null) markOwnNetwork(process.env)
  const runtime = why === null ? apart(PROCESS_RUNTIMES.node) : PROCESS_RUNTIMES.node

  let total = NOTHING
  for (const path of files) {
    const { tally, complaint, skips, ms } = await runFile(runtime, path, TIMEOUT_MS)
    total = addTallies(total, tally)
    const { passed, failed, skipped } = tally
    const name = path.replace(/^.*\//, '').replace('.client.ts', '')
    console.log(`${name}: ${passed} ok · ${failed} not ok · ${skipped} skipped · ${(ms / 1000).toFixed(1)} s`)
    for (const reason of new Set(skips)) console.log(`  skipped: ${reason}`)
    if (complaint !== '') console.log(`  ✖ ${complaint.replaceAll('\n', '\n    | ')}\n`)
  }
  return total
}
