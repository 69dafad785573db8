import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSourceHealth } from '../../../adapters/lan/source-health.ts'
import { createSourceTester } from '../../../adapters/lan/source-tester.ts'
import { createSourceEventStore, KEPT_EVENTS } from '../../../adapters/store/source-event-store.ts'
import { openDatabase } from '../../../adapters/store/database.ts'
import { migrate } from '../../../adapters/store/migrate.ts'
import { GUIDE_STEPS } from '../../../adapters/store/schema.ts'
import { Failure } from '../../../core/errors.ts'
import { EMPTY_LINEUP, indexLineup } from '../../../core/lineup/lineup.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import { toStream } from '../../conformance/source.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { openPanelHouse } from '../sources/xtream/panel.ts'
import type { PanelHouse } from '../sources/xtream/panel.ts'

const NEVER = new AbortController().signal
const PANEL = sourceId('panel')

function openHealth(now: () => number = Date.now) {
  const database = openDatabase(':memory:', 'normal')
  migrate(database, GUIDE_STEPS)
  return {
    database,
    health: createSourceHealth({ store: createSourceEventStore(database), now }),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  }
}

/** A hub and a tester over one panel, whose channels are all in the line-up; the clock is moved by the test. */
async function aHouse(house: PanelHouse, item = '101') {
  const clock = { now: 1_800_000_000_000 }
  const stack = new AsyncDisposableStack()
  const { health } = stack.use(openHealth(() => clock.now))
  const { items } = await house.driver.catalogue(NEVER)
  const found = items.find((one) => one.item === item)
  assert.ok(found)
  const channel = fakeChannel(1, { name: found.name, streams: [toStream(house.driver, found)] })
  const lineup = { current: () => indexLineup({ ...EMPTY_LINEUP, channels: [channel] }) }
  const hub = stack.use(
    createHub({
      source: (id) => (id === PANEL ? health.watch(PANEL, house.driver) : null),
      log: () => {},
      now: Date.now,
      lingerSeconds: 0,
    }),
  )
  const tester = createSourceTester({ source: () => house.driver, hub, lineup, health, now: () => clock.now })
  return {
    hub,
    health,
    channel,
    ask: (wish: { userAgents?: string[]; stream?: boolean } = {}) => {
      clock.now += 60_000
      return tester(PANEL, { userAgents: [], stream: false, ...wish }, NEVER)
    },
    askAtOnce: () => tester(PANEL, { userAgents: [], stream: false }, NEVER),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const outcome = (answers: Awaited<ReturnType<ReturnType<typeof createSourceTester>>>) =>
  answers.map(({ userAgent, steps }) => [userAgent, ...steps.map(({ asked, problem }) => problem?.code ?? asked)])

test('createSourceTester() tells what each program gets, and opens no stream unasked', async () => {
  await using panel = await openPanelHouse({ settings: { refusal: 403 } })
  await using house = await aHouse(panel)
  const answers = await house.ask({ userAgents: ['VLC/3.0', 'curl/8'] })
  assert.deepEqual(outcome(answers), [
    [null, 'log-in'],
    ['VLC/3.0', 'log-in'],
    ['curl/8', 'source/blocked'],
  ])
  assert.equal(answers[0]?.steps[0]?.facts['maxConnections'], 2)
  assert.ok(!JSON.stringify(answers).includes('pass+word'))
  const { started, forbidden } = panel.panel.observe()
  assert.deepEqual([started, forbidden], [0, []])
})

test('createSourceTester() opens one stream for its first bytes while a slot is free, and gives it back', async () => {
  await using panel = await openPanelHouse()
  await using house = await aHouse(panel)
  const [answer] = await house.ask({ stream: true })
  assert.deepEqual(outcome(answer === undefined ? [] : [answer]), [[null, 'log-in', 'stream']])
  assert.ok(Number(answer?.steps[1]?.facts['bytes']) > 0)
  assert.equal(house.hub.slots(PANEL)?.used, 0)
  assert.deepEqual(panel.panel.observe().forbidden, [])
})

test('createSourceTester() opens nothing while all slots are in use', async () => {
  await using panel = await openPanelHouse({ common: { maxStreams: 1 } })
  await using house = await aHouse(panel)
  const viewer = { mode: 'ts', user: null, address: '' } as const
  const sink = { write: () => true, close: () => {} }
  const seat = await house.hub.watch(house.channel, viewer, () => sink, NEVER)
  assert.deepEqual(outcome(await house.ask({ stream: true })), [[null, 'log-in', 'live/no-slot']])
  const { started, mostOpen, forbidden } = panel.panel.observe()
  assert.deepEqual([started, mostOpen, forbidden], [1, 1, []])
  seat.leave()
})

test('createSourceTester() leaves a moment between two tests of a source', async () => {
  await using panel = await openPanelHouse()
  await using house = await aHouse(panel)
  await house.ask()
  await assert.rejects(house.askAtOnce(), (error) => error instanceof Failure && error.code === 'http/busy')
  await house.ask()
})

test('createSourceHealth() remembers tests and streams, the newest first, with the last error', async () => {
  await using panel = await openPanelHouse()
  await using house = await aHouse(panel, '110')
  await house.ask({ stream: false })
  const viewer = { mode: 'ts', user: null, address: '' } as const
  await assert.rejects(house.hub.watch(house.channel, viewer, () => assert.fail(), NEVER))
  const { events, lastError, lastGood } = house.health.history(PANEL)
  assert.deepEqual(
    events.map(({ kind, problem }) => [kind, problem?.code ?? null]),
    [
      ['stream', 'live/refused'],
      ['test', null],
    ],
  )
  assert.match(String(lastError?.problem.message), /"Off Air"/)
  assert.equal(lastGood, events[1]?.at)
})

test('createSourceEventStore() keeps so many events of each source', () => {
  using house = openHealth()
  for (let ms = 0; ms < KEPT_EVENTS + 5; ms++) house.health.note(PANEL, { kind: 'refresh', ms, problem: null })
  house.health.note(sourceId('other'), { kind: 'test', ms: 1, problem: new Failure('source/timeout', 'Late') })
  const { events } = house.health.history(PANEL)
  assert.deepEqual([events.length, events[0]?.ms, events.at(-1)?.ms], [KEPT_EVENTS, KEPT_EVENTS + 4, 5])
  assert.equal(house.health.history(sourceId('other')).lastError?.problem.code, 'source/timeout')
})
