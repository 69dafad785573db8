import { chmodSync } from 'node:fs'

/** Lets only the owner read a file, where the file system knows owners (exFAT and some network shares do not). */
export function keepPrivate(path: string): void {
  try {
    chmodSync(path, 0o600)
  } catch {
    // The folder's own rights are then all there is.
  }
}
