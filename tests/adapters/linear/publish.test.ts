import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { publish, published } from '../../../adapters/linear/publish.ts'
import type { Publication } from '../../../adapters/linear/publish.ts'
import { catalogueFor } from '../../../core/linear/catalogue.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import type { ChannelDoc } from '../../../core/linear/document.ts'
import { plan } from '../../../core/linear/plan.ts'
import type { MediaId, MediaItem } from '../../../core/library/media-item.ts'

const HOUR_MS = 3_600_000
const NOW = Date.UTC(2026, 10, 10, 12)

const film = (id: string): MediaItem => ({
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
  facts: { durationMs: 4_000_000, container: 'mp4', video: null, audio: [], subtitles: [], chaptersMs: [] },
  breaksMs: [],
  loudness: null,
  hasArtwork: false,
  problem: null,
  isMissing: false,
})
const library = ['a', 'b', 'c', 'd', 'e'].map(film)
const pools = [{ id: 'films', query: { kinds: ['film'] } }]
const first = readChannelDoc({ id: 'x', name: 'X', anchorDay: '2026-11-01', pools })

/** What is on from a day ago until six hours from now. */
function on(doc: ChannelDoc, publication: Publication): string {
  const whole = published(doc, publication)
  const catalogue = catalogueFor([whole], [...library, film('new')])
  return JSON.stringify(plan(whole, catalogue, NOW - 24 * HOUR_MS, NOW + 6 * HOUR_MS).items)
}
const step = (doc: ChannelDoc, items: readonly MediaItem[], before: Publication | null, edition = '1') =>
  publish(doc, items, { before, edition, now: NOW })

describe('publish()', () => {
  const before = step(first, library, null)

  test('gives back what it got when nothing changed', () => {
    assert.equal(step(first, library, before), before)
  })

  test('plans new files from the next day of the channel on', () => {
    const after = step(first, [...library, film('new')], before)
    assert.deepEqual(
      after.revisions.map(({ from, pools: [pool] }) => [from, pool?.items.length]),
      [
        ['2026-11-01', 5],
        ['2026-11-11', 6],
      ],
    )
    assert.equal(on(first, after), on(first, before))
  })

  test('keeps what is on when next week is edited, though files have come meanwhile', () => {
    const week = { ...first.revisions[0], from: '2026-11-17', filler: ['films'] }
    const edited = readChannelDoc({ ...first, revisions: [first.revisions[0], week] })
    const after = step(edited, [...library, film('new')], before, '2')
    assert.deepEqual(
      after.revisions.map(({ from, pools: [pool] }) => [from, pool?.items.length]),
      [
        ['2026-11-01', 5],
        ['2026-11-11', 6],
        ['2026-11-17', 6],
      ],
    )
    assert.equal(on(edited, after), on(first, before))
    assert.equal(step(edited, [...library, film('new')], after, '2'), after)
  })

  test('keeps the days of earlier scans as well', () => {
    const scanned = step(first, [...library, film('new')], before)
    const week = { ...first.revisions[0], from: '2026-11-27', filler: ['films'] }
    const edited = readChannelDoc({ ...first, revisions: [first.revisions[0], week] })
    const later = publish(edited, library, { before: scanned, edition: '2', now: NOW + 5 * 24 * HOUR_MS })
    assert.deepEqual(
      later.revisions.map(({ from, pools: [pool] }) => [from, pool?.items.length]),
      [
        ['2026-11-01', 5],
        ['2026-11-11', 6],
        ['2026-11-16', 5],
        ['2026-11-27', 5],
      ],
    )
  })

  test('plans at once what is edited for now', () => {
    const edited = readChannelDoc({ ...first, revisions: [{ ...first.revisions[0], filler: ['films'] }] })
    const after = step(edited, [...library, film('new')], before, '2')
    assert.deepEqual(
      after.revisions.map(({ from, pools: [pool] }) => [from, pool?.items.length]),
      [['2026-11-01', 6]],
    )
  })

  test('plans what has been found at once when a document is saved as it is', () => {
    const after = step(first, [...library, film('new')], before, '2')
    assert.deepEqual(
      after.revisions.map(({ from, pools: [pool] }) => [from, pool?.items.length]),
      [['2026-11-01', 6]],
    )
  })

  test('lets nobody wait a day for the first file', () => {
    const empty = step(first, [], null)
    const after = step(first, library, empty)
    assert.equal(after.revisions.length, 1)
    assert.equal(after.revisions[0].pools[0]?.items.length, 5)
  })
})
