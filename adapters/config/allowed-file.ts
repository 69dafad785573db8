import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { wrongValue } from '../../core/config/invalid.ts'

/**
 * Checks that a file that was named over the network is in one of these folders, links followed (contract §2,
 * `paths.allow`). Fails with `config/invalid`, naming the key and not the path.
 */
export async function checkAllowedFile(
  path: string,
  options: { readonly key: string; readonly folders: readonly string[] },
): Promise<void> {
  const { key, folders } = options
  const isThere = async (place: string): Promise<string | null> => realpath(place).catch(() => null)
  const file = await isThere(resolve(path))
  const allowed = await Promise.all(folders.map((folder) => isThere(resolve(folder))))
  const isInside = allowed.some((folder) => folder !== null && file !== null && contains(folder, file))
  if (!isInside) throw wrongValue(key, 'a file that is there, in the data folder or a folder of "paths.allow"')
}

function contains(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '' && !way.startsWith('..') && !isAbsolute(way)
}
