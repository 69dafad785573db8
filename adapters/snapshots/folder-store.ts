import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseContentName } from '../../core/snapshots/content.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import { SITE_NAME, SWEEP_AT_ONCE } from '../../core/snapshots/store.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'

/**
 * Snapshots in a folder of this process alone: a file for each content, one for each site. A power cut leaves the old
 * pointer or the new one, never half of it. Nothing is opened before the first use.
 */
export function createFolderSnapshotStore({
  dir,
  now,
}: {
  readonly dir: string
  readonly now: () => number
}): SnapshotStore {
  const contents = join(dir, 'contents')
  const pathOf = (name: ContentName): string => join(contents, name)
  const pointerOf = (site: string): string => {
    if (!SITE_NAME.test(site)) throw new RangeError(`"${site}" should be the name of a site`)
    return join(dir, `${site}.json`)
  }
  let made: Promise<unknown> | null = null
  let line: Promise<unknown> = Promise.resolve()

  const writeWhole = async (path: string, data: Uint8Array | string): Promise<void> => {
    made ??= mkdir(contents, { recursive: true, mode: 0o700 })
    await made
    const draft = `${path}.${randomBytes(6).toString('hex')}.new`
    try {
      await writeFile(draft, data, { mode: 0o600, flush: true })
      await rename(draft, path)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
  }
  const names = async (): Promise<readonly string[]> => (await orNull(readdir(contents))) ?? []
  const pointer = (site: string): Promise<string | null> => orNull(readFile(pointerOf(site), 'utf8'))

  return {
    pointer,
    async missing(wanted) {
      const here = new Set(await names())
      return wanted.filter((name) => !here.has(name))
    },
    async put(name, bytes) {
      await writeWhole(pathOf(name), bytes)
      // The clock that says what is old is the one that is handed in.
      await utimes(pathOf(name), now() / 1000, now() / 1000)
    },
    async get(name) {
      const bytes = await orNull(readFile(pathOf(name)))
      return bytes === null ? null : new Uint8Array(bytes)
    },
    replace(site, text, before) {
      const done = line.then(async () => {
        if ((await pointer(site)) !== before) return false
        await writeWhole(pointerOf(site), text)
        return true
      })
      line = done.catch(() => {})
      return done
    },
    async sweep(keep, before) {
      const dropped: string[] = []
      for (const file of await names()) {
        if (dropped.length === SWEEP_AT_ONCE) break
        const name = parseContentName(file)
        if (name !== null && keep.has(name)) continue
        const found = await orNull(stat(join(contents, file)))
        if (found === null || found.mtimeMs >= before) continue
        await rm(join(contents, file), { force: true })
        dropped.push(file)
      }
      return dropped.length
    },
  }
}

/** Null for what is not there. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
