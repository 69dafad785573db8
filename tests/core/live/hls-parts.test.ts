import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PartView } from '../../../core/live/hls-parts.ts'
import type { PartSegment } from '../../../core/live/hls-parts.ts'
import { ringBench } from './hls-bench.ts'
import { synthesize } from './synthetic-ts.ts'

const PROGRAM = { programNumber: 1, version: 0, pmtPid: 0x1000, pcrPid: 0x100, streams: [] }

/** Feeds GOPs of so many pictures, `frame90k` each, to a view whose sound is always there; gives its segments at the end. */
function cut(gops: readonly number[], frame90k = 3600): { view: PartView; segments: readonly PartSegment[] } {
  const view = new PartView({ ring: { hasSound: () => true }, windowSeconds: 1000, now: () => 0 })
  let time90k = 0
  for (const pictures of gops)
    for (let picture = 0; picture < pictures; picture++) {
      const randomAccess = picture === 0
      view.picture({ time90k, randomAccess })
      if (randomAccess)
        view.piece({
          index: 0,
          start90k: time90k,
          startDts90k: time90k,
          startPts90k: time90k,
          randomAccess,
          discontinuity: false,
          dateMs: time90k / 90,
          program: PROGRAM,
          facts: null,
        })
      view.settle()
      time90k += frame90k
    }
  return { view, segments: view.listed() }
}

const anyRate = fc.constantFrom(3600, 1800, 3003, 3000, 3750)

test('PartView keeps to the part target with GOPs of any length', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 6, max: 300 }), { minLength: 5, maxLength: 25 }), anyRate, (gops, frame) => {
      const { view, segments } = cut(gops, frame)
      const target = view.partTargetSeconds * 90_000
      // No list can have been asked for before the first segment.
      if (segments.length > 0) assert.ok(target >= 0.33 * 90_000 && target <= 45_000, `${target}`)
      for (const { parts } of segments) {
        assert.ok(parts.every(({ duration90k }) => duration90k <= target))
        assert.ok(parts.slice(0, -1).every(({ duration90k }) => duration90k >= 0.85 * target))
      }
    }),
  )
})

test('PartView leaves out no picture: parts and segments lie end to end', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 6, max: 300 }), { minLength: 5, maxLength: 25 }), anyRate, (gops, frame) => {
      const { segments } = cut(gops, frame)
      let end = segments[0]?.start90k ?? 0
      for (const [index, segment] of segments.entries()) {
        assert.equal(segment.start90k, end)
        assert.equal(segment.msn, (segments[0]?.msn ?? 0) + index)
        for (const { start90k, duration90k } of segment.parts) {
          assert.equal(start90k, end)
          end += duration90k
        }
        assert.ok(Math.abs(segment.durationSeconds - (end - segment.start90k) / 90_000) < 1e-9)
      }
    }),
  )
})

for (const { name, gop, frame90k, parts, segmentSeconds } of [
  { name: '1.28 s at 50 pictures a second', gop: 64, frame90k: 1800, parts: 3, segmentSeconds: 1.28 },
  { name: '0.96 s at 25, of which two make a segment', gop: 24, frame90k: 3600, parts: 5, segmentSeconds: 1.92 },
  { name: '1 s at 25', gop: 25, frame90k: 3600, parts: 3, segmentSeconds: 1 },
  { name: '0.48 s at 25, of which three make a segment', gop: 12, frame90k: 3600, parts: 4, segmentSeconds: 1.44 },
  { name: '2 s at 25', gop: 50, frame90k: 3600, parts: 5, segmentSeconds: 2 },
])
  test(`PartView cuts GOPs of ${name}`, () => {
    const { segments, view } = cut(
      Array.from({ length: 20 }, () => gop),
      frame90k,
    )
    for (const segment of segments) {
      assert.equal(segment.parts.length, parts)
      assert.ok(Math.abs(segment.durationSeconds - segmentSeconds) < 0.001)
      assert.ok(segment.randomAccess && segment.parts[0]?.independent)
    }
    assert.ok(view.isIndependent)
    assert.equal(view.targetSeconds, 2)
  })

test('PartView cuts inside a GOP rather than break its target duration', () => {
  const { segments, view } = cut([25, 25, 25, 200, 25, 25])
  assert.ok(segments.every(({ durationSeconds }) => Math.round(durationSeconds) <= view.targetSeconds))
  assert.equal(view.isIndependent, false)
})

test('PartView lists of a ring that runs already what it would have listed from its beginning', () => {
  const stream = synthesize({ gopLength: 24, gops: 9, isOpen: true })
  const watch = (from: number): string => {
    const { ring, clock, feed } = ringBench()
    const view = new PartView({ ring, windowSeconds: 1000, now: () => clock.wallMs })
    const at = Math.floor((stream.length * from) / 188) * 188
    feed(stream.subarray(0, at))
    ring.follow(view)
    feed(stream.subarray(at))
    const parts = [...view.listed(), ...(view.open ? [view.open] : [])].flatMap((segment) => segment.parts)
    return parts.map((part) => [part.start90k, part.duration90k, part.startDts90k, part.independent].join()).join(' ')
  }
  const whole = watch(0)
  assert.ok(whole.length > 100)
  for (const from of [0.13, 0.4, 0.41, 0.42, 0.77]) assert.equal(watch(from), whole, `from ${from}`)
})

test('PartView waits for the sound of a part, and no longer than the ring does', () => {
  let hasSound = false
  const view = new PartView({ ring: { hasSound: () => hasSound }, windowSeconds: 14, now: () => 0 })
  const heads = {
    index: 0,
    startDts90k: 0,
    startPts90k: 0,
    discontinuity: false,
    dateMs: 0,
    program: PROGRAM,
    facts: null,
  }
  for (let picture = 0; picture < 60; picture++) {
    const randomAccess = picture % 25 === 0
    view.picture({ time90k: picture * 3600, randomAccess })
    if (randomAccess) view.piece({ ...heads, start90k: picture * 3600, randomAccess })
  }
  assert.equal(view.settle(), false)
  assert.equal(view.listed().length, 0)
  hasSound = true
  assert.equal(view.settle(), true)
  assert.equal(view.listed().length, 2)
})
