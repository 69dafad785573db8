import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../../core/errors.ts'
import type { View } from '../../../core/lineup/lineup.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { nextOffset } from '../../../core/lineup/vod.ts'
import type { VodCatalogue, VodCategory, VodEntry, VodItem } from '../../../core/lineup/vod.ts'
import type { VodDesk } from '../../../core/lineup/vod-desk.ts'
import { withVodViews } from '../../../core/lineup/vod-view.ts'

const SOURCE = sourceId('films')
const { signal } = new AbortController()
const ALL: View = { groups: null, selections: null, adultLock: false }
const details = { plot: null, genres: [], directors: [], cast: [], durationSeconds: null }
const CATEGORIES: readonly VodCategory[] = [
  { id: 'k', name: 'Kids' },
  { id: 'a', name: 'Action' },
  { id: 'x', name: 'XXX' },
  { id: 'n', name: 'Night', isAdult: true },
]

const film = (id: string, categories: readonly string[], changes: Partial<VodEntry> = {}): VodEntry => ({
  kind: 'film',
  id,
  name: `Film ${id}`,
  year: null,
  categories,
  rating: null,
  addedAt: null,
  hasPoster: true,
  container: 'mkv',
  ...changes,
})
const LIBRARY = [
  film('1', ['k']),
  film('2', ['a']),
  film('3', ['a', 'k']),
  film('4', ['x']),
  film('5', ['k', 'n']),
  film('6', []),
  film('7', ['k'], { isAdult: true }),
]

/** A house with one shelf, whose pages are short and whose questions are counted. */
function open(library: readonly VodEntry[] = LIBRARY, pageSize = 2) {
  const asked: string[] = []
  const find = (kind: string, id: string) => library.find((one) => one.kind === kind && one.id === id) ?? null
  const catalogue: VodCatalogue = {
    categories: async (kind) => (asked.push(`categories ${kind}`), CATEGORIES),
    async entries({ kind, category, offset, limit }) {
      const found = library.filter(
        (one) => one.kind === kind && (category === null || one.categories.includes(category)),
      )
      asked.push(`entries ${category ?? '*'} ${offset}`)
      return { items: found.slice(offset, offset + Math.min(limit, pageSize)), total: found.length }
    },
    async film(id) {
      asked.push(`film ${id}`)
      const found = find('film', id)
      return found === null ? null : { ...found, kind: 'film', ...details }
    },
    async series(id) {
      asked.push(`series ${id}`)
      const found = find('series', id)
      return found === null ? null : { ...found, kind: 'series', ...details, seasons: [] }
    },
    poster: async () => new Uint8Array(1),
  }
  const opened: string[] = []
  const desk: VodDesk = {
    shelves: () => [{ id: SOURCE, name: 'Films', catalogue }],
    poster: async () => ({ bytes: new Uint8Array(1), contentType: 'image/png', tag: 'a' }),
    async open({ item }) {
      opened.push(item.kind)
      throw new Failure('live/no-slot', 'All are busy')
    },
  }
  const clock = { now: 0 }
  const house = withVodViews(desk, { now: () => clock.now })
  const see = (view: View | undefined) => {
    const seen = house.seenBy(view)
    const [shelf = assert.fail('no shelf')] = seen.shelves()
    const list = async (limit = 60, category: string | null = null, kind: 'film' | 'series' = 'film') => {
      const ids: string[] = []
      let offset: number | null = 0
      for (let turn = 0; offset !== null; turn++) {
        assert.ok(turn < 1000, 'the pages never end')
        const query = { kind, category, search: '', offset, limit } as const
        const page = await shelf.catalogue.entries(query, signal)
        assert.ok(page.items.length <= limit)
        ids.push(...page.items.map(({ id }) => id))
        offset = nextOffset(page, offset)
      }
      return ids
    }
    const play = async (item: VodItem): Promise<string> => {
      const viewer = { user: null, address: '', player: '' }
      const failure = await seen.open({ sourceId: SOURCE, item, viewer, range: null, signal }).catch((e: unknown) => e)
      return failure instanceof Failure ? failure.code : 'opened'
    }
    return { seen, shelf, list, play, catalogue: shelf.catalogue }
  }
  return { house, desk, see, asked, clock, opened }
}

test('seenBy() without limits is the desk itself', () => {
  const { house, desk } = open()
  assert.equal(house.seenBy(undefined), desk)
  assert.equal(house.seenBy(ALL), desk)
})

