import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { packetize } from '../../../core/live/psi.ts'
import { createSectionTap } from '../../../core/live/section-tap.ts'
import { sendEit } from '../guide/eit/sections.ts'

const START = Date.UTC(2026, 10, 21, 20)
/** A section of more than 1024 bytes, which PAT and PMT never have. */
const long = sendEit({
  events: Array.from({ length: 8 }, (_, index) => ({
    start: START + index * 3_600_000,
    minutes: 60,
    title: `Title ${index}`,
    long: ['x'.repeat(200)],
  })),
})
const short = sendEit({ number: 1, events: [{ start: START, minutes: 60, title: 'Short' }] })

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
const stream = join(
  packetize(short, 0x100, 0),
  packetize(long, 0x12, 0),
  packetize(short, 0x11, 0),
  packetize(short, 0x12, 9),
  packetize(short, 0x100, 1),
)

test('createSectionTap() gives the sections of its PID, wherever chunks are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 20 }), (cuts) => {
      const found: Uint8Array[] = []
      const tap = createSectionTap(0x12, (section) => found.push(section.slice()))
      let at = 0
      for (const length of cuts) {
        tap.push(stream.subarray(at, at + length))
        at += length
      }
      tap.push(stream.subarray(Math.min(at, stream.length)))
      assert.deepEqual(found, [long, short])
    }),
  )
})

test('createSectionTap() drops sections that are damaged or encrypted', () => {
  const broken = stream.slice()
  const first = 188 + 40
  broken[first] = (broken[first] ?? 0) ^ 0xff
  const encrypted = packetize(short, 0x12, 0)
  for (let at = 0; at < encrypted.length; at += 188) encrypted[at + 3] = (encrypted[at + 3] ?? 0) | 0x80
  const found: Uint8Array[] = []
  const tap = createSectionTap(0x12, (section) => found.push(section.slice()))
  tap.push(join(broken, encrypted, packetize(short, 0x100, 2)))
  assert.deepEqual(found, [short])
})

test('createSectionTap() says nothing about what is no transport stream', () => {
  const tap = createSectionTap(0x12, () => assert.fail('there is no section'))
  for (let index = 0; index < 40; index++) tap.push(new Uint8Array(4096).fill(0x20))
})
