import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHouseState } from '../../../adapters/link/house-state.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { writeGuideSnapshot } from '../../../core/guide/snapshot.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { createPlanner } from '../../../core/linear/planner.ts'
import { programmesBetween } from '../../../core/linear/programmes.ts'
import type { PublishedChannels } from '../../../core/linear/snapshot.ts'
import { linearPart } from '../../../handlers/schedules/linear-part.ts'
import { ANCHOR_MS, CATALOGUE } from '../../core/linear/any-doc.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const DAY_MS = 86_400_000
const NOW = ANCHOR_MS + 30 * DAY_MS
const doc = readChannelDoc({
  id: 'films',
  name: 'Films',
  anchorDay: '2026-03-20',
  pools: [{ id: 'films', items: ['f0', 'f1', 'f2', 'f3'] }],
})
const channel = fakeChannel(7)
const window = { from: NOW, to: NOW + 2 * DAY_MS }

/** A house whose guide reaches a day far, and what it publishes of its own channel. */
function openHouse() {
  const planner = createPlanner(doc, CATALOGUE)
  const planned = (from: number, to: number): readonly Programme[] =>
    programmesBetween(planner, CATALOGUE, { from, to })
  const linear: PublishedChannels = {
    published: async (from) => [
      { key: channel.key, doc: planner.doc, catalogue: planner.catalogue, checkpoint: planner.checkpoint(from) },
    ],
  }
  const guide = { revision: () => '5', programmes: () => planned(NOW, NOW + DAY_MS) }
  const state = { now: NOW }
  const part = linearPart({ linear, now: () => state.now })
  const guideText = async (): Promise<string> =>
    (await Array.fromAsync(writeGuideSnapshot(guide, [channel], window))).join('')
  const linearText = async (): Promise<string> =>
    (await Array.fromAsync({ [Symbol.asyncIterator]: () => toAsync(part.write()) })).join('')
  return { planner, part, state, planned, guideText, linearText }
}

/** Parts give iterators of both kinds. */
async function* toAsync(pieces: Promise<Iterator<string> | AsyncIterator<string>>): AsyncGenerator<string> {
  const iterator = await pieces
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
}

test('createHouseState() plans what lies beyond the guide that it has, while the house sleeps', async () => {
  const { planned, guideText, linearText } = openHouse()
  const { guide, readers } = createHouseState(() => {})
  const take = (name: string, text: string): void => readers.find((reader) => reader.name === name)?.read(text)()
  take('guide', await guideText())
  const short = await guide.programmes(channel, window)
  assert.ok((short.at(-1)?.stop ?? 0) < window.to)
  assert.equal(guide.revision(), '5')
  take('linear', await linearText())
  assert.deepEqual(await guide.programmes(channel, window), planned(window.from, window.to))
  assert.match(guide.revision(), /^5\.\w+$/)
  // Months later there is nothing left of the guide, and the plan goes on.
  const later = { from: NOW + 90 * DAY_MS, to: NOW + 91 * DAY_MS }
  assert.deepEqual(await guide.programmes(channel, later), planned(later.from, later.to))
  assert.deepEqual(await guide.programmes(fakeChannel(8), later), [])
  // A house that has no channels of its own any more.
  readers.find(({ name }) => name === 'linear')?.absent?.()
  assert.deepEqual(await guide.programmes(channel, later), [])
})

test('linearPart() is another one once a day, and when something is planned differently', async () => {
  const { part, planner, state } = openHouse()
  const first = await part.version()
  state.now += 3_600_000
  assert.deepEqual(await part.version(), first)
  planner.replace({ ...doc, seed: 3 }, CATALOGUE)
  const changed = await part.version()
  assert.notDeepEqual(changed, first)
  state.now += DAY_MS
  assert.notDeepEqual(await part.version(), changed)
})
