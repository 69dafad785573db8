import { setImmediate } from 'node:timers/promises'
import { artworkBeside } from '../../../core/library/artwork-names.ts'
import { wordsOfPath } from '../../../core/library/names/words-of-path.ts'
import type { Database } from '../../store/database.ts'
import { notePaths } from './notes-of.ts'
import { walkFolder } from './walk-folder.ts'
import type { WalkedFile, WalkedFolder, WalkProblem } from './walk-folder.ts'

/** More files are not read: a folder of that size was named by mistake. */
const MOST_FILES = 500_000
const ROWS_AT_ONCE = 500

const TABLE = `
  drop table if exists temp.seen;
  create temp table seen (
    path text primary key,
    bytes integer not null,
    modified_at integer not null,
    inode text not null,
    note_sign text not null,
    own_note text,
    series_note text,
    artwork text
  ) strict, without rowid;`

/** Who watches folders watches no more of them. */
const MOST_FOLDERS = 5000

/** What a walk found; `folders`: the first ones, each a relative path. */
export type Collected = {
  readonly files: number
  readonly folders: readonly string[]
  readonly problems: readonly WalkProblem[]
}

/**
 * Walks through the folder and puts every file with what belongs to it into the temporary table `seen`: not into memory,
 * which a hundred thousand files would fill. Fails as `walkFolder` does.
 */
export async function collectFiles(
  database: Database,
  root: string,
  { signal, onFile }: { readonly signal: AbortSignal; readonly onFile: (count: number) => void },
): Promise<Collected> {
  database.exec(TABLE)
  const insert = database.prepare('insert or ignore into seen values (?, ?, ?, ?, ?, ?, ?, ?)')
  const problems: WalkProblem[] = []
  const folders: string[] = []
  let trail: WalkedFolder[] = []
  let files = 0
  for await (const folder of walkFolder(root, { signal, problem: (told) => void problems.push(told) })) {
    if (folders.length < MOST_FOLDERS) folders.push(folder.path)
    trail = [...trail.filter(({ path }) => path === '' || folder.path.startsWith(`${path}/`)), folder]
    const at = (path: string): WalkedFolder | undefined => trail.find((each) => each.path === path)
    for (let from = 0; from < folder.media.length; from += ROWS_AT_ONCE) {
      const some = folder.media.slice(from, Math.min(from + ROWS_AT_ONCE, folder.media.length + MOST_FILES - files))
      database.quickTransaction(() => {
        for (const file of some) insert.run(...rowOf(file, at))
      })
      files += some.length
      onFile(files)
      await setImmediate()
    }
    if (files >= MOST_FILES) {
      problems.push({
        path: '',
        reason: `There are more than ${MOST_FILES} files: the rest is not read`,
        isWhole: true,
      })
      break
    }
  }
  return { files, folders, problems }
}

function rowOf(file: WalkedFile, at: (path: string) => WalkedFolder | undefined) {
  const notes = notePaths(file.path, at)
  const { kind, season } = wordsOfPath(file.path)
  const artwork = artworkBeside({ path: file.path, kind, season }, (folder) => at(folder)?.pictures ?? [])
  return [file.path, file.bytes, file.modifiedAt, file.inode, notes.sign, notes.own, notes.series, artwork] as const
}
