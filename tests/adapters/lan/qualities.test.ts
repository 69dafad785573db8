import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ffmpeg } from '../../../adapters/ffmpeg/resolve.ts'
import { ffmpegAt, NO_FFMPEG, openHlsHouse, textOf } from '../../fakes/hls-house.ts'
import type { Asked, HlsHouse } from '../../fakes/hls-house.ts'
import { readMultivariant } from '../../conformance/hls-playlist-judge.ts'
import { requireProgram } from '../../require-program.ts'
import { clip } from '../../core/live/clips.ts'
import { judge } from '../../core/live/ts-judge.ts'

const code = ({ headers }: Asked): string | null => headers.get('x-downlink-error')
const absolute = (list: string, uri: string): string => new URL(uri, `http://house${list}`).pathname

/** Asks for a playlist while FFmpeg, whose time is ours, works too. */
async function get(house: HlsHouse, path: string): Promise<Asked> {
  const state: { asked: Asked | null } = { asked: null }
  void house.ask(path).then((asked) => (state.asked = asked))
  for (let turn = 0; turn < 800 && state.asked === null; turn++) {
    await house.time.advance(20)
    await sleep(10)
  }
  return state.asked ?? assert.fail(`no answer to ${path}`)
}

for (const { name, at } of [
  { name: 'as it is', at: (house: HlsHouse) => house.prefixes.plain },
  { name: 'by viewing token', at: (house: HlsHouse) => house.prefixes.token },
  { name: 'by signed link', at: (house: HlsHouse) => house.prefixes.link },
])
  test(`createQualities() gives HLS in 480p, asked for ${name}, as one variant that says what it is`, async (t) => {
    const path = requireProgram(t, 'ffmpeg')
    if (path === null) return
    const ffmpeg: Ffmpeg = { ...ffmpegAt(path), encoders: new Set(['aac', 'libx264']) }
    await using house = await openHlsHouse(clip('mpeg2-mp2'), { ffmpeg })
    const address = `${at(house)}/live/c1.m3u8?quality=480p`
    const answer = await get(house, address)
    assert.equal(answer.status, 200)
    const [variant, ...others] = readMultivariant(textOf(answer))
    assert.deepEqual(others, [])
    assert.ok(variant)
    assert.match(variant.codecs.join(), /^avc1\.6400..,mp4a\.40\.2$/)
    assert.equal(variant.resolution, '320x180')
    assert.equal(variant.frameRate, 25)
    // 300 kbit/s of picture, 375 at most, beside 96 of sound.
    assert.ok(variant.bandwidth >= 471_000 && variant.bandwidth < 1_000_000, String(variant.bandwidth))
    assert.equal(house.logged.filter(({ event }) => event === 'transcoder-started').length, 1)
    assert.ok(absolute(address, variant.uri).startsWith(`${at(house)}/hls/c1/`))
  })

test('createQualities() keeps the sessions of HLS apart by quality, with one connection to the source', async (t) => {
  const path = requireProgram(t, 'ffmpeg')
  if (path === null) return
  await using house = await openHlsHouse(clip('h264-closed-ac3-mp2'), { ffmpeg: ffmpegAt(path) })
  const original = await get(house, '/live/c1.m3u8?quality=original')
  const radio = await get(house, '/live/c1.m3u8?quality=radio')
  const audio = await get(house, '/live/c1.m3u8?quality=audio')
  assert.deepEqual(
    [original, radio, audio].map(({ status }) => status),
    [200, 200, 200],
  )
  assert.ok(readMultivariant(textOf(original)).length > 1)
  const [sound] = readMultivariant(textOf(radio))
  assert.deepEqual([sound?.codecs, sound?.resolution], [['mp4a.40.2'], null])
  const [picture, ...others] = readMultivariant(textOf(audio))
  assert.deepEqual([picture?.codecs.length, others], [2, []])
  const sessionOf = (asked: Asked): string => (readMultivariant(textOf(asked))[0]?.uri ?? '').split('/')[3] ?? ''
  assert.notEqual(sessionOf(radio), sessionOf(original))
  assert.equal(sessionOf(audio), sessionOf(original), 'AAC is a list of the same session')
  assert.equal(house.broadcast.opened, 1)
  const list = absolute('/live/c1.m3u8', sound?.uri ?? '')
  const media = await get(house, list)
  const segment = textOf(media)
    .split('\n')
    .find((line) => line.endsWith('.ts'))
  const { bytes } = await get(house, absolute(list, segment ?? ''))
  assert.deepEqual([...judge(bytes).streamTypes.values()], [0x0f])
})

for (const { query, status, expected } of [
  { query: 'quality=480p', status: 501, expected: 'ffmpeg/missing' },
  { query: 'quality=4k', status: 400, expected: 'http/bad-request' },
  { query: 'quality=radio&audio=original', status: 400, expected: 'http/bad-request' },
])
  test(`createQualities() refuses HLS with ${query} where there is no FFmpeg, before the source is opened`, async () => {
    await using house = await openHlsHouse(clip('h264-closed-ac3-mp2'), { ffmpeg: NO_FFMPEG })
    const answer = await get(house, `/live/c1.m3u8?${query}`)
    assert.deepEqual([answer.status, code(answer)], [status, expected])
    assert.equal(house.broadcast.opened, 0)
  })
