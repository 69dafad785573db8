import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecName, codecOfRfc6381, decodersOf, undecodablePicture } from '../../ui/src/player/codecs.ts'

const CHROMIUM = decodersOf((type) => /avc1|mp4a/.test(type))

for (const [text, codec] of [
  ['avc1.640028', 'h264'],
  ['avc3.4d401f', 'h264'],
  ['hvc1.1.6.L120.90', 'hevc'],
  ['hev1.1.6.L93.B0', 'hevc'],
  ['mp4v.61', 'mpeg2video'],
  ['mp4a.40.2', 'aac'],
  ['mp4a.40.34', 'mp3'],
  ['mp4a.6B', 'mp2'],
  ['mp4a.40.33', 'mp2'],
  ['ac-3', 'ac3'],
  ['ec-3', 'eac3'],
  [' AC-3 ', 'ac3'],
  ['stpp', null],
  ['', null],
] as const) {
  test(`codecOfRfc6381() reads "${text}"`, () => assert.equal(codecOfRfc6381(text), codec))
}

test('codecName() keeps a name it does not know', () => assert.equal(codecName('vvc'), 'vvc'))

test('undecodablePicture() names a picture that the browser refuses', () => {
  assert.equal(
    undecodablePicture(
      [
        { kind: 'audio', codec: 'mp2' },
        { kind: 'video', codec: 'mpeg2video' },
      ],
      CHROMIUM,
    ),
    'mpeg2video',
  )
})

test('undecodablePicture() lets a decodable picture pass', () => {
  assert.equal(undecodablePicture([{ kind: 'video', codec: 'h264' }], CHROMIUM), null)
})

test('undecodablePicture() says nothing about sound: the gateway makes AAC of it', () => {
  assert.equal(undecodablePicture([{ kind: 'audio', codec: 'ac3' }], CHROMIUM), null)
})

test('undecodablePicture() says nothing about a codec it never asked for', () => {
  assert.equal(
    undecodablePicture(
      [
        { kind: 'video', codec: 'toString' },
        { kind: 'video', codec: 'other' },
      ],
      CHROMIUM,
    ),
    null,
  )
})
