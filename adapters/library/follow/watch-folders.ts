import { existsSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** What one kernel lets everybody watch is some thousands of folders. */
const MOST_FOLDERS = 4096

/** Written all the time, and nothing to show: our own files where the data folder lies in a library, and downloads. */
const NOISE = /(?:^|[/\\])\.[^/\\]*$|\.(?:db|db-\w+|sqlite\w*|part|partial|tmp|log|crdownload|!qb|!ut)$/i

/** Whether what has changed cannot be of interest by its name; null: the system does not say what it was. */
export const isNoise = (name: string | null): boolean => name !== null && NOISE.test(name)

/** Watches folders until it is disposed. */
export interface FolderWatch extends Disposable {
  /** False: the system does not tell of changes (or of all of them) here; only looking again helps. */
  readonly isWhole: boolean
}

/**
 * Calls when something changes in a folder or below it. Network shares tell only of what this machine itself changes.
 *
 * One watcher for all where the runtime has that; on Node for Linux one for each folder, since its own recursive watcher
 * takes one for each file. `folders` are relative, with `/`; '' is the root itself.
 */
export function watchFolders(root: string, folders: readonly string[], changed: () => void): FolderWatch {
  const isNodeOnLinux =
    process.platform === 'linux' && process.versions['bun'] === undefined && process.versions['deno'] === undefined
  const watchers: FSWatcher[] = []
  const close = (): void => {
    for (const watcher of watchers) watcher.close()
    watchers.length = 0
  }
  const add = (path: string, recursive: boolean): boolean => {
    try {
      const watcher = watch(path, { recursive, persistent: false }, (_event, name) => {
        if (!isNoise(name)) changed()
      })
      // A folder that was deleted, or a share that went: the scan that this starts will tell.
      watcher.on('error', () => changed())
      watchers.push(watcher)
      return true
    } catch {
      return false // no room in the kernel's list, or no such thing on this file system
    }
  }
  let isWhole = existsSync(root) // Deno tells later, if at all
  if (isNodeOnLinux) {
    for (const folder of folders.slice(0, MOST_FOLDERS)) isWhole = add(join(root, folder), false) && isWhole
    isWhole &&= folders.length <= MOST_FOLDERS
  } else isWhole &&= add(root, true)
  return { isWhole, [Symbol.dispose]: close }
}