for (const { name, view, ids, categories } of [
  { name: 'one group', view: { ...ALL, groups: ['Kids'] }, ids: '1 3 5 7', categories: 'Kids' },
  { name: 'two groups', view: { ...ALL, groups: ['Kids', 'Action'] }, ids: '1 2 3 5 7', categories: 'Kids Action' },
  {
    name: 'one group and the lock',
    view: { ...ALL, groups: ['Kids'], adultLock: true },
    ids: '1 3',
    categories: 'Kids',
  },
  { name: 'a group of channels only', view: { ...ALL, groups: ['News'] }, ids: '', categories: '' },
  { name: 'selections only', view: { ...ALL, selections: ['mine'] }, ids: '', categories: '' },
  { name: 'no group at all', view: { ...ALL, groups: [] }, ids: '', categories: '' },
  { name: 'the lock', view: { ...ALL, adultLock: true }, ids: '1 2 3 6', categories: 'Kids Action' },
  {
    name: 'a group for adults behind the lock',
    view: { ...ALL, groups: ['XXX'], adultLock: true },
    ids: '',
    categories: '',
  },
]) {
  test(`somebody with ${name} sees these films alone, in lists, by id, as pictures and files`, async () => {
    const { see } = open()
    const { seen, list, play, catalogue } = see(view)
    const wanted = ids.split(' ').filter((id) => id !== '')
    for (const limit of [1, 2, 3, 60]) assert.deepEqual(await list(limit), wanted, `limit ${limit}`)
    const named = await catalogue.categories('film', signal)
    assert.equal(named.map((one) => one.name).join(' '), categories)
    for (const { id } of LIBRARY) {
      const isTheirs = wanted.includes(id)
      assert.equal((await catalogue.film(id, signal)) !== null, isTheirs, id)
      assert.equal((await catalogue.poster({ kind: 'film', id }, signal)) !== null, isTheirs, id)
      assert.equal((await seen.poster(SOURCE, { kind: 'film', id }, signal)) !== null, isTheirs, id)
      assert.equal(await play({ kind: 'film', id }), isTheirs ? 'live/no-slot' : 'vod/unknown-item', id)
    }
  })
}

test('a category that is not theirs has no films, and no film tells that it is in one', async () => {
  const { see } = open()
  const { list, catalogue } = see({ ...ALL, groups: ['Kids'] })
  assert.deepEqual(await list(60, 'a'), [])
  assert.deepEqual((await catalogue.film('3', signal))?.categories, ['k'])
  assert.deepEqual(await list(2, 'k'), ['1', '3', '5', '7'])
})

test('an episode is seen by its series', async () => {
  const { see } = open([film('7', ['k'], { kind: 'series' }), film('8', ['a'], { kind: 'series' })])
  const { play, catalogue, list } = see({ ...ALL, groups: ['Kids'] })
  const episode = (series: string) => ({ kind: 'episode', series, season: 1, episode: 1 }) as const
  assert.deepEqual([await play(episode('7')), await play(episode('8'))], ['live/no-slot', 'vod/unknown-item'])
  assert.deepEqual([(await catalogue.series('7', signal))?.id, await catalogue.series('8', signal)], ['7', null])
  assert.deepEqual(await list(60, null, 'series'), ['7'])
})

test('what a source does not have, and sources that there are not, open nothing', async () => {
  const { see } = open()
  const { play, seen } = see({ ...ALL, adultLock: true })
  assert.equal(await play({ kind: 'film', id: '99' }), 'vod/unknown-item')
  assert.equal(await seen.poster(sourceId('other'), { kind: 'film', id: '1' }, signal), null)
})

test('pictures of a list need no look-up each, and categories one a minute', async () => {
  const { see, asked, clock } = open()
  const { seen, list } = see({ ...ALL, adultLock: true })
  for (const id of await list()) await seen.poster(SOURCE, { kind: 'film', id }, signal)
  assert.deepEqual(
    asked.filter((one) => !one.startsWith('entries')),
    ['categories film'],
  )
  clock.now += 60_000
  await list()
  assert.equal(asked.filter((one) => one.startsWith('categories')).length, 2)
  clock.now += 600_000
  await seen.poster(SOURCE, { kind: 'film', id: '1' }, signal)
  assert.equal(asked.at(-2), 'film 1')
})

test('who sees one category is answered from that one', async () => {
  const { see, asked } = open()
  await see({ ...ALL, groups: ['Action'] }).list()
  assert.ok(
    asked.every((one) => one.startsWith('categories') || one.startsWith('entries a ')),
    asked.join(),
  )
})

test('pages of a view give every film that is seen, once and in order, whatever the pages of the source', async () => {
  const anyFilm = fc.subarray(['k', 'a', 'x', 'n'])
  const anyView = fc.record(
    { groups: fc.option(fc.subarray(['Kids', 'Action', 'XXX', 'Night'])), adultLock: fc.boolean() },
    { noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyFilm, { maxLength: 60 }),
      anyView,
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 9 }),
      async (places, { groups, adultLock }, pageSize, limit) => {
        const library = places.map((categories, index) => film(String(index), categories))
        const names = new Map(CATEGORIES.map(({ id, name }) => [id, name]))
        const wanted = library.filter(
          ({ categories }) =>
            (groups === null ||
              categories.some((id) => !(adultLock && 'xn'.includes(id)) && groups.includes(names.get(id) ?? ''))) &&
            !(adultLock && categories.some((id) => 'xn'.includes(id))),
        )
        const { see } = open(library, pageSize)
        assert.deepEqual(
          await see({ groups, selections: null, adultLock }).list(limit),
          wanted.map(({ id }) => id),
        )
      },
    ),
  )
})
