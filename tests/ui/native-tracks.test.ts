import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nativeTracks } from '../../ui/src/player/native-tracks.ts'
import type { SoundChoice } from '../../ui/src/player/sound-track.ts'

/** An element as WebKit has it: a list that is indexed, and tells of what comes. */
function element() {
  const audioTracks = Object.assign(new EventTarget(), { length: 0 })
  const add = (id: string, language: string, kind = 'main'): void => {
    const entry = { id, kind, label: `Track ${id}`, language, enabled: audioTracks.length === 0 }
    Object.assign(audioTracks, { [audioTracks.length]: entry, length: audioTracks.length + 1 })
    audioTracks.dispatchEvent(new Event('addtrack'))
  }
  return { video: { audioTracks }, add }
}

const WISH = { name: 'English', language: 'en', role: 'plain' } as const

test('nativeTracks() tells of tracks as they appear, and lets the wished one be heard', () => {
  const { video, add } = element()
  const told: SoundChoice[] = []
  nativeTracks(video, { wish: WISH, signal: new AbortController().signal, changed: (choice) => told.push(choice) })
  add('1', 'de')
  assert.equal(told.at(-1)?.chosen, '1')
  add('2', 'en', 'main-desc')
  assert.equal(told.at(-1)?.chosen, '1')
  add('3', 'en')
  assert.deepEqual(
    told.at(-1)?.tracks.map(({ id, role }) => [id, role]),
    [
      ['1', 'plain'],
      ['2', 'description'],
      ['3', 'plain'],
    ],
  )
  assert.equal(told.at(-1)?.chosen, '3')
})

test('nativeTracks() lets a chosen track be heard, and keeps to it when more come', () => {
  const { video, add } = element()
  let last: SoundChoice | null = null
  const tracks = nativeTracks(video, {
    wish: null,
    signal: new AbortController().signal,
    changed: (choice) => (last = choice),
  })
  add('1', 'de')
  add('2', 'en')
  tracks.choose('2')
  tracks.choose('nonsense')
  add('3', 'fr')
  assert.deepEqual((last as SoundChoice | null)?.chosen, '2')
})

test('nativeTracks() is silent when the playback is over, and where the browser has no such list', () => {
  const { video, add } = element()
  const stop = new AbortController()
  const told: SoundChoice[] = []
  nativeTracks(video, { wish: null, signal: stop.signal, changed: (choice) => told.push(choice) })
  stop.abort()
  add('1', 'de')
  nativeTracks({}, { wish: null, signal: new AbortController().signal, changed: (choice) => told.push(choice) }).choose(
    '1',
  )
  assert.deepEqual(told, [])
})
