import { importsOf, resolveImport } from './module-graph.ts'
import { filesIn } from './source-files.ts'

/** The names of the runtimes that the tests run on, in the order in which they run. */
export const RUNTIMES = ['node', 'bun', 'deno', 'workerd'] as const

/** Name of a runtime that the tests run on. */
export type RuntimeName = (typeof RUNTIMES)[number]

/**
 * The test files that a runtime runs, as project paths.
 *
 * Node runs all but `*.deno.test.ts`, which are about what Deno alone has. Bun and Deno leave out `*.node.test.ts` and
 * end-to-end tests (they start the program on every runtime themselves), unless their name ends in `.all.test.ts`. workerd runs the tests of `core/` and `handlers/` that need
 * nothing from `node:*` but the test runner and the asserts.
 */
export function testFilesFor(runtime: RuntimeName, filters: readonly string[]): string[] {
  const files = filesIn('tests').filter(
    (path) => path.endsWith('.test.ts') && (filters.length === 0 || filters.some((filter) => path.includes(filter))),
  )
  const here = runtime === 'deno' ? files : files.filter((path) => !path.endsWith('.deno.test.ts'))
  if (runtime === 'node') return here
  if (runtime === 'workerd') return here.filter(isPure)
  return here.filter((path) => path.endsWith('.all.test.ts') || !(path.endsWith('.node.test.ts') || isEndToEnd(path)))
}

/** Whether a test file starts whole programs; such files run one at a time and may take longer. */
export const isEndToEnd = (path: string): boolean => path.startsWith('tests/e2e/')

/** What the stand-in for `node:test` on workerd offers (`tests/workerd/node-test.ts`). */
const OFFERED = new Set(['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'])

function isPure(path: string): boolean {
  if (!/^tests\/(core|handlers)\//.test(path) || path.endsWith('.node.test.ts')) return false
  const seen = new Set<string>()
  const needsNode = (file: string): boolean => {
    if (seen.has(file) || !file.endsWith('.ts')) return false
    seen.add(file)
    return importsOf(file).some(({ from, names, typeOnly }) => {
      if (typeOnly || from.startsWith('node:assert')) return false
      if (from === 'node:test') return names.some((name) => !OFFERED.has(name))
      const inside = resolveImport(file, from)
      return from.startsWith('node:') || (inside !== null && needsNode(inside))
    })
  }
  return !needsNode(path)
}
