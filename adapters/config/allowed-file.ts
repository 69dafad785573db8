import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { wrongValue } from '../../core/config/invalid.ts'

/**
 * Checks that a file that was named over the network is in one of these folders, links followed (contract §2,
 * `paths.allow`). Fails with `config/invalid`, naming the key and not the path.
 */
export async function checkAllowedFile(path: string, { key, folders }: AllowedPlaces): Promise<void> {
  const file = await placeOf(path)
  const allowed = await Promise.all(folders.map(placeOf))
  const isInside = allowed.some((folder) => folder !== null && file !== null && contains(folder, file))
  if (!isInside) throw wrongValue(key, 'a file that is there, in the data folder or a folder of "paths.allow"')
}

/** As `checkAllowedFile`, for a folder: one of `folders` itself is allowed, too. */
export async function checkAllowedFolder(path: string, { key, folders }: AllowedPlaces): Promise<void> {
  const folder = await placeOf(path)
  const allowed = await Promise.all(folders.map(placeOf))
  const isInside = allowed.some((one) => one !== null && folder !== null && (one === folder || contains(one, folder)))
  if (!isInside || folder === null || !(await stat(folder)).isDirectory())
    throw wrongValue(
      key,
      'a folder that is there, in the data folder or one of "paths.allow": add it to "paths.allow" in the configuration and start anew',
    )
}

/** `key`: what messages call the path; `folders`: where it may be. */
export type AllowedPlaces = { readonly key: string; readonly folders: readonly string[] }

const placeOf = (path: string): Promise<string | null> => realpath(resolve(path)).catch(() => null)

function contains(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '' && !way.startsWith('..') && !isAbsolute(way)
}
