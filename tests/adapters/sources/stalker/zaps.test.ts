import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../../core/errors.ts'
import type { Stream } from '../../../../core/lineup/stream.ts'
import { createSlotLedger } from '../../../../core/live/slots.ts'
import type { Slot } from '../../../../core/live/slots.ts'
import type { Upstream } from '../../../../core/live/upstream.ts'
import type { PortalMode } from '../../../fakes/portal/index.ts'
import { settle } from '../../../fakes/virtual-time.ts'
import { aBox, portalHouse } from './portal-house.ts'

const ZAPS = 2000
const MODES: readonly PortalMode[] = ['stock4', 'stock5', 'xc29', 'xui', 'simple']

/** A generator of numbers in [0, 1) that is the same in each run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

for (const mode of MODES) {
  test(`${ZAPS} random zaps of five viewers over four MACs: nothing forbidden, no MAC overused (${mode})`, async () => {
    const boxes = [aBox(1), aBox(2), aBox(3), aBox(4)]
    const house = portalHouse({ mode, boxes })
    const { source, portal, clock } = house
    const random = dice(20_261_121)
    const { items } = await house.run(source.catalogue(new AbortController().signal))
    const streams = await Promise.all(items.map(({ item }) => house.stream(item)))
    portal.faults.set(105, { kind: 'silent' })
    portal.faults.set(106, { kind: 'link-error', error: 'nothing_to_play' })
    portal.faults.set(107, { kind: 'status', status: 404 })
    const ledger = createSlotLedger(
      () => source,
      () => clock.now(),
    )
    const seats: { slot: Slot; abort: AbortController; upstream: Upstream | null }[] = []
    let opened = 0
    let unexpected: unknown = null

    const leave = (at: number): void => {
      const [seat] = seats.splice(at, 1)
      if (seat === undefined) return
      seat.abort.abort(new Error('zapped on'))
      seat.upstream?.close()
      seat.slot.release()
    }
    const enter = (stream: Stream): void => {
      const slot = ledger.reserve(stream)
      if (slot === null) return
      const seat = { slot, abort: new AbortController(), upstream: null as Upstream | null }
      seats.push(seat)
      const sink = { data: () => {}, end: () => void leave(seats.indexOf(seat)) }
      source.open({ stream, sink, previous: null, signal: seat.abort.signal }).then(
        (upstream) => {
          opened++
          seat.upstream = upstream
          if (seat.abort.signal.aborted) upstream.close()
        },
        (error: unknown) => {
          if (!seat.abort.signal.aborted && !(error instanceof Failure)) unexpected = error
          if (seats.includes(seat)) leave(seats.indexOf(seat))
        },
      )
    }

    for (let zap = 0; zap < ZAPS; zap++) {
      if (seats.length > 0 && (seats.length >= 4 || random() < 0.4)) leave(Math.floor(random() * seats.length))
      const stream = streams[Math.floor(random() * streams.length)]
      if (stream !== undefined) enter(stream)
      // Some zap on before the portal has answered, some watch for minutes.
      const patience = random()
      if (patience < 0.3) await Promise.resolve()
      else if (patience < 0.6) await settle()
      else await house.pass(Math.floor(random() ** 6 * 300_000))
      if (zap % 500 === 499) portal.streams.endAll()
    }
    while (seats.length > 0) leave(0)
    await house.pass(60_000)

    const { forbidden, streams: open, ousted } = portal.observe()
    assert.equal(unexpected, null)
    assert.deepEqual(forbidden, [])
    assert.equal(ousted, 0)
    assert.deepEqual(open, {})
    assert.ok(opened > ZAPS / 4, `${opened} streams played`)
    assert.equal(clock.pending(), 0, 'nothing is left behind')
  })
}

test('zaps while somebody else uses a MAC never become a quarrel', async () => {
  const boxes = [aBox(1), aBox(2)]
  const house = portalHouse({ mode: 'xui', boxes })
  const random = dice(7)
  let sunk = 0
  for (let round = 0; round < 300; round++) {
    if (random() < 0.3) house.portal.otherDevice('00:1A:79:00:00:01')
    try {
      const upstream = await house.open(String(101 + Math.floor(random() * 10)))
      await house.pass(Math.floor(random() * 40_000))
      if (random() < 0.2) house.portal.streams.endAll('00:1A:79:00:00:01')
      upstream.close()
    } catch (error) {
      assert.ok(error instanceof Failure && error.code === 'live/contested', String(error))
      sunk++
      await house.pass(10_000)
    }
  }
  assert.deepEqual(house.forbidden(), [])
  assert.ok(sunk < 30, `${sunk} of 300 failed though a second MAC was there`)
})
