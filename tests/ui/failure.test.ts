import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FAILURES } from '../../core/errors.ts'
import { backOffMs, verdict } from '../../ui/src/player/failure.ts'
import type { PlaybackFailure } from '../../ui/src/player/failure.ts'
import { wordsOf } from '../../ui/src/player/explain.ts'

const failure = (part: Partial<PlaybackFailure>): PlaybackFailure => ({
  kind: 'refused',
  code: null,
  status: 503,
  retryAfterSeconds: null,
  detail: '',
  ...part,
})

for (const { name, part, tries, kind } of [
  { name: 'waits for a tuner', part: { code: 'live/no-slot' }, tries: 0, kind: 'retry' },
  { name: 'goes on waiting for a tuner', part: { code: 'live/no-slot' }, tries: 50, kind: 'retry' },
  { name: 'waits for a place to convert', part: { code: 'ffmpeg/busy' }, tries: 3, kind: 'retry' },
  { name: 'tries a stalled stream again', part: { code: 'live/stalled', status: 504 }, tries: 3, kind: 'retry' },
  { name: 'tries again after a broken connection', part: { kind: 'network', status: 0 }, tries: 9, kind: 'retry' },
  {
    name: 'takes the next mode without FFmpeg',
    part: { code: 'ffmpeg/missing', status: 501 },
    tries: 0,
    kind: 'next-mode',
  },
  {
    name: 'takes the next mode without HLS',
    part: { code: 'hls/unsupported', status: 501 },
    tries: 0,
    kind: 'next-mode',
  },
  { name: 'takes the next mode at an address that is not there', part: { status: 404 }, tries: 0, kind: 'next-mode' },
  {
    name: 'starts a session anew when the old one is gone',
    part: { code: 'hls/gone', status: 404 },
    tries: 0,
    kind: 'retry',
  },
  { name: 'gives a decoder more chances', part: { kind: 'decode', status: 0 }, tries: 4, kind: 'retry' },
  {
    name: 'takes the next mode when a decoder fails again and again',
    part: { kind: 'decode', status: 0 },
    tries: 5,
    kind: 'next-mode',
  },
  {
    name: 'gives up on a picture nobody here decodes',
    part: { kind: 'no-picture', status: 0 },
    tries: 0,
    kind: 'give-up',
  },
  {
    name: 'gives up on an unknown channel',
    part: { code: 'lineup/unknown-channel', status: 404 },
    tries: 0,
    kind: 'give-up',
  },
  { name: 'gives up on a stream that was stopped', part: { code: 'live/stopped' }, tries: 0, kind: 'give-up' },
  { name: 'gives up on encryption', part: { code: 'live/scrambled', status: 502 }, tries: 0, kind: 'give-up' },
  {
    name: 'gives up where signing in is needed',
    part: { code: 'access/sign-in', status: 401 },
    tries: 0,
    kind: 'give-up',
  },
] as const) {
  test(`verdict() ${name}`, () => assert.equal(verdict(failure(part), tries, 2).kind, kind))
}

test('verdict() gives up when there is no next mode', () => {
  assert.equal(verdict(failure({ code: 'hls/unsupported', status: 501 }), 0, 0).kind, 'give-up')
})

test('backOffMs() never falls, is never sooner than the gateway asked, and never longer than a minute', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.option(fc.nat(3600)), (tries, asked) => {
      const wait = backOffMs(tries, asked)
      assert.ok(wait >= 1000 && wait <= 60_000)
      assert.ok(backOffMs(tries + 1, asked) >= wait)
      assert.ok(wait >= Math.min(asked ?? 0, 60) * 1000)
    }),
  )
})

test('wordsOf() has a title and a next step for every failure there is', () => {
  for (const [code, { status }] of Object.entries(FAILURES)) {
    const { title, advice } = wordsOf(failure({ code, status }), null, false)
    assert.ok(title.length > 5 && advice.length > 5, code)
  }
})

test('wordsOf() names the picture format when it is known', () => {
  assert.match(wordsOf(failure({ kind: 'no-picture' }), 'hevc', false).title, /HEVC/)
  assert.equal(wordsOf(failure({ kind: 'no-picture' }), 'hevc', false).elsewhere, true)
})

test('wordsOf() offers to convert only what this browser cannot decode, and only where that is possible', () => {
  for (const kind of ['unsupported', 'no-picture', 'decode'] as const) {
    const words = wordsOf(failure({ kind }), 'hevc', true)
    assert.deepEqual([words.convert, words.elsewhere], [true, true])
    assert.match(words.advice, /convert/)
    assert.equal(wordsOf(failure({ kind }), 'hevc', false).convert, false)
  }
  assert.equal(wordsOf(failure({ code: 'live/no-slot' }), 'hevc', true).convert, false)
})

test('wordsOf() leads to signing in', () => {
  assert.equal(wordsOf(failure({ code: 'access/sign-in', status: 401 }), null, true).signIn, true)
})
