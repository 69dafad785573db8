import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readGuide } from '../../../../adapters/sources/enigma2/guide.ts'
import { createWebClient } from '../../../../adapters/sources/enigma2/web-client.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import { patience } from './receiver.ts'
import { startWeb } from './web-server.ts'

const MINUTE = 60
const FROM = 1_700_000_000 // seconds, as the box counts
const window = { from: FROM * 1000, to: (FROM + 24 * 60 * MINUTE) * 1000 }

const anEvent = (atMinutes: number, minutes: number, title: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id: atMinutes,
  begin_timestamp: FROM + atMinutes * MINUTE,
  duration_sec: minutes * MINUTE,
  title,
  shortdesc: '',
  longdesc: '',
  now_timestamp: FROM,
  ...more,
})

/** Reads one channel of a box that answers with these events: start and end in minutes, and title. */
async function read(events: readonly unknown[], now = FROM * 1000) {
  await using web = await startWeb(() => ({ body: JSON.stringify({ events, result: true }) }))
  const client = createWebClient({
    url: web.url,
    username: undefined,
    password: undefined,
    now: Date.now,
    timers: systemTimers,
  })
  const clocks: (number | null)[] = []
  const options = {
    client,
    dialect: 'json',
    refOf: (channel: string) => `ref of ${channel}`,
    now: () => now,
    onClock: (ms: number | null) => void clocks.push(ms),
    log: () => {},
  } as const
  for await (const { programmes } of readGuide(options, ['c'], window, patience())) {
    const told = programmes.map(({ start, stop, title }) => [
      (start / 1000 - FROM) / MINUTE,
      (stop / 1000 - FROM) / MINUTE,
      title,
    ])
    return { told, clocks, request: web.requests[0] }
  }
  return assert.fail('no batch')
}

test('readGuide() asks for a window in seconds and a length in minutes', async () => {
  const { request } = await read([])
  assert.equal(request?.path, '/api/epgservice')
  assert.deepEqual(Object.fromEntries(request?.query ?? []), { sRef: 'ref of c', time: String(FROM), endTime: '1440' })
})

for (const { name, events, told } of [
  {
    name: 'events in any order',
    events: [anEvent(60, 30, 'B'), anEvent(0, 60, 'A')],
    told: [
      [0, 60, 'A'],
      [60, 90, 'B'],
    ],
  },
  { name: 'an event that is running', events: [anEvent(-30, 60, 'A')], told: [[-30, 30, 'A']] },
  {
    name: 'no length: until the next',
    events: [anEvent(0, 0, 'A'), anEvent(45, 30, 'B')],
    told: [
      [0, 45, 'A'],
      [45, 75, 'B'],
    ],
  },
  { name: 'no length and nothing after it: left out', events: [anEvent(0, 0, 'A')], told: [] },
  {
    name: 'more than a day: until the next',
    events: [anEvent(0, 1600, 'A'), anEvent(45, 30, 'B')],
    told: [
      [0, 45, 'A'],
      [45, 75, 'B'],
    ],
  },
  {
    name: 'more than a day, begun long ago: left out',
    events: [anEvent(-600, 1600, 'A'), anEvent(45, 30, 'B')],
    told: [[45, 75, 'B']],
  },
  {
    name: 'an overlap: cut',
    events: [anEvent(0, 63, 'A'), anEvent(60, 30, 'B')],
    told: [
      [0, 60, 'A'],
      [60, 90, 'B'],
    ],
  },
  {
    name: 'doubles with other ids: the one that says more',
    events: [anEvent(0, 60, 'A', { id: 1 }), anEvent(0, 60, 'A', { id: 2, longdesc: 'L' })],
    told: [[0, 60, 'A']],
  },
  {
    name: 'null, texts and empty places',
    events: [null, 'N/A', { ...anEvent(0, 0, 'N/A'), begin_timestamp: 0 }, anEvent(0, 60, 'A')],
    told: [[0, 60, 'A']],
  },
  {
    name: 'events of 1970 and of next year: left out',
    events: [anEvent(-28_000_000, 60, 'old'), anEvent(500_000, 60, 'new'), anEvent(0, 60, 'A')],
    told: [[0, 60, 'A']],
  },
]) {
  test(`readGuide() takes ${name}`, async () => {
    assert.deepEqual((await read(events)).told, told)
  })
}

test('readGuide() tells how far the clock of the box is off', async () => {
  const { clocks } = await read([null, anEvent(0, 60, 'A')], FROM * 1000 + 600_000)
  assert.deepEqual(clocks, [-600_000])
  assert.deepEqual((await read([])).clocks, [null])
})
