import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import {
  matchTrack,
  roleOfCharacteristics,
  storedWish,
  storeWish,
  trackFormat,
  trackTitle,
} from '../../ui/src/player/sound-track.ts'
import type { SoundTrack } from '../../ui/src/player/sound-track.ts'
import { applyLanguage } from '../../ui/src/text/language.ts'

const track = (name: string, language: string | null, role: SoundTrack['role'] = 'plain'): SoundTrack => ({
  id: name,
  name,
  language,
  role,
  codec: 'aac',
  channels: 2,
})

const GERMAN = track('German', 'de')
const TOLD = track('German (audio description)', 'de', 'description')
const ENGLISH = track('English', 'en')
const ORIGINAL = track('Original', null)

afterEach(() => applyLanguage('en', ['en-GB']))

for (const { name, tracks, wish, expected } of [
  { name: 'the language', tracks: [GERMAN, ENGLISH], wish: ENGLISH, expected: ENGLISH },
  { name: 'language and purpose', tracks: [GERMAN, TOLD], wish: TOLD, expected: TOLD },
  {
    name: 'the plain track of the language, where the purpose is missing',
    tracks: [ENGLISH, GERMAN],
    wish: TOLD,
    expected: GERMAN,
  },
  { name: 'the name, where there is no language', tracks: [GERMAN, ORIGINAL], wish: ORIGINAL, expected: ORIGINAL },
  { name: 'nothing, where the channel does not have it', tracks: [GERMAN], wish: ENGLISH, expected: null },
  { name: 'no description for somebody who wants none', tracks: [TOLD], wish: GERMAN, expected: null },
  {
    name: 'the second track of a language',
    tracks: [GERMAN, track('German 2', 'de')],
    wish: track('German 2', 'de'),
    expected: track('German 2', 'de'),
  },
])
  test(`matchTrack() finds ${name}`, () => {
    assert.deepEqual(matchTrack(tracks, wish), expected)
  })

test('storeWish() keeps what storedWish() reads', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  assert.equal(storedWish(storage), null)
  for (const { name, language, role } of [GERMAN, TOLD, ORIGINAL]) {
    storeWish({ name, language, role }, storage)
    assert.deepEqual(storedWish(storage), { name, language, role })
  }
  storage.setItem('downlink.sound', 'nonsense')
  assert.equal(storedWish(storage), null)
})

test('trackTitle() names language and purpose in the language of the page', () => {
  assert.deepEqual([GERMAN, TOLD, ORIGINAL, track('German 2', 'de')].map(trackTitle), [
    'German',
    'German (audio description)',
    'Original',
    'German 2',
  ])
  applyLanguage('de', ['de-DE'])
  assert.deepEqual([GERMAN, TOLD, ORIGINAL, track('Sound 3', null)].map(trackTitle), [
    'Deutsch',
    'Deutsch (Audiodeskription)',
    'Originalton',
    'Ton 3',
  ])
})

test('trackFormat() says what is known', () => {
  assert.equal(trackFormat(GERMAN), 'AAC, stereo')
  assert.equal(trackFormat({ codec: 'ac3', channels: 6 }), 'Dolby Digital (AC-3), 5.1')
  assert.equal(trackFormat({ codec: null, channels: null }), '')
})

test('roleOfCharacteristics() reads the identifiers that our playlists write', () => {
  assert.equal(roleOfCharacteristics('public.accessibility.describes-video'), 'description')
  assert.equal(roleOfCharacteristics('public.accessibility.enhances-speech-intelligibility'), 'hearing')
  assert.equal(roleOfCharacteristics(''), 'plain')
})
