import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeats } from '../../../../adapters/sources/xtream/seats.ts'
import type { Seat } from '../../../../adapters/sources/xtream/seats.ts'
import { createVerdicts } from '../../../../adapters/sources/xtream/verdicts.ts'
import { Failure } from '../../../../core/errors.ts'
import { failsWith } from '../failure.ts'

const signal = new AbortController().signal

/** A book with a clock of its own; `active` is what the panel says when it is asked. */
function book(limit: number | null, active: number | null = null) {
  const state = { at: 1_000_000, active, asked: 0, limit }
  const seats = createSeats({
    limit: () => state.limit,
    panelLimit: () => state.limit,
    askActive: async () => {
      state.asked += 1
      return state.active
    },
    now: () => state.at,
    log: () => {},
  })
  return { seats, state, take: (name = 'x') => seats.take(name, signal), pass: (ms: number) => void (state.at += ms) }
}

test('seats are given out up to the limit, and not beyond', async () => {
  const { take } = book(2)
  await take()
  const second = await take()
  await assert.rejects(take(), failsWith('live/no-slot'))
  second.free()
  second.free()
  await take()
  await assert.rejects(take(), failsWith('live/no-slot'))
})

test('without a limit there is always a seat', async () => {
  const { take } = book(null)
  for (let count = 0; count < 50; count++) await take()
})

test('a seat whose connection is being closed is waited for', async () => {
  const { take } = book(1)
  const gone = Promise.withResolvers<void>()
  const seat = await take()
  seat.free(gone.promise)
  let isTaken = false
  const next = take().then(() => (isTaken = true))
  await Promise.resolve()
  assert.equal(isTaken, false)
  gone.resolve()
  await next
})

test('a seat whose connection fails to close is free all the same', async () => {
  const { take } = book(1)
  const seat = await take()
  seat.free(Promise.reject(new Error('broken')))
  await take()
})

test('after a loss the panel is asked; when it counts a stranger nothing is opened for a while', async () => {
  const { take, state, pass, seats } = book(1, 1)
  assert.equal((await take()).lost().code, 'live/ended')
  await assert.rejects(take(), failsWith('live/contested'))
  assert.equal(seats.isContested, true)
  await assert.rejects(take(), failsWith('live/contested'))
  assert.equal(state.asked, 1, 'and it is not asked again in the meantime')
  state.active = 0
  pass(10_001)
  await take()
  assert.equal(seats.isContested, false)
})

test('the panel is believed for 20 s only: its count may be old', async () => {
  const { take, pass } = book(1, 1)
  void (await take()).lost()
  await assert.rejects(take(), failsWith('live/contested'))
  pass(20_001)
  await take()
})

test('three losses in a row are no accident, whatever the panel says', async () => {
  const { take, pass } = book(1, 0)
  for (let loss = 0; loss < 3; loss++) {
    pass(30_000)
    void (await take()).lost()
  }
  await assert.rejects(take(), failsWith('live/contested'))
  pass(100_000) // peace
  for (let loss = 0; loss < 2; loss++) void (await take()).lost()
  await take()
})

test('what we have closed ourselves is no stranger', async () => {
  const { take, pass } = book(2, 1)
  const hls = await take()
  const live = await take()
  hls.free(undefined, true)
  pass(60_000)
  void live.lost()
  await take() // the one that the panel counts is our own run of HLS
})

test('a stream that ends right after another of ours began was pushed out by it', async () => {
  const { take, pass, seats } = book(2)
  const first = await take()
  pass(60_000)
  await take()
  pass(500)
  assert.equal(first.lost().code, 'live/kicked')
  assert.equal(seats.isLimitDoubtful, true)
})

