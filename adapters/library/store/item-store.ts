import type { Loudness, MediaFacts, MediaId, MediaWords } from '../../../core/library/media-item.ts'
import type { LibrarySeries, LibraryState } from '../../../core/library/library.ts'
import { nameKey } from '../../../core/library/library-order.ts'
import { stableHash } from '../../../core/stable-hash.ts'
import type { Database, Row } from '../../store/database.ts'
import { readItemRow } from './item-row.ts'
import type { KeptItem } from './item-row.ts'

/** A file as a folder lists it. `path` is relative to the library, with `/`. */
export type FoundFile = {
  readonly path: string
  readonly bytes: number
  readonly modifiedAt: number
  /** Device and number; '': the file system has none. */
  readonly inode: string
  /** Which notes are beside it, and of what size and time; '': none. */
  readonly noteSign: string
  /** Path of the picture beside it. */
  readonly artwork: string | null
}

/** What is known of a file by what lies on the disk. */
export type FileWords = { readonly file: FoundFile; readonly words: MediaWords }

const WORDS = `kind = ?, title = ?, series = ?, season = ?, episode = ?, last_episode = ?, year = ?, plot = ?,
  genres = ?, rating = ?, aired_on = ?, name_key = ?, path = ?, bytes = ?, modified_at = ?, inode = ?, note_sign = ?, artwork = ?`

const wordValues = ({ file, words }: FileWords) => [
  words.kind,
  words.title,
  words.series,
  words.season,
  words.episode,
  words.lastEpisode,
  words.year,
  words.plot,
  JSON.stringify(words.genres),
  words.rating === null ? null : JSON.stringify(words.rating),
  words.airedOn,
  nameKey({ ...words, path: file.path }),
  file.path,
  file.bytes,
  file.modifiedAt,
  file.inode,
  file.noteSign,
  file.artwork,
]

/** The items of one library in its file: what is written, and what is asked by key. */
export class ItemStore {
  readonly database: Database
  readonly library: string
  /** Nothing of the library is there now. */
  isAway: boolean

  constructor(database: Database, library: string) {
    this.database = database
    this.library = library
    this.isAway = this.note('away') === '1'
  }

  /** By the public id; null: there is none. */
  byId(id: string): KeptItem | null {
    return this.#read(this.database.all('select * from item where id = ?', id)[0])
  }

  byKey(key: number): KeptItem | null {
    return this.#read(this.database.all('select * from item where key = ?', key)[0])
  }

