import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import type { MediaWords } from '../../../core/library/media-item.ts'
import type { ItemStore } from '../store/item-store.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createWordReader } from './notes-of.ts'
import type { WalkProblem } from './walk-folder.ts'

const ROWS_AT_ONCE = 200
const PAIR = `
  select seen.path, seen.bytes, seen.modified_at, seen.inode, seen.note_sign, seen.own_note, seen.series_note, seen.artwork,
    item.key, item.bytes as known_bytes, item.modified_at as known_modified_at, item.inode as known_inode,
    item.note_sign as known_sign, item.artwork as known_artwork, item.missing_since
  from seen left join item on item.path = seen.path
  where seen.path > ? order by seen.path limit ${ROWS_AT_ONCE}`
/** Items that are nowhere any more: made once, since every new file may be one of them. */
const LOST_TABLE = `
  drop table if exists temp.lost;
  create temp table lost (
    key integer primary key,
    path text not null,
    bytes integer not null,
    modified_at integer not null,
    inode text not null,
    fingerprint text,
    is_news integer not null -- it was there at the scan before
  ) strict;
  create index temp.lost_bytes on lost (bytes);`
const KEYS_AT_ONCE = 2000
const LOST_SOME = `
  insert into lost select key, path, bytes, modified_at, inode, fingerprint, missing_since is null from item
  where key > ? and key <= ? and not exists (select 1 from seen where seen.path = item.path)`
const TWINS = 'select key, modified_at, inode, fingerprint from lost where bytes = ? limit 20'
const GONE = `select key, path from lost where is_news = 1 and key > ? order by key limit ${ROWS_AT_ONCE}`

const text = v.nullable(v.string())
const Pair = v.object({
  path: v.string(),
  bytes: v.number(),
  modified_at: v.number(),
  inode: v.string(),
  note_sign: v.string(),
  own_note: text,
  series_note: text,
  artwork: text,
  key: v.nullable(v.number()),
  known_bytes: v.nullable(v.number()),
  known_modified_at: v.nullable(v.number()),
  known_inode: text,
  known_sign: text,
  known_artwork: text,
  missing_since: v.nullable(v.number()),
})
type Pair = v.InferOutput<typeof Pair>
const Twin = v.object({ key: v.number(), modified_at: v.number(), inode: v.string(), fingerprint: text })
const Gone = v.object({ key: v.number(), path: v.string() })

/** What is different from the scan before. */
export type Differences = { added: number; changed: number; moved: number; missing: number }

/**
 * Brings the items to what was collected in `seen`, a few hundred at a time, so that streams have their turn between.
 *
 * A file counts as the same while size and time of its last change are. A new file that has the bytes of one that is
 * nowhere any more is that one, moved: of the same inode and time, or of the same content (`fingerprintOf`); it keeps its
 * id and all that was measured. What lies in folders that could not be read stays as it is.
 */
export async function compareWithSeen(
  store: ItemStore,
  root: string,
  told: { readonly now: number; readonly problems: readonly WalkProblem[]; readonly signal: AbortSignal },
): Promise<Differences> {
  await collectLost(store, told.signal)
  const wordsOf = createWordReader(root)
  const differences: Differences = { added: 0, changed: 0, moved: 0, missing: 0 }
  for (let last = ''; ;) {
    told.signal.throwIfAborted()
    const pairs = store.database.all(PAIR, last).map((row) => v.parse(Pair, row))
    const described: { pair: Pair; words: MediaWords; moved: number | null }[] = []
    for (const pair of pairs.filter(isDifferent)) {
      const words = await wordsOf(pair.path, { own: pair.own_note, series: pair.series_note })
      const moved = pair.key === null ? await lostTwin(store, root, pair) : null
      described.push({ pair, words, moved })
    }
    store.database.quickTransaction(() => {
      // A share that was mounted again has other numbers, and the same files.
      for (const { key, inode, known_inode } of pairs)
        if (key !== null && inode !== known_inode)
          store.database.run('update item set inode = ? where key = ?', inode, key)
      const taken = new Set<number>()
      for (const { pair, words, moved } of described) {
        const file = fileOf(pair)
        const twin = moved !== null && !taken.has(moved) ? moved : null
        const key = pair.key ?? twin
        if (key === null) {
          store.add({ file, words }, told.now)
          differences.added++
          continue
        }
        if (twin !== null) {
          taken.add(twin)
          store.database.run('delete from lost where key = ?', twin)
          differences.moved++
        } else if (hasOtherBytes(pair)) {
          store.forgetContent(key)
          differences.changed++
        }
        store.describe(key, { file, words })
      }
    })
    await setImmediate()
    const end = pairs.at(-1)
    if (end === undefined) break
    last = end.path
  }
  differences.missing = await markGone(store, told)
  store.database.exec('drop table if exists temp.lost; drop table if exists temp.seen')
  return differences
}

const fileOf = (pair: Pair) => ({
  path: pair.path,
  bytes: pair.bytes,
  modifiedAt: pair.modified_at,
  inode: pair.inode,
  noteSign: pair.note_sign,
  artwork: pair.artwork,
})

const hasOtherBytes = (pair: Pair): boolean =>
  pair.known_bytes !== pair.bytes || pair.known_modified_at !== pair.modified_at

const isDifferent = (pair: Pair): boolean =>
  pair.key === null ||
  pair.missing_since !== null ||
  hasOtherBytes(pair) ||
  pair.known_sign !== pair.note_sign ||
  pair.known_artwork !== pair.artwork

async function collectLost({ database }: ItemStore, signal: AbortSignal): Promise<void> {
  database.exec(LOST_TABLE)
  const last = Number(database.all('select max(key) as last from item')[0]?.['last'] ?? 0)
  for (let key = 0; key < last; key += KEYS_AT_ONCE) {
    signal.throwIfAborted()
    database.quickTransaction(() => database.run(LOST_SOME, key, key + KEYS_AT_ONCE))
    await setImmediate()
  }
}

/** The item that this new file was before it was moved; null: it is new. */
async function lostTwin(store: ItemStore, root: string, pair: Pair): Promise<number | null> {
  if (pair.bytes === 0) return null
  const lost = store.database.all(TWINS, pair.bytes).map((row) => v.parse(Twin, row))
  if (lost.length === 0) return null
  const same = lost.find(
    ({ inode, modified_at }) => inode !== '' && inode === pair.inode && modified_at === pair.modified_at,
  )
  if (same !== undefined) return same.key
  const fingerprint = await fingerprintOf(join(root, pair.path))
  return lost.find((item) => fingerprint !== null && item.fingerprint === fingerprint)?.key ?? null
}

async function markGone(
  store: ItemStore,
  { now, problems, signal }: { now: number; problems: readonly WalkProblem[]; signal: AbortSignal },
): Promise<number> {
  const unknown = problems.filter(({ isWhole }) => isWhole).map(({ path }) => path)
  const isUnknown = (path: string): boolean =>
    unknown.some((folder) => folder === '' || path === folder || path.startsWith(`${folder}/`))
  let count = 0
  for (let last = 0; ;) {
    signal.throwIfAborted()
    const gone = store.database.all(GONE, last).map((row) => v.parse(Gone, row))
    store.database.quickTransaction(() => {
      for (const { key, path } of gone)
        if (!isUnknown(path)) count += store.database.run('update item set missing_since = ? where key = ?', now, key)
    })
    await setImmediate()
    const end = gone.at(-1)
    if (end === undefined) return count
    last = end.key
  }
}
