import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPublishedChannels } from '../../../adapters/linear/published-channels.ts'
import type { Schedule } from '../../../adapters/linear/schedule-keeper.ts'
import { indexLineup } from '../../../core/lineup/lineup.ts'
import { sourceId, streamId } from '../../../core/lineup/stream.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { createPlanner } from '../../../core/linear/planner.ts'
import { ANCHOR, ANCHOR_MS, CATALOGUE } from '../../core/linear/any-doc.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const LIBRARY = sourceId('films')
const doc = (id: string) =>
  readChannelDoc({ id, name: id, anchorDay: ANCHOR, pools: [{ id: 'p', items: ['f0', 'f1', 'f2'] }] })
const schedule = (id: string, library = 'films'): Schedule => ({
  id,
  library,
  managedBy: 'house',
  revision: 'r',
  document: {},
  overrides: [],
  doc: doc(id),
  problem: null,
})
const channel = (key: number, id: string, enabled = true) => {
  const made = fakeChannel(key)
  const [stream] = made.streams
  assert.ok(stream)
  return { ...made, enabled, streams: [{ ...stream, id: streamId(LIBRARY, id), sourceId: LIBRARY }] }
}

test('createPublishedChannels() gives those of the line-up that are on, and passes over libraries that fail', async () => {
  const channels = [channel(1, 'western'), channel(2, 'off', false), channel(3, 'crime')]
  const planners = new Map(['western', 'off', 'crime'].map((id) => [id, createPlanner(doc(id), CATALOGUE)]))
  const stations = {
    find: (id: string) => {
      const planner = planners.get(id)
      if (planner === undefined || id === 'crime') return null
      return { planner, doc: planner.doc, renew: () => false, guide: () => ({ programmes: [], broken: 0 }) }
    },
  }
  const published = createPublishedChannels({
    schedules: { list: () => [schedule('western'), schedule('off'), schedule('crime'), schedule('lost', 'broken')] },
    libraries: () => [
      { id: LIBRARY, linear: { stations: async () => stations as never } },
      { id: sourceId('broken'), linear: { stations: () => Promise.reject(new Error('The folder is away')) } },
    ],
    lineup: { current: () => indexLineup({ revision: '1', groups: [], channels }) },
  })
  const from = ANCHOR_MS + 9 * 86_400_000
  const found = await published.published(from)
  assert.deepEqual(
    found.map(({ key, doc: { id } }) => [Number(key), id]),
    [[1, 'western']],
  )
  assert.ok((found[0]?.checkpoint.at ?? Infinity) <= from)
})
