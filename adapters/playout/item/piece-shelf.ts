import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Log } from '../../../core/log.ts'

/** Small files that are made once: in memory, and in a folder from one run to the next. */
export interface PieceShelf {
  /** The piece of this name (ASCII, no separators), made if it is not there. Null: it could not be made. */
  piece(name: string, make: () => Promise<Uint8Array | null>): Promise<Uint8Array | null>
  /** The same as a file; its absolute path. Null too if the disk does not take it. */
  file(name: string, make: () => Promise<Uint8Array | null>): Promise<string | null>
}

/** `most`: how many are kept in memory and how many on the disk; the oldest go first. */
export type PieceShelfOptions = {
  readonly dir: string
  readonly suffix: string
  readonly most: number
  readonly log: Log
}

/** A shelf that makes one piece at a time. What failed is tried again when it is asked for again. */
export function createPieceShelf({ dir, suffix, most, log }: PieceShelfOptions): PieceShelf {
  const known = new Map<string, Promise<Uint8Array | null>>()
  let last: Promise<unknown> = Promise.resolve()
  const pathOf = (name: string): string => resolve(dir, `${name}${suffix}`)

  const find = async (name: string, make: () => Promise<Uint8Array | null>): Promise<Uint8Array | null> => {
    const stored = await readFile(pathOf(name)).catch(() => null)
    if (stored !== null && stored.length > 0) return new Uint8Array(stored)
    const bytes = await make()
    if (bytes !== null)
      await keep(bytes, pathOf(name)).catch((error: unknown) => {
        // It is made anew after the next start.
        log('warn', 'piece-not-kept', { error: String(error) })
      })
    return bytes
  }

  const keep = async (bytes: Uint8Array, path: string): Promise<void> => {
    await mkdir(dir, { recursive: true })
    // Two may write the same piece at once: each its own file, and the last one stays.
    const fresh = `${path}.${randomUUID()}`
    await writeFile(fresh, bytes)
    await rename(fresh, path)
    const files = await Promise.all(
      (await readdir(dir))
        .filter((name) => name.endsWith(suffix))
        .map(async (name) => ({ name, at: (await stat(join(dir, name))).mtimeMs })),
    )
    const old = files.toSorted((a, b) => b.at - a.at).slice(most)
    await Promise.all(old.map(({ name }) => rm(join(dir, name), { force: true })))
  }

  const shelf: PieceShelf = {
    async file(name, make) {
      const bytes = await shelf.piece(name, make)
      const path = pathOf(name)
      if (bytes === null) return null
      // It may have left the disk before it left the memory.
      const isThere = await stat(path).then(
        () => true,
        () => false,
      )
      if (isThere) return path
      return keep(bytes, path).then(
        () => path,
        () => null,
      )
    },
    async piece(name, make) {
      const there = known.get(name)
      // Asked for again: it goes to the end of those that leave.
      if (there !== undefined) known.delete(name)
      const found = there ?? last.then(() => find(name, make))
      known.set(name, found)
      if (there === undefined) last = found.catch(() => {})
      for (const oldest of known.keys()) {
        if (known.size <= most) break
        known.delete(oldest)
      }
      const bytes = await found.catch(() => null)
      if (bytes === null && known.get(name) === found) known.delete(name)
      return bytes
    },
  }
  return shelf
}
