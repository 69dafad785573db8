import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPackets, readSections } from './ts-reader.ts'
import {
  crc32,
  longSection,
  readTimestamp,
  sectionPackets,
  TIME_MODULUS,
  writePcr,
  writeTimestamp,
} from './ts-writer.ts'

test('crc32() gives the published check value of CRC-32/MPEG-2', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0x0376e6e7)
})

test('writeTimestamp() is undone by readTimestamp(), modulo 2^33, and keeps the prefix', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), fc.integer({ min: 1, max: 3 }), (ticks, prefix) => {
      const bytes = Uint8Array.of(prefix << 4, 0, 0, 0, 0)
      writeTimestamp(bytes, 0, ticks)
      assert.equal(readTimestamp(bytes, 0), ticks % TIME_MODULUS)
      assert.equal((bytes[0] ?? 0) >> 4, prefix)
      assert.ok(
        [0, 2, 4].every((at) => (bytes[at] ?? 0) & 1),
        'marker bits are set',
      )
    }),
  )
})

test('writePcr() can be read as the base of 33 bits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (ticks) => {
      const packet = new Uint8Array(188).fill(0xff)
      packet.set([0x47, 1, 0, 0x30, 7, 0x10])
      writePcr(packet, 6, ticks)
      assert.equal(readPackets(packet)[0]?.pcr, ticks % TIME_MODULUS)
    }),
  )
})

test('sectionPackets() carries sections of any length with continuous counters', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 15 }), (length, next) => {
      const body = Array.from({ length }, (_, index) => index & 0xff)
      const section = longSection({ id: 0x4e, extension: 1, version: 3, body })
      const packets = readPackets(sectionPackets(0x12, section, { next }))
      assert.deepEqual(readSections(packets, 0x12), [section])
      assert.equal(crc32(section), 0)
      assert.ok(packets.every((packet, index) => packet.continuity === ((next + index) & 15)))
    }),
    { numRuns: 50 },
  )
})
