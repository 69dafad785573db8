import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { nameKey } from '../../core/library/library-order.ts'
import { fileUse, isExtra, isReadFolder } from '../../core/library/media-files.ts'
import { wordsOfPath } from '../../core/library/names/words-of-path.ts'
import { foldName } from '../../core/lineup/word-search.ts'
import { UsageError } from '../usage-error.ts'

/** What is to be played. `season`, `episode` null: all of them; `folders`: where series are looked for by name. */
export type PlayWish = {
  readonly words: readonly string[]
  readonly season: number | null
  readonly episode: number | null
  readonly folders: readonly string[]
}

const MOST_FILES = 20_000

/**
 * The files that somebody means, as absolute paths in the order in which they play: files as they are named, of folders all
 * that can be shown by name, of series its episodes in order. Fails with `UsageError`, saying what was not found.
 */
export async function findFiles({ words, season, episode, folders }: PlayWish): Promise<readonly string[]> {
  if (words.length === 0)
    throw new UsageError('"play" should be followed by files, a folder, or the name of a series (see --help)')
  const chosen = (files: readonly string[], root: string): readonly string[] =>
    inOrder(files, root).filter((path) => {
      const about = wordsOfPath(asPath(root, path))
      return (season === null || about.season === season) && (episode === null || holds(about, episode))
    })
  const found: string[] = []
  for (const word of words) {
    const place = resolve(word)
    const about = await stat(place).catch(() => null)
    const files =
      about === null
        ? await findSeries(word, folders, chosen)
        : about.isDirectory()
          ? chosen(await mediaBelow(place), place)
          : [place]
    if (files.length === 0) throw new UsageError(nothingFound(word, { season, episode }, about !== null))
    found.push(...files)
  }
  return found
}

async function findSeries(
  name: string,
  folders: readonly string[],
  chosen: (files: readonly string[], root: string) => readonly string[],
): Promise<readonly string[]> {
  const wanted = foldName(name)
  for (const folder of folders) {
    const root = resolve(folder)
    const files = (await mediaBelow(root)).filter((path) => {
      const { series } = wordsOfPath(asPath(root, path))
      return series !== null && foldName(series) === wanted
    })
    if (files.length > 0) return chosen(files, root)
  }
  return []
}

/** A folder that cannot be read has nothing. */
async function mediaBelow(root: string): Promise<readonly string[]> {
  const files: string[] = []
  const waiting = [root]
  for (let folder = waiting.pop(); folder !== undefined && files.length < MOST_FILES; folder = waiting.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && isReadFolder(entry.name)) waiting.push(path)
      else if (entry.isFile() && fileUse(entry.name) === 'media' && !isExtra(asPath(root, path))) files.push(path)
    }
  }
  return files
}

function inOrder(files: readonly string[], root: string): readonly string[] {
  const keyed = files.map((path) => {
    const place = asPath(root, path)
    return { path, key: nameKey({ ...wordsOfPath(place), path: place }) }
  })
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ path }) => path)
}

/** The path as libraries write it, with the folder's own name: that may be the name of the series. */
const asPath = (root: string, path: string): string =>
  `${basename(root)}/${relative(root, path).split(sep).join('/')}`.replace(/^\//, '')

const holds = (
  { episode, lastEpisode }: { readonly episode: number | null; readonly lastEpisode: number | null },
  wanted: number,
): boolean => episode !== null && wanted >= episode && wanted <= (lastEpisode ?? episode)

function nothingFound(
  word: string,
  { season, episode }: { readonly season: number | null; readonly episode: number | null },
  isThere: boolean,
): string {
  const what = [season === null ? null : `season ${season}`, episode === null ? null : `episode ${episode}`].filter(
    (part) => part !== null,
  )
  if (isThere) return `"${word}" has nothing that can be played${what.length === 0 ? '' : ` of ${what.join(', ')}`}`
  return `There is no file, folder or series "${word}"${what.length === 0 ? '' : ` with ${what.join(', ')}`}: series are looked for below this folder and in those of the sources of kind "media"`
}
