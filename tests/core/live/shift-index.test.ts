import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Program } from '../../../core/live/program.ts'
import { ShiftIndex } from '../../../core/live/shift-index.ts'

const PROGRAM: Program = { programNumber: 1, pmtPid: 0x100, pcrPid: 0x101, version: 0, streams: [] }

/** A strip: so many packets and milliseconds, the places of pictures in it by packet, and whether a break comes before it. */
const anyStrip = fc.record({
  packets: fc.integer({ min: 1, max: 20 }),
  ms: fc.integer({ min: 1, max: 900 }),
  pictures: fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { maxLength: 3 }),
  isBroken: fc.boolean(),
})

type Strip = { packets: number; ms: number; pictures: number[]; isBroken: boolean }

function filled(strips: readonly Strip[]) {
  const index = new ShiftIndex()
  const starts: { readonly position: number; readonly atMs: number }[] = []
  index.addProgram(0, PROGRAM)
  let position = 0
  let atMs = 1000
  for (const strip of strips) {
    if (strip.isBroken) index.addBreak(position)
    const length = strip.packets * 188
    for (const picture of strip.pictures.toSorted((a, b) => a - b)) {
      if (picture >= strip.packets) continue
      const access = {
        position: position + picture * 188,
        pts90k: null,
        atMs,
        isVideo: true,
        counters: Uint8Array.of(0),
      }
      index.addAccess(access)
      starts.push(access)
    }
    index.addStrip({ position, length, atMs, startsMs: atMs, endsMs: atMs + strip.ms })
    position += length
    atMs += strip.ms
  }
  return { index, starts, end: position, endMs: atMs }
}

const anyCut = fc.record({
  strips: fc.array(anyStrip, { minLength: 1, maxLength: 40 }),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
})

test('ShiftIndex.startAt() gives the last place at or before the instant that is still there, or the first one', () => {
  fc.assert(
    fc.property(anyCut, fc.integer({ min: 0, max: 40_000 }), ({ strips, part }, atMs) => {
      const { index, starts, end } = filled(strips)
      index.forget(Math.floor(part * end))
      const there = starts.filter(({ position }) => position >= index.from).slice(0, -1)
      const wanted = there.findLast((start) => start.atMs <= atMs) ?? there[0]
      assert.equal(index.startAt(atMs)?.access.position, wanted?.position)
    }),
  )
})

test('ShiftIndex.startAt() gives a region that begins with the place, is not empty and crosses no break', () => {
  fc.assert(
    fc.property(anyCut, fc.integer({ min: 0, max: 40_000 }), ({ strips }, atMs) => {
      const { index, end } = filled(strips)
      const region = index.startAt(atMs)
      if (region === null) return
      const { access, to, accesses } = region
      assert.ok(to > access.position && to <= end)
      assert.ok(accesses.has(access.position))
      let at = 0
      for (const { packets, isBroken } of strips) {
        if (isBroken && at > access.position) assert.ok(at >= to)
        at += packets * 188
      }
    }),
  )
})

test('ShiftIndex.startAt() never goes back behind a position', () => {
  fc.assert(
    fc.property(anyCut, ({ strips, part }) => {
      const { index, end } = filled(strips)
      const from = Math.floor(part * end)
      assert.ok((index.startAt(-Infinity, from)?.access.position ?? Infinity) >= from)
    }),
  )
})

test('ShiftIndex.stripAt() tells what is gone, there and ahead', () => {
  fc.assert(
    fc.property(anyCut, fc.integer({ min: 0, max: 90_000 }), ({ strips, part }, position) => {
      const { index, end } = filled(strips)
      index.forget(Math.floor(part * end))
      const strip = index.stripAt(position)
      if (position >= index.end) assert.equal(strip, 'ahead')
      else if (position < index.from) assert.equal(strip, 'gone')
      else
        assert.ok(typeof strip !== 'string' && strip.position <= position && position < strip.position + strip.length)
    }),
  )
})

test('ShiftIndex.forget() keeps what is at the position and behind it, and nothing grows for ever', () => {
  fc.assert(
    fc.property(anyCut, ({ strips, part }) => {
      const { index, end } = filled(strips)
      const before = index.size
      const at = Math.floor(part * end)
      index.forget(at)
      assert.ok(index.from <= at)
      assert.equal(index.end, end)
      assert.ok(index.size <= before)
      index.forget(end)
      // The programme that goes on is all that is left.
      assert.equal(index.size, 1)
    }),
  )
})
