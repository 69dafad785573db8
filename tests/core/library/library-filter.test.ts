import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { filterSubject, folderPrefix, itemMatcher, libraryFilterSchema } from '../../../core/library/library-filter.ts'
import type { LibraryFilter } from '../../../core/library/library-filter.ts'
import { nameKey } from '../../../core/library/library-order.ts'
import type { MediaItem } from '../../../core/library/media-item.ts'
import { anItem } from './item.ts'

const episode = anItem({
  kind: 'episode',
  title: 'The Café',
  series: 'Der Tatortreiniger',
  season: 2,
  genres: ['Comedy'],
  rating: { system: 'FSK', value: 'FSK 12' },
  year: 2012,
  path: 'Series/Tatortreiniger/S02/e1.mkv',
})

for (const { name, filter, item = episode, fits } of [
  { name: 'anything without keys', filter: {}, fits: true },
  { name: 'a kind of several', filter: { kinds: ['film', 'episode'] }, fits: true },
  { name: 'no other kind', filter: { kinds: ['film'] }, fits: false },
  { name: 'a series without regard to case', filter: { series: ['der TATORTreiniger'] }, fits: true },
  { name: 'no part of a series name', filter: { series: ['tatort'] }, fits: false },
  { name: 'a season', filter: { seasons: [1, 2] }, fits: true },
  { name: 'no season where none is known', filter: { seasons: [0] }, item: anItem(), fits: false },
  { name: 'a genre', filter: { genres: ['comedy', 'drama'] }, fits: true },
  { name: 'a rating', filter: { ratings: ['fsk 12'] }, fits: true },
  { name: 'the first year of a span', filter: { yearFrom: 2012, yearTo: 2013 }, fits: true },
  { name: 'no year before a span', filter: { yearFrom: 2013 }, fits: false },
  { name: 'no unknown year', filter: { yearTo: 3000 }, item: anItem({ year: null }), fits: false },
  { name: 'a length', filter: { minSeconds: 60, maxSeconds: 60 }, fits: true },
  { name: 'no length that is not known', filter: { minSeconds: 0 }, item: anItem({ facts: null }), fits: false },
  { name: 'a folder', filter: { folder: '/Series/Tatortreiniger/' }, fits: true },
  { name: 'no folder whose name goes on', filter: { folder: 'Series/Tatort' }, fits: false },
  { name: 'words of title and series without accents', filter: { words: 'cafe reiniger' }, fits: true },
  { name: 'no word that is nowhere', filter: { words: 'cafe bar' }, fits: false },
  { name: 'what can be played', filter: { state: 'playable' }, fits: true },
  { name: 'nothing broken as playable', filter: { state: 'playable' }, item: anItem({ problem: 'x' }), fits: false },
  {
    name: 'nothing missing as playable',
    filter: { state: 'playable' },
    item: anItem({ isMissing: true }),
    fits: false,
  },
  { name: 'nothing unprobed as playable', filter: { state: 'playable' }, item: anItem({ facts: null }), fits: false },
  { name: 'what is broken', filter: { state: 'broken' }, item: anItem({ problem: 'x' }), fits: true },
  { name: 'what is missing', filter: { state: 'missing' }, item: anItem({ isMissing: true }), fits: true },
  { name: 'nothing that breaks one of two keys', filter: { kinds: ['episode'], yearFrom: 2020 }, fits: false },
] satisfies { name: string; filter: LibraryFilter; item?: MediaItem; fits: boolean }[]) {
  test(`itemMatcher() finds ${name}`, () => {
    assert.equal(itemMatcher(v.parse(libraryFilterSchema, filter))(filterSubject(item)), fits)
  })
}

test('libraryFilterSchema refuses keys that it does not know', () => {
  assert.equal(v.is(libraryFilterSchema, { kind: 'film' }), false)
  assert.equal(v.is(libraryFilterSchema, { kinds: ['movie'] }), false)
})

for (const [folder, prefix] of [
  [undefined, ''],
  ['', ''],
  ['/', ''],
  ['.', ''],
  ['./a', 'a/'],
  ['a/b//', 'a/b/'],
  [String.raw`a\b`, 'a/b/'],
  ['.hidden', '.hidden/'],
] as const) {
  test(`folderPrefix() makes "${prefix}" of "${folder}"`, () => assert.equal(folderPrefix(folder), prefix))
}

test('nameKey() puts films by name without article, and episodes by number with specials last', () => {
  const items = [
    anItem({ title: 'The Zoo' }),
    anItem({ series: 'Alf', season: 0, episode: 1, title: 'Special' }),
    anItem({ series: 'Alf', season: 2, episode: 1, title: 'A' }),
    anItem({ series: 'Alf', season: 1, episode: 10, title: 'B' }),
    anItem({ series: 'Alf', season: 1, episode: 9, title: 'C', airedOn: '2020-01-01' }),
    anItem({ title: 'Élan' }),
    anItem({ title: 'Film 10' }),
    anItem({ title: 'Film 9' }),
    anItem({ series: 'News', title: 'second', airedOn: '2024-05-02' }),
    anItem({ series: 'News', title: 'first', airedOn: '2024-05-01' }),
  ]
  const sorted = items.toSorted((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1)).map(({ title }) => title)
  assert.deepEqual(sorted, ['C', 'B', 'A', 'Special', 'Élan', 'Film 9', 'Film 10', 'first', 'second', 'The Zoo'])
})
