import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { endingOf, stemOf } from '../../../core/library/media-files.ts'
import type { MediaWords } from '../../../core/library/media-item.ts'
import { wordsOfPath } from '../../../core/library/names/words-of-path.ts'
import { LONGEST_NFO, readNfo } from '../../../core/library/nfo.ts'
import type { NfoNote } from '../../../core/library/nfo.ts'
import { wordsWithNotes } from '../../../core/library/words-with-notes.ts'
import type { WalkedFile, WalkedFolder } from './walk-folder.ts'

/** The notes beside a file: its own, and its series'. */
export type NotePaths = { readonly own: string | null; readonly series: string | null }

/** Series lie so far above their episodes at most (`Show/Season 1/file`). */
const MOST_ABOVE = 2
/** Episodes of a series follow each other in a scan: few notes are needed again and again. */
const KEPT_NOTES = 64

/** Folders above a file, the nearest first, each with what counts in it. */
export type FolderTrail = (path: string) => WalkedFolder | undefined

/** Which notes belong to a file; `folder` knows the folder of a path, and those above it. */
export function notePaths(file: string, folder: FolderTrail): NotePaths & { readonly sign: string } {
  const segments = file.split('/')
  const stem = stemOf(segments.at(-1) ?? '').toLowerCase()
  const here = segments.slice(0, -1)
  const notes = folder(here.join('/'))?.notes ?? []
  const named = (name: string, among: readonly WalkedFile[]): WalkedFile | undefined =>
    among.find(({ path }) => stemOf(path.split('/').at(-1) ?? '').toLowerCase() === name && endingOf(path) === 'nfo')
  // `movie.nfo` is of the only film in its folder.
  const isAlone = (folder(here.join('/'))?.media.length ?? 0) <= 1
  const own = named(stem, notes) ?? (isAlone ? named('movie', notes) : undefined)
  let series: WalkedFile | undefined
  for (let above = 0; above <= MOST_ABOVE && above <= here.length && series === undefined; above++)
    series = named('tvshow', folder(here.slice(0, here.length - above).join('/'))?.notes ?? [])
  const sign = [own, series]
    .filter((note) => note !== undefined)
    .map(({ path, bytes, modifiedAt }) => `${path}:${bytes}:${modifiedAt}`)
    .join('|')
  return { own: own?.path ?? null, series: series?.path ?? null, sign }
}

/** Reads what files are called, with the notes beside them; keeps the notes of series it has just read. */
export function createWordReader(root: string): (file: string, notes: NotePaths) => Promise<MediaWords> {
  const kept = new Map<string, Promise<readonly NfoNote[]>>()
  const read = (path: string): Promise<readonly NfoNote[]> => {
    const known = kept.get(path)
    if (known !== undefined) return known
    if (kept.size >= KEPT_NOTES) kept.clear()
    const reading = readNote(join(root, path))
    kept.set(path, reading)
    return reading
  }
  return async (file, notes) => {
    const own = notes.own === null ? [] : await readNote(join(root, notes.own))
    const series = notes.series === null ? [] : await read(notes.series)
    return wordsWithNotes(wordsOfPath(file), { own, series: series.find(({ about }) => about === 'series') ?? null })
  }
}

async function readNote(path: string): Promise<readonly NfoNote[]> {
  try {
    const { size } = await stat(path)
    return size > LONGEST_NFO ? [] : readNfo(await readFile(path))
  } catch {
    return [] // gone meanwhile: the name is all there is
  }
}
