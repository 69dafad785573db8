import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayHaveLeading } from '../../../core/live/open-gop.ts'
import { clip } from './clips.ts'
import { ringBench } from './hls-bench.ts'
import { synthesize } from './synthetic-ts.ts'

const start = [0, 0, 1]

for (const { name, codec, bytes, expected } of [
  {
    name: 'an IDR picture of H.264',
    codec: 'h264',
    bytes: [...start, 0x67, 1, 2, ...start, 0x65, 0x88, 0, 0],
    expected: false,
  },
  {
    name: 'a recovery point of H.264',
    codec: 'h264',
    bytes: [...start, 0x06, 6, 1, ...start, 0x41, 0x88, 0, 0],
    expected: true,
  },
  {
    name: 'a CRA picture of HEVC',
    codec: 'hevc',
    bytes: [...start, 0x42, 1, 0, ...start, 0x2a, 1, 0, 0],
    expected: true,
  },
  { name: 'an IDR_W_RADL picture of HEVC', codec: 'hevc', bytes: [...start, 0x26, 1, 0, 0, 0], expected: false },
  { name: 'nothing at all', codec: 'h264', bytes: [], expected: false },
] as const)
  test(`mayHaveLeading() says ${String(expected)} of ${name}`, () => {
    assert.equal(mayHaveLeading(codec, Uint8Array.from(bytes)), expected)
  })

for (const { name, bytes, isOpen } of [
  { name: 'closed', bytes: () => synthesize({ gops: 3 }), isOpen: false },
  { name: 'open', bytes: () => synthesize({ gops: 3, isOpen: true }), isOpen: true },
  { name: 'open, as x264 makes them', bytes: () => clip('h264-open-ac3'), isOpen: true },
])
  test(`HlsRing knows GOPs that are ${name}`, () => {
    const { ring, feed } = ringBench()
    feed(bytes())
    assert.equal(ring.isOpenGop, isOpen)
  })
