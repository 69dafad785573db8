import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a program of this name is; null: nowhere in `PATH`. */
function pathOf(name: string): string | null {
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

/**
 * For `describe(name, { skip })`: the first of these programs (or files, when they begin with a slash) that is not there;
 * false: all are. The runner knows the reason by its words.
 */
export function absent(...names: readonly string[]): string | false {
  const missing = names.find((name) => (name.startsWith('/') ? !existsSync(name) : pathOf(name) === null))
  return missing === undefined ? false : `"${missing}" is not installed`
}
