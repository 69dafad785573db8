import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { catalogued, catalogueFor, resolvePools } from '../../../core/linear/catalogue.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import type { MediaId, MediaItem } from '../../../core/library/media-item.ts'

const item = (id: string, more: Partial<MediaItem> = {}): MediaItem => ({
  id: id as MediaId,
  library: 'films',
  path: `${id}.mkv`,
  bytes: 1,
  modifiedAt: 0,
  addedAt: 0,
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
  facts: { durationMs: 60_000.7, container: 'mp4', video: null, audio: [], subtitles: [], chaptersMs: [] },
  breaksMs: [],
  loudness: null,
  hasArtwork: false,
  problem: null,
  isMissing: false,
  ...more,
})

const episode = (id: string, season: number, number: number): MediaItem =>
  item(id, { kind: 'episode', series: 'The Harbour', season, episode: number, genres: ['Drama'] })

const library = [
  episode('e10', 1, 10),
  episode('e2', 1, 2),
  episode('s2', 2, 1),
  item('west', { genres: ['Western'], breaksMs: [30_000.4, 10, 90_000, 10] }),
  item('broken', { genres: ['Western'], problem: 'It cannot be read' }),
  item('unprobed', { genres: ['Western'], facts: null }),
  item('away', { genres: ['Western'], isMissing: true }),
]
const doc = readChannelDoc({
  id: 'x',
  name: 'X',
  pools: [
    { id: 'west', query: { genres: ['western'] } },
    { id: 'series', query: { series: ['the harbour'] } },
    { id: 'own', items: ['e2'] },
  ],
})

describe('resolvePools()', () => {
  test('writes what a filter finds, by series, season and number, and what is away for now too', () => {
    const pools = resolvePools(doc, library).revisions[0].pools.map(({ items }) => items)
    assert.deepEqual(pools, [['away', 'west'], ['e2', 'e10', 's2'], ['e2']])
  })

  test('leaves revisions alone that are not meant', () => {
    const two = readChannelDoc({ ...doc, revisions: [...doc.revisions, { ...doc.revisions[0], from: '2026-05-01' }] })
    const resolved = resolvePools(two, library, ({ from }) => from === '2026-05-01')
    assert.deepEqual(resolved.revisions[0], two.revisions[0])
    assert.equal(resolved.revisions[1]?.pools[0]?.items.length, 2)
  })
})

describe('catalogueFor()', () => {
  const resolved = resolvePools(doc, library)
  const catalogue = catalogueFor([resolved], library)

  test('has what pools name, in whole milliseconds, with usable break points', () => {
    assert.deepEqual(Object.keys(catalogue.media).toSorted(), ['away', 'e10', 'e2', 's2', 'west'])
    assert.equal(catalogue.media['west']?.ms, 60_000)
    assert.deepEqual(catalogue.media['west']?.breaksMs, [10, 30_000])
  })

  test('keeps what the past of a document names after the library forgot it', () => {
    const fewer = library.filter(({ id }) => id !== 'west')
    assert.equal(catalogueFor([resolved], fewer).media['west'], undefined)
    assert.deepEqual(catalogueFor([resolved], fewer, catalogue).media['west'], catalogue.media['west'])
  })

  test('has another revision when something is different, and only then', () => {
    assert.equal(catalogueFor([resolved], library).revision, catalogue.revision)
    const longer = library.map((one) => (one.id === 'west' ? { ...one, title: 'West!' } : one))
    assert.notEqual(catalogueFor([resolved], longer).revision, catalogue.revision)
  })
})

test('catalogued() knows only media', () => {
  const media = catalogueFor([resolvePools(doc, library)], library)
  assert.equal(catalogued(media, 'constructor'), null)
  assert.equal(catalogued(media, 'nothing'), null)
  assert.equal(catalogued(media, 'west')?.title, 'west')
})
