import type { Dirent, Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileUse, isExtra, isReadFolder, keepsOut } from '../../../core/library/media-files.ts'

/** A file as it lies there. */
export type WalkedFile = {
  readonly path: string
  readonly bytes: number
  readonly modifiedAt: number
  readonly inode: string
}

/** One folder with what counts in it. `path` is relative, '' for the library's own. */
export type WalkedFolder = {
  readonly path: string
  readonly media: readonly WalkedFile[]
  readonly notes: readonly WalkedFile[]
  /** Names of pictures. */
  readonly pictures: readonly string[]
}

/** Something that was left out; `isWhole`: a folder of which nothing is known now. */
export type WalkProblem = { readonly path: string; readonly reason: string; readonly isWhole: boolean }

/** Deeper folders are loops, or nobody finds anything in them. */
const DEEPEST = 32
const MOST_FOLDERS = 200_000
/** Questions that a disk or a network share gets at a time. */
const AT_ONCE = 16

/**
 * Walks through a folder and everything below it, parents before children, one folder in memory at a time.
 *
 * Links to files and folders are followed; a folder that was seen already, by whatever way, is not read again, so that
 * loops end. Hidden folders, those of systems and those with `.nomedia` are left out. What cannot be read is told and
 * passed over. Fails with the signal's reason, and where the root itself cannot be read.
 */
export async function* walkFolder(
  root: string,
  { signal, problem }: { readonly signal: AbortSignal; readonly problem: (problem: WalkProblem) => void },
): AsyncGenerator<WalkedFolder, void, undefined> {
  const seen = new Set<string>()
  const waiting: string[] = ['']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    signal.throwIfAborted()
    let folder: { entries: readonly Dirent[]; inode: string }
    try {
      const place = join(root, path)
      const { dev, ino } = await stat(place)
      folder = { entries: await readdir(place, { withFileTypes: true }), inode: inodeOf({ dev, ino }) }
    } catch (error) {
      if (path === '') throw error
      problem({ path, reason: `The folder cannot be read (${codeOf(error)})`, isWhole: true })
      continue
    }
    if (folder.inode !== '' && seen.has(folder.inode)) {
      problem({ path, reason: 'The folder was read already: a link leads to it', isWhole: false })
      continue
    }
    if (seen.size >= MOST_FOLDERS) {
      problem({ path, reason: `There are more than ${MOST_FOLDERS} folders: this one is not read`, isWhole: true })
      continue
    }
    seen.add(folder.inode === '' ? path : folder.inode)
    const names = folder.entries.map(({ name }) => name)
    if (keepsOut(names)) continue
    const below = (name: string): string => (path === '' ? name : `${path}/${name}`)
    const known = await kindsOf(folder.entries, (name) => join(root, below(name)))
    const folders = known.filter(({ kind, name }) => kind === 'folder' && isReadFolder(name)).map(({ name }) => name)
    // The last one is taken first.
    for (const name of folders.toSorted().toReversed())
      if (path.split('/').length < DEEPEST) waiting.push(below(name))
      else problem({ path: below(name), reason: `The folder lies deeper than ${DEEPEST} others`, isWhole: true })
    const files = known.filter(({ kind }) => kind === 'file').map(({ name }) => name)
    const used = (use: 'media' | 'note'): readonly string[] => files.filter((name) => fileUse(name) === use).map(below)
    const look = (paths: readonly string[]) => lookAt(root, paths, problem)
    yield {
      path,
      media: await look(used('media').filter((file) => !isExtra(file))),
      notes: await look(used('note')),
      pictures: files.filter((name) => fileUse(name) === 'picture'),
    }
  }
}

type Known = { readonly name: string; readonly kind: 'file' | 'folder' | 'other' }

/** What the entries are, those behind links and those of file systems that do not say. */
async function kindsOf(entries: readonly Dirent[], place: (name: string) => string): Promise<readonly Known[]> {
  const known: Known[] = []
  await eachOf(entries, async (entry) => {
    const { name } = entry
    if (entry.isFile()) known.push({ name, kind: 'file' })
    else if (entry.isDirectory()) known.push({ name, kind: 'folder' })
    else if (entry.isSymbolicLink() || isUntold(entry)) {
      const told = await stat(place(name)).catch(() => null) // a link to nothing
      known.push({ name, kind: told === null ? 'other' : kindOf(told) })
    }
  })
  return known
}

const isUntold = (entry: Dirent): boolean =>
  !entry.isSocket() && !entry.isFIFO() && !entry.isBlockDevice() && !entry.isCharacterDevice()

const kindOf = (told: Stats): Known['kind'] => (told.isFile() ? 'file' : told.isDirectory() ? 'folder' : 'other')

async function lookAt(
  root: string,
  paths: readonly string[],
  problem: (problem: WalkProblem) => void,
): Promise<readonly WalkedFile[]> {
  const found: WalkedFile[] = []
  await eachOf(paths, async (path) => {
    try {
      found.push(await walkedFile(root, path))
    } catch (error) {
      problem({ path, reason: `The file cannot be looked at (${codeOf(error)})`, isWhole: true })
    }
  })
  return found
}

/** The file as it is now. Fails as `stat` does. */
export async function walkedFile(root: string, path: string): Promise<WalkedFile> {
  const { size, mtimeMs, dev, ino } = await stat(join(root, path))
  return { path, bytes: size, modifiedAt: Math.round(mtimeMs), inode: inodeOf({ dev, ino }) }
}

const inodeOf = ({ dev, ino }: { dev: number; ino: number }): string => (ino === 0 ? '' : `${dev}:${ino}`)

/** The code of a failure of the file system (`EACCES`). */
export const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'unknown'

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, worker))
}
