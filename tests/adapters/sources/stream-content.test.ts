import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { recognise } from '../../../adapters/sources/stream-content.ts'
import { synthesize } from '../../core/live/synthetic-ts.ts'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)
const television = synthesize({ gops: 1 })

for (const { name, bytes, content } of [
  { name: 'a playlist', bytes: text('#EXTM3U\n'), content: 'hls' },
  { name: 'a playlist behind a byte order mark and blanks', bytes: text('\ufeff\r\n #EXTM3U'), content: 'hls' },
  { name: 'a page', bytes: text('\n<!doctype html>'), content: 'web-page' },
  { name: 'an error in JSON', bytes: text('{"error":"x"}'), content: 'json' },
  { name: 'an empty list in JSON', bytes: text('[]'), content: 'json' },
  { name: 'ADTS', bytes: Uint8Array.of(0xff, 0xf1, 0x50, 0x80), content: 'packed-audio' },
  { name: 'an ID3 tag', bytes: text('ID3\u0004'), content: 'packed-audio' },
  { name: 'fragmented MP4', bytes: text('\u0000\u0000\u0000\u0018ftypiso6'), content: 'fragmented-mp4' },
  { name: 'Flash video', bytes: text('FLV\u0001'), content: 'flash-video' },
  { name: 'a few bytes of nothing', bytes: Uint8Array.of(1, 2, 3), content: 'more' },
  { name: 'much of nothing', bytes: new Uint8Array(70_000), content: 'unknown' },
  { name: 'the beginning of a packet', bytes: television.subarray(0, 100), content: 'more' },
  { name: 'a packet and a byte', bytes: television.subarray(0, 189), content: 'mpeg-ts' },
] as const) {
  test(`recognise() tells ${name}`, () => {
    assert.equal(recognise(bytes, false), content)
  })
}

test('recognise() finds a transport stream that is cut anywhere', () => {
  fc.assert(
    fc.property(fc.nat(1000), (at) => {
      assert.equal(recognise(television.subarray(at), false), 'mpeg-ts')
    }),
  )
})

test('recognise() never asks for more when there is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      assert.notEqual(recognise(bytes, true), 'more')
    }),
  )
})
