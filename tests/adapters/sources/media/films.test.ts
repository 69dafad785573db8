import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createFilms } from '../../../../adapters/sources/media/films.ts'
import { Failure } from '../../../../core/errors.ts'
import { itemMatcher, filterSubject } from '../../../../core/library/library-filter.ts'
import type { Library } from '../../../../core/library/library.ts'
import type { MediaId, MediaItem } from '../../../../core/library/media-item.ts'

const signal = AbortSignal.timeout(10_000)
const QUERY = { kind: 'film', category: null, search: '', offset: 0, limit: 10 } as const

const item = (id: string, changes: Partial<MediaItem>): MediaItem => ({
  id: id as MediaId,
  library: 'films',
  path: `${id}.mkv`,
  kind: 'film',
  title: id,
  series: null,
  season: null,
  episode: null,
  lastEpisode: null,
  year: null,
  plot: null,
  genres: [],
  rating: null,
  airedOn: null,
  bytes: 10,
  modifiedAt: 0,
  addedAt: 5,
  facts: { durationMs: 90_400, container: 'matroska', video: null, audio: [], subtitles: [], chaptersMs: [] },
  breaksMs: [],
  loudness: null,
  hasArtwork: false,
  problem: null,
  isMissing: false,
  ...changes,
})

/** A library of these items whose files lie in a folder. */
function library(items: readonly MediaItem[], folder = '') {
  const state = { items }
  const listeners = new Set<() => void>()
  const names = () => [...new Set(state.items.flatMap(({ series }) => series ?? []))]
  const library = {
    id: 'films',
    items({ filter }) {
      const fits = itemMatcher(filter)
      const found = state.items.filter((one) => fits(filterSubject(one)))
      return { total: found.length, items: found }
    },
    item: (id) => state.items.find((one) => one.id === id) ?? null,
    series: () => names().map((name) => ({ name, seasons: [], episodes: 0, year: 1978, artwork: null })),
    file(id) {
      const found = state.items.find((one) => one.id === id)
      return found?.facts == null ? null : { path: join(folder, found.path), facts: found.facts, loudness: null }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    artwork: async () => null,
    async [Symbol.asyncDispose]() {},
  } satisfies Partial<Library>
  const change = (next: readonly MediaItem[]): void => {
    state.items = next
    for (const listener of listeners) listener()
  }
  // Films ask for nothing else.
  return { films: createFilms(async () => library as unknown as Library), change }
}

const episode = (id: string, changes: Partial<MediaItem>) => item(id, { kind: 'episode', series: 'Blake', ...changes })

test('films are those that can be shown, with genres as categories, found by words', async () => {
  const { films, change } = library([
    item('f1', { title: 'The Öl', genres: ['Western', 'Drama'], year: 1978 }),
    item('f2', { title: 'Broken', problem: 'It is empty' }),
    item('i1', { kind: 'filler' }),
  ])
  const { items, total } = await films.entries({ ...QUERY, search: 'ol' }, signal)
  assert.deepEqual([total, items.map(({ name, container }) => [name, container])], [1, [['The Öl', 'mkv']]])
  const [drama, western] = await films.categories('film', signal)
  assert.deepEqual([drama?.name, western?.name], ['Drama', 'Western'])
  assert.equal((await films.entries({ ...QUERY, category: western?.id ?? '' }, signal)).total, 1)
  assert.equal((await films.film('f1', signal))?.durationSeconds, 90)
  assert.equal(await films.film('i1', signal), null)
  change([item('f3', { title: 'New' })])
  assert.deepEqual(
    (await films.entries(QUERY, signal)).items.map(({ name }) => name),
    ['New'],
  )
})

test('a series has its episodes by season and number; what has no number comes behind, years are seasons', async () => {
  const { films } = library([
    episode('e2', { season: 1, episode: 2, title: 'Two' }),
    episode('e1', { season: 1, episode: 1, title: 'One' }),
    episode('twin', { season: 1, episode: 1, title: 'One again' }),
    episode('x', { season: 1, title: 'Extra' }),
    episode('d', { airedOn: '1979-04-01', title: 'By date' }),
  ])
  const [entry] = (await films.entries({ ...QUERY, kind: 'series' }, signal)).items
  assert.equal(entry?.name, 'Blake')
  const series = await films.series(entry.id, signal)
  assert.deepEqual(
    series?.seasons.map(({ number, episodes }) => [number, episodes.map((one) => [one.number, one.title])]),
    [
      [1, [[1, 'One'], [2, 'Two'], [3, 'Extra']]],
      [1979, [[1, 'By date']]],
    ],
  ) // prettier-ignore
})

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dl-'))
  await writeFile(join(folder, 'f1.mkv'), '0123456789')
})
after(() => rm(folder, { recursive: true, force: true }))

for (const { name, range, told, text } of [
  { name: 'as a whole', range: null, told: { first: 0, last: 9, size: 10, partial: false }, text: '0123456789' },
  {
    name: 'from a place on',
    range: { first: 4, last: null },
    told: { first: 4, last: 9, size: 10, partial: true },
    text: '456789',
  },
  { name: 'a part', range: { first: 2, last: 3 }, told: { first: 2, last: 3, size: 10, partial: true }, text: '23' },
  {
    name: 'to beyond its end',
    range: { first: 8, last: 99 },
    told: { first: 8, last: 9, size: 10, partial: true },
    text: '89',
  },
]) {
  test(`a film is read ${name}`, async () => {
    const { films } = library([item('f1', {})], folder)
    const file = await films.openFile({ item: { kind: 'film', id: 'f1' }, range, signal })
    const { first, last, size, partial } = file
    assert.deepEqual({ first, last, size, partial }, told)
    assert.equal(await new Response(file.body).text(), text)
  })
}

test('a film that is not there, and a part behind its end, are refused', async () => {
  const { films } = library([item('f1', {}), item('f2', {})], folder)
  const open = (id: string, first: number) =>
    films.openFile({ item: { kind: 'film', id }, range: { first, last: null }, signal })
  const code = (wanted: string) => (error: unknown) => error instanceof Failure && error.code === wanted
  await assert.rejects(open('f2', 0), code('vod/unknown-item'))
  await assert.rejects(open('f9', 0), code('vod/unknown-item'))
  await assert.rejects(open('f1', 10), code('vod/range'))
  await assert.rejects(
    films.openFile({ item: { kind: 'episode', series: 's', season: 1, episode: 1 }, range: null, signal }),
    code('vod/unknown-item'),
  )
})
