import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ClockJitter } from '../../../core/live/clock-jitter.ts'
import { JitterBuffer } from '../../../core/live/jitter-buffer.ts'
import type { TsChunk } from '../../../core/live/ts-chunk.ts'
import { CLOCK_MODULUS } from '../../../core/live/timestamps.ts'

/** A chunk of 188 bytes whose clock is so many milliseconds of media behind the wrap. */
const chunkAt = (mediaMs: number, index: number): TsChunk => ({
  bytes: new Uint8Array(188),
  position: index * 188,
  atMs: 0,
  clock90k: (CLOCK_MODULUS - 90_000 + mediaMs * 90) % CLOCK_MODULUS,
  marks: [],
  discontinuity: false,
})

/** Plays chunks that arrive at these instants, 100 ms of media each; gives when each was handed out. */
function play(arrivals: readonly number[], delayMs: number): number[] {
  const out: number[] = []
  let now = 0
  const buffer = new JitterBuffer(delayMs, ({ position, atMs }) => {
    assert.equal(position, out.length * 188)
    out.push(atMs)
  })
  let next = 0
  const end = (arrivals.at(-1) ?? 0) + delayMs + 5000
  for (now = 0; now <= end; now += 20) {
    while (next < arrivals.length && (arrivals[next] ?? 0) <= now) {
      buffer.push(chunkAt(next * 100, next), now)
      next += 1
    }
    buffer.flush(now)
  }
  buffer.drain(now)
  return out
}

const steady = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index * 100)
const gaps = (out: readonly number[]): number[] => out.slice(1).map((at, index) => at - (out[index] ?? 0))

test('JitterBuffer without a delay hands everything on at once', () => {
  const out: TsChunk[] = []
  const buffer = new JitterBuffer(0, (chunk) => void out.push(chunk))
  const chunk = chunkAt(0, 0)
  buffer.push(chunk, 77)
  assert.deepEqual(out, [chunk])
})

test('JitterBuffer hides a stall that is shorter than its delay', () => {
  // Nothing for 1.8 s, then everything that was missed at once.
  const arrivals = steady(100).map((at, index) => (index >= 50 && index < 68 ? 6800 : at))
  assert.ok(Math.max(...gaps(play(arrivals, 2000))) <= 120)
  assert.ok(Math.max(...gaps(arrivals)) >= 1800)
})

test('JitterBuffer sends what comes in bursts by its own clock', () => {
  const arrivals = steady(100).map((at) => Math.floor(at / 1000) * 1000)
  const out = gaps(play(arrivals, 1500))
  assert.ok(Math.max(...out) <= 120 && Math.min(...out) >= 80)
})

test('JitterBuffer waits for its distance again when a stall was longer than it could hide', () => {
  const arrivals = [...steady(30), ...steady(70, 3000 + 6000)]
  const out = play(arrivals, 1000)
  assert.equal(out.length, 100)
  assert.ok(Math.max(...gaps(out)) <= 7200)
  assert.ok(Math.max(...gaps(out.slice(31))) <= 120)
})

test('JitterBuffer keeps every chunk, in order, whatever arrives when', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2500 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 100, max: 3000 }),
      (waits, delayMs) => {
        let at = 0
        const arrivals = waits.map((wait) => (at += wait))
        const out = play(arrivals, delayMs)
        assert.equal(out.length, arrivals.length)
        for (const [index, handed] of out.entries()) assert.ok(handed >= (arrivals[index] ?? 0))
      },
    ),
    { numRuns: 40 },
  )
})

test('ClockJitter tells the spread of whole stretches, over the wrap of the clock', () => {
  const jitter = new ClockJitter()
  assert.equal(jitter.spreadMs, null)
  for (let at = 0; at <= 11_000; at += 50)
    jitter.see((CLOCK_MODULUS - 200_000 + at * 90) % CLOCK_MODULUS, at + (at % 1000 === 500 ? 80 : 0))
  assert.equal(jitter.spreadMs, 80)
  jitter.reset()
  assert.equal(jitter.spreadMs, null)
})
