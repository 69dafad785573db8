import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { askAdvisories } from './runner/advisories.ts'
import { runAll } from './runner/run-all.ts'
import { ROOT } from './runner/source-files.ts'
import { addTallies, closingLine, NOTHING } from './runner/tally.ts'
import type { Tally } from './runner/tally.ts'
import { RUNTIMES } from './runner/test-files.ts'

// `npm run check`: types, lint, format, known weaknesses of packages, and then all tests (the structure of the source is one of them). Every step
// counts as one test, so that the last line, `N passed, N failed`, is about all of it.

/** A step of the check: a program of `node_modules/.bin` and its arguments. */
type Step = { readonly name: string; readonly command: readonly [string, ...string[]] }

const STEPS: readonly Step[] = [
  { name: 'types of core/', command: ['tsc', '-p', 'core'] },
  { name: 'types of handlers/', command: ['tsc', '-p', 'handlers'] },
  { name: 'types of adapters/, runtime/, tests/, bench/', command: ['tsc', '-p', '.'] },
  { name: 'types of ui/', command: ['tsc', '-p', 'ui'] },
  { name: 'types on Bun', command: ['tsc', '-p', 'runtime/tsconfig.bun.json'] },
  { name: 'types on Workers', command: ['tsc', '-p', 'runtime/tsconfig.edge.json'] },
  {
    name: 'types on Deno',
    command: ['deno', 'check', '--quiet', '--config', 'deno.json', 'runtime/deno.ts', 'runtime/deploy.ts'],
  },
  { name: 'lint', command: ['oxlint', '--quiet'] },
  { name: 'format', command: ['oxfmt', '--check'] },
]

const bin = join(ROOT, 'node_modules/.bin')
const env = { ...process.env, NO_COLOR: '1', PATH: [bin, process.env['PATH'] ?? ''].join(delimiter) }

function runStep({ name, command: [program, ...args] }: Step): Tally {
  const started = performance.now()
  const { status, error, stdout, stderr } = spawnSync(join(bin, program), args, { cwd: ROOT, env, encoding: 'utf8' })
  const ok = status === 0
  console.log(`${ok ? 'ok    ' : 'NOT OK'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  if (!ok) console.log(`${error?.message ?? ''}${stdout}${stderr}`.trimEnd().replaceAll(/^/gm, '    | '))
  return { ...NOTHING, passed: ok ? 1 : 0, failed: ok ? 0 : 1 }
}

/** Known weaknesses of packages; a registry that has no such list is said, and counts as nothing. */
async function runAudit(): Promise<Tally> {
  const advisories = await askAdvisories()
  if (advisories.kind === 'not-asked') {
    console.log(`       advisories of packages: not asked (${advisories.why})`)
    return NOTHING
  }
  const { packages } = advisories
  console.log(`${packages.length === 0 ? 'ok    ' : 'NOT OK'} advisories of packages`)
  for (const line of packages) console.log(`    | ${line}`)
  return { ...NOTHING, passed: packages.length === 0 ? 1 : 0, failed: packages.length === 0 ? 0 : 1 }
}

const steps = STEPS.map(runStep).reduce(addTallies, NOTHING)
const checked = addTallies(steps, await runAudit())
const total = addTallies(checked, await runAll(RUNTIMES, []))
console.log(closingLine(total))
process.exitCode = total.failed === 0 ? 0 : 1
