import assert from 'node:assert/strict'
import { test } from 'node:test'
import { episodeNumbers } from '../../../core/guide/episode-number.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { aProgramme } from './samples.ts'

const numbers = (given: Partial<Programme>): Record<string, string> =>
  Object.fromEntries(episodeNumbers(aProgramme(0, 60, given)).map(({ system, text }) => [system, text]))

for (const { name, given, onscreen, xmltvNs } of [
  { name: 'season and episode', given: { season: 1, episode: 2 }, onscreen: 'S01E02', xmltvNs: '0.1.' },
  { name: 'an episode alone', given: { episode: 12 }, onscreen: 'E12', xmltvNs: '.11.' },
  { name: 'season 0 as no season', given: { season: 0, episode: 12 }, onscreen: 'E12', xmltvNs: '.11.' },
  { name: 'long running shows', given: { season: 14, episode: 1234 }, onscreen: 'S14E1234', xmltvNs: '13.1233.' },
  { name: 'a season alone as nothing', given: { season: 3 }, onscreen: undefined, xmltvNs: undefined },
  { name: 'episode 0 as nothing', given: { episode: 0 }, onscreen: undefined, xmltvNs: undefined },
]) {
  test(`episodeNumbers() writes ${name}`, () => {
    const { onscreen: o, xmltv_ns: x } = numbers(given)
    assert.deepEqual([o, x], [onscreen, xmltvNs])
  })
}

const id = (given: Partial<Programme>): string => numbers(given)['dd_progid'] ?? ''

test('episodeNumbers() gives films an id of the title, the same for every showing', () => {
  const film = { title: 'Film', categories: ['Movie', 'Drama'] }
  assert.match(id(film), /^MV\d{8}\.0000$/)
  assert.equal(id(film), id({ ...film, start: 5, repeat: true }))
})

test('episodeNumbers() tells episodes apart by number, else by text, else by time', () => {
  const ids = [
    { episode: 1 },
    { episode: 2 },
    { season: 2, episode: 1 },
    { subtitle: 'a' },
    { subtitle: 'b' },
    { description: 'c' },
    { start: 1 },
    { start: 2 },
  ].map((given) => id({ title: 'Show', ...given }))
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every((text) => /^EP\d{8}\.\d{4}$/.test(text)))
  assert.equal(new Set(ids.map((text) => text.slice(0, 10))).size, 1, 'all of one show')
})

test('episodeNumbers() is the same in every version: recorders keep the id', () => {
  assert.equal(id({ title: 'Tatort', season: 1, episode: 2 }), 'EP70624699.2600')
})