  #read(row: Row | undefined): KeptItem | null {
    return row === undefined ? null : readItemRow(row, this)
  }

  setAway(isAway: boolean): void {
    this.isAway = isAway
    this.setNote('away', isAway ? '1' : '0')
  }

  /** A new file; gives its key. Its id is made of library and path: a file that is lost and scanned again gets the same one. */
  add(told: FileWords, now: number): number {
    const id = this.#freeId(told.file.path)
    this.database.run(
      `insert into item (id, path, bytes, modified_at, inode, added_at, note_sign, kind, title, genres, name_key)
       values (?, ?, 0, 0, '', ?, '', 'other', '', '[]', '')`,
      id,
      told.file.path,
      now,
    )
    const key = Number(this.database.all('select key from item where id = ?', id)[0]?.['key'])
    this.describe(key, told)
    return key
  }

  #freeId(path: string): MediaId {
    const base = stableHash(`${this.library}\n${path}`).toString(36)
    // Taken: a file that lay here once was moved away, and kept its id.
    for (let number = 1; ; number++) {
      const id = number === 1 ? base : `${base}-${number}`
      if (this.database.all('select 1 from item where id = ?', id).length === 0) return id as MediaId
    }
  }

  /** What its path, notes and folder say of it now; it is there. */
  describe(key: number, told: FileWords): void {
    this.database.run(`update item set ${WORDS}, missing_since = null where key = ?`, ...wordValues(told), key)
  }

  /** Other bytes than before: everything that was measured is void. */
  forgetContent(key: number): void {
    this.database.run(
      `update item set facts = null, duration_ms = null, has_cover = 0, problem = null, fingerprint = null,
       loudness = null, breaks = null, is_measured = 0, has_picture = null where key = ?`,
      key,
    )
  }

  setFacts(key: number, told: { facts: MediaFacts; hasCover: boolean; fingerprint: string | null }): void {
    this.database.run(
      'update item set facts = ?, duration_ms = ?, has_cover = ?, fingerprint = ?, problem = null where key = ?',
      JSON.stringify(told.facts),
      told.facts.durationMs,
      told.hasCover ? 1 : 0,
      told.fingerprint,
      key,
    )
  }

  setProblem(key: number, { reason, isPassing }: { reason: string; isPassing: boolean }): void {
    this.database.run(
      'update item set problem = ?, is_passing = ?, facts = null, duration_ms = null where key = ?',
      reason,
      isPassing ? 1 : 0,
      key,
    )
  }

  /** Files that could not be read are looked into once more: those that may be readable by now, or all. */
  forgetProblems(which: 'passing' | 'all'): void {
    const where = which === 'all' ? '' : ' and is_passing = 1'
    this.database.run(`update item set problem = null, is_passing = 0 where problem is not null${where}`)
  }

  setMeasured(key: number, told: { loudness: Loudness | null; breaksMs: readonly number[] | null }): void {
    this.database.run(
      'update item set loudness = ?, breaks = ?, is_measured = 1 where key = ?',
      told.loudness === null ? null : JSON.stringify(told.loudness),
      told.breaksMs === null ? null : JSON.stringify(told.breaksMs),
      key,
    )
  }

  setPicture(key: number, hasPicture: boolean): void {
    this.database.run('update item set has_picture = ? where key = ?', hasPicture ? 1 : 0, key)
  }

  /** The next item that was not measured yet; null: all were. */
  nextUnmeasured(): KeptItem | null {
    if (this.isAway) return null
    const sql = `select * from item where ${UNMEASURED} order by added_at desc, key desc limit 1`
    return this.#read(this.database.all(sql)[0])
  }

  unmeasured(): number {
    return Number(this.database.all(`select count(*) as n from item where ${UNMEASURED}`)[0]?.['n'] ?? 0)
  }

  counts(): LibraryState['counts'] {
    const rows = this.database.all(
      `select kind, count(*) as n, sum(problem is not null) as broken, sum(missing_since is not null) as missing
       from item group by kind`,
    )
    const sum = (column: string, kind?: string): number =>
      rows
        .filter((row) => kind === undefined || row['kind'] === kind)
        .reduce((total, row) => total + Number(row[column] ?? 0), 0)
    return {
      films: sum('n', 'film'),
      episodes: sum('n', 'episode'),
      fillers: sum('n', 'filler'),
      others: sum('n', 'other'),
      broken: sum('broken'),
      missing: this.isAway ? sum('n') : sum('missing'),
    }
  }

  series(): readonly LibrarySeries[] {
    const rows = this.database.all(
      `select series, json_group_array(distinct coalesce(season, -1)) as seasons, count(*) as episodes, min(year) as year,
       min(case when artwork is not null then id end) as beside, min(case when has_picture = 1 then id end) as own
       from item where series is not null and kind = 'episode' group by series order by min(name_key)`,
    )
    return rows.map((row) => {
      const artwork = row['beside'] ?? row['own'] ?? null
      const seasons: unknown = JSON.parse(String(row['seasons']))
      return {
        name: String(row['series']),
        seasons: (Array.isArray(seasons) ? seasons.map(Number) : []).filter((n) => n >= 0).toSorted((a, b) => a - b),
        episodes: Number(row['episodes']),
        year: typeof row['year'] === 'number' ? row['year'] : null,
        artwork: artwork === null ? null : (String(artwork) as MediaId),
      }
    })
  }

  /** Forgets items that are not there; gives the ids of those that were. */
  forget(ids: readonly string[] | 'missing'): readonly string[] {
    const isMissing = this.isAway ? 'true' : 'missing_since is not null'
    if (ids === 'missing') return this.#delete(`${isMissing}`)
    return this.database.transaction(() => ids.flatMap((id) => this.#delete(`id = ? and ${isMissing}`, id)))
  }

  forgetMissingSince(instant: number): readonly string[] {
    return this.#delete('missing_since < ?', instant)
  }

  #delete(where: string, ...values: readonly (string | number)[]): readonly string[] {
    return this.database.all(`delete from item where ${where} returning id`, ...values).map((row) => String(row['id']))
  }

  /** Something that outlasts the program; null: it was never written. */
  note(name: string): string | null {
    const [row] = this.database.all('select value from state where name = ?', name)
    return row === undefined ? null : String(row['value'])
  }

  setNote(name: string, value: string): void {
    this.database.run('insert or replace into state (name, value) values (?, ?)', name, value)
  }
}

const UNMEASURED = 'is_measured = 0 and facts is not null and missing_since is null'
