import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publish } from '../../../adapters/linear/publish.ts'
import { createStation } from '../../../adapters/linear/station.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import type { MediaId, MediaItem } from '../../../core/library/media-item.ts'

const NOW = Date.UTC(2026, 10, 21, 20, 15)
const HOUR_MS = 3_600_000
const doc = readChannelDoc(
  { id: 'classics', name: 'Classics', anchorDay: '2026-11-19', pools: [{ id: 'films', query: { kinds: ['film'] } }] },
  { zone: 'UTC' },
)

const film = (id: string): MediaItem => ({
  id: id as MediaId,
  library: 'films',
  path: `${id}.mkv`,
  kind: 'film',
  title: id,
  series: null,
  season: null,
  episode: null,
  lastEpisode: null,
  year: 1978,
  plot: null,
  genres: [],
  rating: null,
  airedOn: null,
  bytes: 1,
  modifiedAt: 0,
  addedAt: 0,
  facts: { durationMs: HOUR_MS, container: 'matroska', video: null, audio: [], subtitles: [], chaptersMs: [] },
  breaksMs: [],
  loudness: null,
  hasArtwork: id === 'a',
  problem: null,
  isMissing: false,
})

const [A, B, C] = [film('a'), film('b'), film('c')]
const poolsOf = ({ revisions }: ReturnType<typeof publish>) =>
  revisions.map(({ from, pools }) => [from, pools.map(({ items }) => items.join(''))])

const first = publish(doc, [A, B], { before: null, edition: '1', now: NOW })

test('publish() writes down what filters find', () => {
  assert.deepEqual(poolsOf(first), [['2026-11-19', ['ab']]])
})

test('publish() leaves all as it is while the library is the same', () => {
  assert.equal(publish(doc, [A, B], { before: first, edition: '1', now: NOW }), first)
})

test('publish() plans what a scan finds later from the next day of the channel on, and joins it that day', () => {
  const second = publish(doc, [A, B, C], { before: first, edition: '1', now: NOW })
  assert.deepEqual(poolsOf(second), [
    ['2026-11-19', ['ab']],
    ['2026-11-22', ['abc']],
  ])
  assert.equal(publish(doc, [A, B, C], { before: second, edition: '1', now: NOW }), second)
  const third = publish(doc, [A, C], { before: second, edition: '1', now: NOW + 60_000 })
  assert.deepEqual(poolsOf(third), [
    ['2026-11-19', ['ab']],
    ['2026-11-22', ['ac']],
  ])
})

test('publish() takes an edit of what is planned at once, with the files of that moment', () => {
  const edited = readChannelDoc(
    { ...doc, revisions: [], pools: [{ id: 'films', query: { kinds: ['film'] }, mode: 'sequence' }] },
    { zone: 'UTC' },
  )
  assert.deepEqual(poolsOf(publish(edited, [A, B, C], { before: first, edition: '2', now: NOW })), [
    ['2026-11-19', ['abc']],
  ])
})

test('publish() makes nobody wait for the first file of a pool', () => {
  const none = publish(doc, [], { before: null, edition: '1', now: NOW })
  assert.deepEqual(poolsOf(publish(doc, [A], { before: none, edition: '1', now: NOW })), [['2026-11-19', ['a']]])
})

test('a station goes on after a restart with what was published, and no scan changes what is on', () => {
  const kept = new Map<string, { readonly key: string; readonly revisions: unknown }>()
  const store = {
    read: (id: string) => kept.get(id) ?? null,
    write: (id: string, publication: { readonly key: string; readonly revisions: unknown }) =>
      void kept.set(id, JSON.parse(JSON.stringify(publication)) as { key: string; revisions: unknown }),
  }
  const input = { library: 'films', doc, edition: '1', items: [A, B], isWhole: true }
  const before = createStation(input, { store, now: () => NOW })
  const today = { from: NOW, to: NOW + 6 * HOUR_MS }
  const planned = before.planner.items(today.from, today.to)
  assert.equal(before.renew({ ...input, items: [A, B, C] }), true)
  assert.deepEqual(before.planner.items(today.from, today.to), planned)
  const after = createStation({ ...input, items: [A, B, C] }, { store, now: () => NOW })
  assert.deepEqual(after.planner.items(today.from, today.to), planned)
  assert.deepEqual(
    new Set(after.planner.items(NOW + 24 * HOUR_MS, NOW + 30 * HOUR_MS).map(({ media }) => media)),
    new Set(['a', 'b', 'c']),
  )
})

test('what the first scan of a library finds is planned as it comes', () => {
  const kept: string[] = []
  const store = { read: () => null, write: (id: string) => void kept.push(id) }
  const input = { library: 'films', doc, edition: '1' }
  const station = createStation({ ...input, items: [A], isWhole: false }, { store, now: () => NOW })
  const shown = () => new Set(station.planner.items(NOW, NOW + 6 * HOUR_MS).map(({ media }) => media))
  station.renew({ ...input, items: [A, B], isWhole: false })
  assert.deepEqual(shown(), new Set(['a', 'b']))
  assert.deepEqual(kept, [])
  station.renew({ ...input, items: [A, B, C], isWhole: true })
  assert.deepEqual(shown(), new Set(['a', 'b', 'c']))
  assert.deepEqual(kept, ['classics'])
})

test('the guide of a station names pictures of what is shown, where there are some', () => {
  const { guide } = createStation(
    { library: 'films', doc, edition: '1', items: [A, B], isWhole: true },
    { store: { read: () => null, write: () => {} }, now: () => NOW },
  )
  const told = new Map(
    guide({ from: NOW, to: NOW + 6 * HOUR_MS }).programmes.map(({ title, details }) => [title, details?.picture]),
  )
  assert.deepEqual(
    told,
    new Map([
      ['a', 'play/vod/films/a/poster'],
      ['b', undefined],
    ]),
  )
})
