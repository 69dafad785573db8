import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instantDelivery, standardDelivery } from '../../../core/live/hls-delivery.ts'
import type { DeliveryView } from '../../../core/live/hls-delivery.ts'
import type { Piece } from '../../../core/live/ring/piece.ts'

const PROGRAM = { programNumber: 1, version: 0, pmtPid: 0x1000, pcrPid: 0x100, streams: [] }

/** Pieces of GOPs with these lengths in pictures of 40 ms, cut as the ring cuts: every 13 pictures, and at each GOP. */
function piecesOf(gops: readonly number[], breaks: ReadonlySet<number> = new Set()): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  for (const [gop, pictures] of gops.entries()) {
    for (let at = 0; at < pictures; at += 13) {
      const length = Math.min(13, pictures - at)
      pieces.push({
        index: pieces.length,
        start90k: start,
        duration90k: length * 3600,
        startDts90k: start,
        startPts90k: start,
        randomAccess: at === 0,
        endsAtAccess: at + length === pictures,
        discontinuity: at === 0 && breaks.has(gop),
        dateMs: start / 90,
        listedAtMs: start / 90,
        program: PROGRAM,
        facts: null,
        video: [],
        audio: new Map(),
        bytes: 1000,
      })
      start += length * 3600
    }
  }
  return pieces
}

/** Feeds one piece after the other as a ring that keeps `keep` pieces does; `look` sees every state. */
function run(
  view: DeliveryView,
  pieces: readonly Piece[],
  look: (view: DeliveryView) => void = () => {},
  keep = 1e9,
): void {
  for (let end = 1; end <= pieces.length; end++) {
    view.update(pieces.slice(Math.max(0, end - keep), end))
    look(view)
  }
}

const standard = (): DeliveryView => standardDelivery({ segmentSeconds: 2, windowSeconds: 14 })
const instant = (): DeliveryView => instantDelivery({ windowSeconds: 14 })
const durations = (view: DeliveryView): number[] => view.window().map(({ durationSeconds }) => durationSeconds)

for (const { name, gop, first, later, target } of [
  { name: '0.96 s', gop: 24, first: 0.96, later: 1.92, target: 2 },
  { name: '0.64 s', gop: 16, first: 1.28, later: 1.92, target: 2 },
  { name: '2 s', gop: 50, first: 2, later: 2, target: 2 },
  { name: '3.2 s', gop: 80, first: 3.2, later: 3.2, target: 4 },
])
  test(`standardDelivery() cuts GOPs of ${name} into whole GOPs of about 2 s, the first three quicker`, () => {
    const view = standard()
    run(view, piecesOf(Array.from({ length: 40 }, () => gop)))
    const all = view.window()
    assert.equal(view.segment(0)?.durationSeconds.toFixed(2), first.toFixed(2))
    assert.equal(all.at(-1)?.durationSeconds.toFixed(2), later.toFixed(2))
    assert.ok(all.every(({ randomAccess }) => randomAccess))
    assert.ok(view.isIndependent())
    assert.equal(view.targetSeconds(), target)
  })

test('standardDelivery() cuts inside a GOP that would break the target duration, and is not independent then', () => {
  const view = standard()
  run(view, piecesOf([24, 24, 24, 24, 250, 24, 24, 24]))
  assert.ok(durations(view).every((seconds) => Math.round(seconds) <= view.targetSeconds()))
  assert.equal(view.isIndependent(), false)
})

test('standardDelivery() has target durations that nothing ever breaks, for any GOPs', () => {
  const anyGops = fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 240 })), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(anyGops, fc.integer({ min: 1, max: 6 }), (gops, segmentSeconds) => {
      const view = standardDelivery({ segmentSeconds, windowSeconds: 7 * segmentSeconds })
      let target: number | null = null
      run(view, piecesOf(gops), () => {
        if (view.window().length === 0) return
        target ??= view.targetSeconds()
        assert.equal(view.targetSeconds(), target)
        for (const seconds of durations(view)) assert.ok(Math.round(seconds) <= target, `${seconds} > ${target}`)
      })
    }),
  )
})

for (const [name, create] of [
  ['standardDelivery()', standard],
  ['instantDelivery()', instant],
] as const) {
  test(`${name} numbers rise by one, and segments never change`, () => {
    const seen = new Map<number, string>()
    let first = 0
    let last = -1
    run(create(), piecesOf(Array.from({ length: 80 }, (_, index) => 12 + ((index * 7) % 30))), (view) => {
      const window = view.window()
      for (const [index, segment] of window.entries()) {
        assert.equal(segment.msn, (window[0]?.msn ?? 0) + index)
        const text = JSON.stringify(segment)
        assert.equal(seen.get(segment.msn) ?? text, text)
        seen.set(segment.msn, text)
      }
      assert.ok((window[0]?.msn ?? 0) >= first && (window.at(-1)?.msn ?? -1) >= last)
      first = window[0]?.msn ?? first
      last = window.at(-1)?.msn ?? last
    })
    assert.equal(seen.size, last + 1)
  })

  test(`${name} covers every piece once`, () => {
    const view = create()
    const pieces = piecesOf(Array.from({ length: 30 }, () => 24))
    run(view, pieces)
    let next = 0
    for (let msn = 0; view.segment(msn) !== null; msn++) {
      const segment = view.segment(msn)
      assert.equal(segment?.first, next)
      next = (segment?.last ?? 0) + 1
    }
    assert.ok(next >= pieces.length - 4)
  })

  test(`${name} begins its window at a random access point and has at least 14 s and 6 segments`, () => {
    run(create(), piecesOf(Array.from({ length: 80 }, () => 24)), (view) => {
      const window = view.window()
      if (window.length === 0 || window[0]?.msn === 0) return
      assert.equal(window[0]?.randomAccess, true)
      assert.ok(window.length >= 6)
      assert.ok(durations(view).reduce((sum, seconds) => sum + seconds, 0) >= 14)
    })
  })

  test(`${name} counts the discontinuities before a segment, also those that are forgotten`, () => {
    const view = create()
    run(
      view,
      piecesOf(
        Array.from({ length: 80 }, () => 24),
        new Set([3, 10, 77]),
      ),
      () => {},
      80,
    )
    const newest = view.window().at(-1)?.msn ?? 0
    assert.equal(view.discontinuitiesBefore(newest + 1), 3)
    assert.equal(view.discontinuitiesBefore(view.window()[0]?.msn ?? 0), 2)
  })

  test(`${name} never lists what the ring has no more`, () => {
    run(
      create(),
      piecesOf(Array.from({ length: 80 }, () => 24)),
      (view) => {
        const newest = view.window().at(-1)?.last ?? 0
        for (const { first } of view.window()) assert.ok(first > newest - 12)
      },
      8,
    )
  })
}

test('instantDelivery() starts a viewer at the newest random access point with a second behind it', () => {
  const view = instant()
  run(view, piecesOf([24, 24, 24, 24, 24]).slice(0, 9))
  // Pieces of 0.52 and 0.44 s; the ninth begins a GOP.
  assert.equal(view.segment(view.start())?.randomAccess, true)
  assert.equal(view.start(), 6)
})

test('instantDelivery() starts the first viewer with what comes next', () => {
  assert.equal(instant().start(), 0)
})

test('keepSeconds() covers the longest list twice and a segment', () => {
  const view = standard()
  run(view, piecesOf(Array.from({ length: 10 }, () => 150)))
  assert.equal(view.targetSeconds(), 6)
  assert.ok(view.keepSeconds() >= 2 * 36 + 6)
})
