import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'

/**
 * The path of a program that a test needs, from `PATH`; null when it is absent, and the test is then skipped with the reason.
 *
 * With `CI=true` an absent program is an error: there everything has to run.
 *
 *     const chromium = requireProgram(t, 'chromium')
 *     if (chromium === null) return
 */
export function requireProgram(t: Pick<TestContext, 'skip' | 'diagnostic'>, name: string): string | null {
  const path = findProgram(name)
  if (path === null) skipWithout(t, name)
  return path
}

/** The path of a program, from `PATH`; null when it is absent. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not in this folder; the next one may have it.
    }
  }
  return null
}

/** What `requireProgram` does about a program that is absent, for those that are looked for elsewhere. */
export function skipWithout(t: Pick<TestContext, 'skip' | 'diagnostic'>, name: string): void {
  const reason = `"${name}" is not installed`
  if (process.env['CI'] === 'true')
    throw new Error(`Cannot run this test: ${reason}, and with CI=true no test is skipped`)
  // Deno takes a skipped test for a passed one; the runner counts this line instead.
  t.diagnostic(`skipped: ${reason}`)
  t.skip(reason)
}
