import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { searchItems } from '../../../../adapters/library/store/item-search.ts'
import { ItemStore } from '../../../../adapters/library/store/item-store.ts'
import { LIBRARY_STEPS } from '../../../../adapters/library/store/library-schema.ts'
import { openDatabase } from '../../../../adapters/store/database.ts'
import { migrate } from '../../../../adapters/store/migrate.ts'
import { filterSubject, itemMatcher, ITEM_STATES } from '../../../../core/library/library-filter.ts'
import type { LibraryFilter } from '../../../../core/library/library-filter.ts'
import { nameKey } from '../../../../core/library/library-order.ts'
import { MEDIA_KINDS } from '../../../../core/library/media-item.ts'
import { wordsOfPath } from '../../../../core/library/names/words-of-path.ts'

const FOLDERS = ['Films', 'Series/Ä Show/Season 1', 'Series/Ä Show', 'Werbung', 'a_b%', '📺']
const NAMES = ['Café (1999)', 'S01E02 - Zwei', 'coke', 'The Zoo (2005)', 'x', 'News 2024-05-01']
const GENRES = ['Comedy', 'Drama', 'Krimi']

/** A store with one item for each pair of folder and name, each of them a little different. */
function aStore(): ItemStore {
  const database = openDatabase(':memory:', 'normal')
  migrate(database, LIBRARY_STEPS)
  const store = new ItemStore(database, 'films')
  for (const [index, path] of FOLDERS.flatMap((folder) => NAMES.map((name) => `${folder}/${name}.mkv`)).entries()) {
    const words = {
      ...wordsOfPath(path),
      genres: GENRES.slice(index % 3, (index % 3) + (index % 2)),
      rating: index % 4 === 0 ? { system: 'FSK', value: `FSK ${index % 16}` } : null,
    }
    const file = { path, bytes: index, modifiedAt: index, inode: '', noteSign: '', artwork: null }
    const key = store.add({ file, words }, index)
    const facts = {
      durationMs: index * 60_000,
      container: 'x',
      video: null,
      audio: [],
      subtitles: [],
      chaptersMs: [],
    }
    if (index % 5 === 0) store.setProblem(key, { reason: 'broken', isPassing: false })
    else if (index % 7 !== 0) store.setFacts(key, { facts, hasCover: false, fingerprint: null })
    if (index % 6 === 0) database.run('update item set missing_since = 1 where key = ?', key)
  }
  return store
}

const some = <T>(of: readonly T[]) => fc.option(fc.subarray([...of], { minLength: 1 }), { nil: undefined })
const number = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined })
const anyFilter: fc.Arbitrary<LibraryFilter> = fc
  .record(
    {
      kinds: some(MEDIA_KINDS),
      series: some(['ä show', 'A SHOW', 'News']),
      seasons: some([0, 1, 2]),
      genres: some(['comedy', 'DRAMA']),
      ratings: some(['fsk 0', 'FSK 4']),
      yearFrom: number(2030),
      yearTo: number(2030),
      minSeconds: number(3000),
      maxSeconds: number(3000),
      folder: fc.option(fc.constantFrom(...FOLDERS, 'Series', 'a_', '/', 'Films/'), { nil: undefined }),
      words: fc.option(fc.constantFrom('cafe', 'zwei show', 'ä', 'nothing', ''), { nil: undefined }),
      state: fc.option(fc.constantFrom(...ITEM_STATES), { nil: undefined }),
    },
    { noNullPrototype: true },
  )
  .map((filter) => JSON.parse(JSON.stringify(filter)) as LibraryFilter)

test('searchItems() finds what the filter itself finds, in order, in pages', () => {
  const store = aStore()
  const every = searchItems(store.database, { filter: {}, offset: 0, limit: Infinity }, store).items
  assert.equal(every.length, FOLDERS.length * NAMES.length)
  for (const isAway of [false, true]) {
    const all = every.map((item) => ({ ...item, isMissing: isAway || item.isMissing }))
    fc.assert(
      fc.property(anyFilter, fc.nat(10), fc.integer({ min: 1, max: 20 }), (filter, offset, limit) => {
        const wanted = all.filter((item) => itemMatcher(filter)(filterSubject(item)))
        const page = searchItems(store.database, { filter, offset, limit }, { library: 'films', isAway })
        assert.equal(page.total, wanted.length)
        assert.deepEqual(page.items, wanted.slice(offset, offset + limit))
      }),
      { numRuns: 150 },
    )
  }
  store.database[Symbol.dispose]()
})

test('searchItems() puts items in the order that is asked for', () => {
  const store = aStore()
  const find = (order: 'name' | 'added' | 'path') =>
    searchItems(store.database, { filter: {}, order, offset: 0, limit: Infinity }, store).items
  assert.deepEqual(
    find('name').map(nameKey),
    find('name')
      .map(nameKey)
      .toSorted((a, b) => (a < b ? -1 : 1)),
  )
  assert.deepEqual(
    find('added').map(({ addedAt }) => addedAt),
    find('path')
      .map(({ addedAt }) => addedAt)
      .toSorted((a, b) => b - a),
  )
  store.database[Symbol.dispose]()
})