test('how long a panel counts a closed connection is learned from refusals, and forgotten with successes', async () => {
  const { take, seats, pass } = book(1)
  assert.equal(seats.closingMs, 300)
  ;(await take()).free()
  pass(300)
  assert.equal((await take()).refused(403), true)
  assert.ok(seats.closingMs >= 800)
  ;(await take()).free()
  pass(800)
  assert.equal((await take()).refused(null), true)
  const longest = seats.closingMs
  assert.ok(longest <= 4000)
  for (let start = 0; start < 20; start++) {
    pass(longest)
    const seat = await take()
    seat.opened()
    seat.free()
  }
  assert.equal(seats.closingMs, 300)
})

for (const { name, limit, waitMs, status } of [
  { name: 'long after the last close', limit: 1, waitMs: 6000, status: 403 },
  { name: 'while there are seats left', limit: 2, waitMs: 100, status: 403 },
  { name: 'for a channel that is not there', limit: 1, waitMs: 100, status: 404 },
]) {
  test(`a refusal ${name} is not about the connection before`, async () => {
    const { take, pass, seats } = book(limit)
    ;(await take()).free()
    pass(waitMs)
    assert.deepEqual([(await take()).refused(status), seats.closingMs], [false, 300])
  })
}

test('whatever happens, there are never more seats than the limit', async () => {
  const act = fc.record(
    { kind: fc.constantFrom('take', 'free', 'lost', 'refused', 'opened'), which: fc.nat(5), ms: fc.nat(40_000) },
    { noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(act), async (limit, acts) => {
      const { take, pass, state } = book(limit)
      let held: Seat[] = []
      for (const { kind, which, ms } of acts) {
        pass(ms)
        state.active = which
        const seat = held[which % Math.max(1, held.length)]
        if (kind === 'take') {
          try {
            held.push(await take())
          } catch (error) {
            assert.ok(error instanceof Failure)
          }
        } else if (seat !== undefined) {
          if (kind === 'free') seat.free()
          if (kind === 'lost') seat.lost()
          if (kind === 'refused') seat.refused(which === 0 ? null : 400 + which)
          if (kind === 'opened') seat.opened()
          else held = held.filter((one) => one !== seat)
        }
        assert.ok(held.length <= limit)
      }
    }),
  )
})

/** Verdicts with a clock of their own. */
function court() {
  const state = { at: 0 }
  return { verdicts: createVerdicts(() => state.at), pass: (ms: number) => void (state.at += ms) }
}

const refused = new Failure('live/refused', 'no')

test('a channel that is forbidden is left alone for a minute', () => {
  const { verdicts, pass } = court()
  verdicts.refused('1', 403, refused)
  assert.throws(() => verdicts.check('1'), failsWith('live/refused'))
  verdicts.check('2')
  pass(60_001)
  verdicts.check('1')
})

test('a channel that is not on air may be asked again at once', () => {
  const { verdicts } = court()
  verdicts.refused('1', 404, refused)
  verdicts.check('1')
})

test('the second clip within ten minutes is a verdict, a long programme clears it', () => {
  const { verdicts, pass } = court()
  assert.equal(verdicts.ended('1', 5000, 'News'), null)
  assert.equal(verdicts.ended('1', 5000, 'News')?.code, 'live/refused')
  assert.throws(() => verdicts.check('1'), failsWith('live/refused'))
  pass(60_001)
  verdicts.check('1')
  assert.equal(verdicts.ended('1', 600_000, 'News'), null)
  assert.equal(verdicts.ended('1', 5000, 'News'), null)
})

test('three different channels that are not found put the account in doubt, one picture clears it', () => {
  const { verdicts } = court()
  for (const id of ['1', '1', '2']) verdicts.refused(id, 404, refused)
  assert.equal(verdicts.isAccountDoubtful, false)
  verdicts.refused('3', 404, refused)
  assert.equal(verdicts.isAccountDoubtful, true)
  verdicts.opened('4')
  assert.equal(verdicts.isAccountDoubtful, false)
})

test('verdicts have a bound', () => {
  const { verdicts } = court()
  for (let id = 0; id < 600; id++) verdicts.refused(String(id), 403, refused)
  verdicts.check('0') // forgotten
  assert.throws(() => verdicts.check('599'), failsWith('live/refused'))
})
