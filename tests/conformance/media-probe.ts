import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MediaProbe, ProbeResult } from '../../adapters/library/probe/media-probe.ts'
import type { MediaFacts } from '../../core/library/media-item.ts'
import { makeClips, ODD_NAMES, spoil } from '../adapters/library/clips.ts'
import type { Clips } from '../adapters/library/clips.ts'

const SQUARE = { num: 1, den: 1 }
const PICTURE = { width: 320, height: 180, pixelAspect: SQUARE, isInterlaced: false, isHdr: false, rotation: 0 }
const SOUND = { index: 0, sampleRate: 48_000, language: null, title: null }

/** What clips are, by name; keys that are left out are not looked at. */
const FACTS: Readonly<Record<string, { [Key in keyof MediaFacts]?: unknown } & { readonly cover?: boolean }>> = {
  'plain.mp4': {
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    video: {
      ...PICTURE,
      codec: 'h264',
      profile: 'Constrained Baseline',
      frameRate: { num: 25, den: 1 },
      pixelFormat: 'yuv420p',
    },
    audio: [{ ...SOUND, codec: 'aac', channels: 2, isDefault: true }],
    subtitles: [],
    chaptersMs: [],
  },
  'rich.mkv': {
    container: 'matroska,webm',
    video: {
      ...PICTURE,
      codec: 'hevc',
      profile: 'Main',
      frameRate: { num: 24_000, den: 1001 },
      pixelFormat: 'yuv420p',
    },
    audio: [{ ...SOUND, codec: 'ac3', channels: 6, language: 'ger', title: 'Director:5.1' }],
    subtitles: [{ index: 0, codec: 'subrip', language: 'eng', isText: true, isForced: true }],
    chaptersMs: [400],
  },
  'broadcast.ts': {
    container: 'mpegts',
    video: {
      ...PICTURE,
      codec: 'mpeg2video',
      profile: 'Main',
      width: 352,
      height: 288,
      frameRate: { num: 25, den: 1 },
      pixelAspect: { num: 16, den: 11 },
      pixelFormat: 'yuv420p',
      isInterlaced: true,
    },
    audio: [{ ...SOUND, codec: 'mp2', channels: 2, language: 'deu' }],
  },
  'silent.mp4': { video: { ...PICTURE, frameRate: { num: 30_000, den: 1001 } }, audio: [] },
  'sound.mp3': {
    container: 'mp3',
    video: null,
    audio: [{ ...SOUND, codec: 'mp3', channels: 1, sampleRate: 22_050 }],
    cover: false,
  },
  'cover.mp3': { video: null, cover: true },
  'odd.mkv': { video: { ...PICTURE, codec: 'ffv1', width: 321, height: 181, pixelFormat: 'yuv444p' } },
  'turned.mp4': { video: { ...PICTURE, rotation: 90 } },
  'hdr.mkv': { video: { ...PICTURE, pixelFormat: 'yuv420p10le', profile: 'Main 10', isHdr: true } },
}

const REFUSED: readonly (readonly [name: string, reason: RegExp])[] = [
  ['empty.mp4', /^The file is empty$/],
  ['text.mkv', /no video or sound|holds a list or a text/],
  ['list.mp4', /no video or sound|holds a list or a text/],
  ['cut.mp4', /cut off/],
  ['gone.mp4', /gone/],
  ['line\nbreak.mp4', /line break/],
]

/** What every way to look into files has to do; the clips are made with `ffmpeg`. */
export function mediaProbeSuite(
  name: string,
  { ffmpeg, open }: { readonly ffmpeg: string; readonly open: () => MediaProbe },
): void {
  const never = new AbortController().signal
  let clips: Clips
  before(async () => {
    clips = await makeClips(ffmpeg)
    await spoil(clips)
  })
  after(() => clips[Symbol.asyncDispose]())
  const probe = (clip: string): Promise<ProbeResult> => open().probe(clips.path(clip), never)

  for (const [clip, { cover, ...wanted }] of Object.entries(FACTS)) {
    test(`${name}: probe() tells what ${clip} is`, async () => {
      const result = await probe(clip)
      assert.equal(result.kind, 'facts')
      if (result.kind !== 'facts') return
      assertLike(result.facts, wanted)
      assert.ok(Math.abs(result.facts.durationMs - 1000) <= 120, `${result.facts.durationMs} ms`)
      if (cover !== undefined) assert.equal(result.hasCover, cover)
    })
  }
  for (const odd of ODD_NAMES) {
    test(`${name}: probe() opens a file named ${odd}`, async () => assert.equal((await probe(odd)).kind, 'facts'))
  }
  for (const [clip, reason] of REFUSED) {
    test(`${name}: probe() says why ${JSON.stringify(clip)} cannot be shown`, async () => {
      const result = await probe(clip)
      assert.equal(result.kind, 'problem')
      if (result.kind !== 'problem') return
      assert.match(result.reason, reason)
      assert.doesNotMatch(result.reason, /downlink-clips|\//)
    })
  }
  test(`${name}: probe() ends with the signal`, async () => {
    const stop = new AbortController()
    const probing = open().probe(clips.path('plain.mp4'), stop.signal)
    stop.abort(new Error('enough'))
    await assert.rejects(probing, /enough/)
  })
}

/** Every key of `wanted` is in `told`, and the same. */
function assertLike(told: unknown, wanted: unknown): void {
  if (Array.isArray(wanted)) {
    assert.ok(Array.isArray(told) && told.length === wanted.length, JSON.stringify(told))
    for (const [index, each] of wanted.entries()) assertLike(told[index], each)
  } else if (typeof wanted === 'object' && wanted !== null) {
    assert.ok(typeof told === 'object' && told !== null, JSON.stringify(told))
    for (const [key, value] of Object.entries(wanted)) assertLike((told as Record<string, unknown>)[key], value)
  } else assert.equal(told, wanted)
}
