import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageTag, trackName } from '../../../../core/live/sound/names.ts'
import { soundRole } from '../../../../core/live/sound/role.ts'
import type { ElementaryStream } from '../../../../core/live/program.ts'

const DEU = [0x64, 0x65, 0x75]

const track = (language: string | null, ...descriptors: readonly number[]): ElementaryStream => ({
  pid: 0x101,
  kind: 'audio',
  codec: 'mp2',
  streamType: 3,
  language,
  descriptors: Uint8Array.from(descriptors),
})

for (const { name, stream, role } of [
  { name: 'nothing', stream: track('deu'), role: 'plain' },
  { name: 'audio_type 0', stream: track('deu', 0x0a, 4, ...DEU, 0), role: 'plain' },
  { name: 'audio_type 1', stream: track('deu', 0x0a, 4, ...DEU, 1), role: 'clean' },
  { name: 'audio_type 2', stream: track('deu', 0x0a, 4, ...DEU, 2), role: 'hearing' },
  {
    name: 'audio_type 3 behind another descriptor',
    stream: track('deu', 0x52, 1, 3, 0x0a, 4, ...DEU, 3),
    role: 'description',
  },
  { name: 'a supplementary audio descriptor', stream: track('deu', 0x7f, 2, 0x06, 0b1000_0101), role: 'description' },
  { name: 'another extension descriptor', stream: track('deu', 0x7f, 2, 0x15, 0b1000_0101), role: 'plain' },
  { name: 'the code of original sound', stream: track('qaa'), role: 'original' },
  { name: 'the code of narration', stream: track('nar'), role: 'description' },
  { name: 'a descriptor that is cut off', stream: track('deu', 0x0a, 9, 1), role: 'plain' },
])
  test(`soundRole() reads ${name}`, () => {
    assert.equal(soundRole(stream), role)
  })

test('trackName() says language and purpose, and numbers those that are alike', () => {
  const tracks = [
    track('deu'),
    track('ger', 0x0a, 4, ...DEU, 3),
    track('deu'),
    track('qaa'),
    track('qks'),
    track('mis'),
    track(null),
  ]
  assert.deepEqual(
    tracks.map((stream, index) => trackName(stream, tracks.slice(0, index))),
    ['German', 'German (audio description)', 'German 2', 'Original', 'Clear speech', 'Other sound', 'Sound'],
  )
})

test('languageTag() knows both ways to write a code, and codes that name no language', () => {
  assert.deepEqual(['ger', 'deu', 'eng', 'qaa', 'mul', null].map(languageTag), ['de', 'de', 'en', null, null, null])
})
