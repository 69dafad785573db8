import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { QUALITIES, readQuality } from '../../../core/live/quality.ts'

for (const { quality = null, audio = null, fallback = 'original', result } of [
  { result: 'original' },
  { fallback: 'audio', result: 'audio' },
  { quality: '', audio: '', fallback: 'audio', result: 'audio' },
  { audio: 'aac', result: 'audio' },
  { audio: 'original', fallback: 'audio', result: 'original' },
  { quality: 'original', fallback: 'audio', result: 'original' },
  { quality: 'original', audio: 'aac', result: 'audio' },
  { quality: '720p', result: '720p' },
  { quality: '480p', audio: 'aac', result: '480p' },
  { quality: 'radio', fallback: 'audio', result: 'radio' },
] as const satisfies readonly {
  quality?: string
  audio?: string
  fallback?: 'original' | 'audio'
  result: string
}[])
  test(`readQuality() takes quality=${quality} audio=${audio} in a house of ${fallback} for ${result}`, () => {
    assert.equal(readQuality({ quality, audio }, fallback), result)
  })

for (const { quality = null, audio = null, names } of [
  { quality: '1080p', names: /"quality" should be one of "original", "audio", "720p", "480p", "radio"/ },
  { audio: 'mp3', names: /"audio" should be one of "original", "aac"/ },
  ...QUALITIES.filter((quality) => quality !== 'original').map((quality) => ({
    quality,
    audio: 'original',
    names: /"audio" should be "aac" or left out/,
  })),
])
  test(`readQuality() refuses quality=${quality} audio=${audio} and says what it should be`, () => {
    assert.throws(
      () => readQuality({ quality, audio }, 'original'),
      (error) => error instanceof Failure && error.code === 'http/bad-request' && names.test(error.message),
    )
  })
