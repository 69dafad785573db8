import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the project, absolute. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** All files below `folder`, as paths from the project folder with `/`, sorted; [] if the folder does not exist. */
export function filesIn(folder: string): string[] {
  let entries
  try {
    entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
}
