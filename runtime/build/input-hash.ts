import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ROOT } from './project.ts'

/** One hash over the names and contents of files (paths from the project folder). A file that is gone changes the hash. */
export async function hashFiles(paths: Iterable<string>): Promise<string> {
  const hash = createHash('sha256')
  for (const path of [...new Set(paths)].toSorted()) {
    hash.update(`${path}\0`)
    hash.update(await readFile(join(ROOT, path)).catch(() => ''))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/** All files below a folder, as paths from the project folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
}
