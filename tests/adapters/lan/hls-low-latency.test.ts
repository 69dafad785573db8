import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readFragments, readInit } from '../../conformance/hls-fragment-judge.ts'
import { readMedia } from '../../conformance/hls-playlist-judge.ts'
import type { ListedMedia } from '../../conformance/hls-playlist-judge.ts'
import { mediaPath, resolve } from '../../conformance/hls.ts'
import { clip } from '../../core/live/clips.ts'
import { concat, synthesize } from '../../core/live/synthetic-ts.ts'
import { ffmpegAt, openHlsHouse, textOf } from '../../fakes/hls-house.ts'
import type { Asked, HlsHouse } from '../../fakes/hls-house.ts'

/** So many seconds of GOPs of 1 s, open ones unless said otherwise: three parts a segment. */
const television = (seconds: number, { isOpen = true } = {}): Uint8Array =>
  synthesize({ gopLength: 27, gops: Math.ceil(seconds / 1.08), isOpen })

const join = (house: HlsHouse, query = ''): Promise<string> => mediaPath(house, '', `?delivery=ll${query}`)
const listOf = async (house: HlsHouse, path: string): Promise<ListedMedia> => readMedia(textOf(await house.get(path)))
const code = ({ status, headers }: Asked): readonly [number, string | null] => [status, headers.get('x-downlink-error')]
const newestPart = ({ segments, open }: ListedMedia): readonly [number, number] => {
  const last = open ?? segments.at(-1)
  return [last?.msn ?? -1, (last?.parts.length ?? 0) - 1]
}
const pictures = ({ bytes }: Asked): number => readFragments(bytes).fragments[0]?.runs[0]?.samples.length ?? 0

describe('low-latency HLS', () => {
  test('answers the first list as soon as it has a whole segment, which hls.js needs', async () => {
    await using house = await openHlsHouse(television(20))
    const list = await listOf(house, await join(house))
    assert.deepEqual(
      list.segments.map(({ msn, uri }) => [msn, uri]),
      [[0, '0c.m4s']],
    )
  })

  test('holds a reload until the part is there, and answers at once for what is', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    const [msn, part] = newestPart(await listOf(house, path))
    const asked = house.time.now()
    await house.get(`${path}?_HLS_msn=${msn}&_HLS_part=${part}`)
    assert.equal(house.time.now(), asked)
    for (let step = 1; step < 8; step++) {
      const before = newestPart(await listOf(house, path))
      const next = await listOf(house, `${path}?_HLS_msn=${before[0]}&_HLS_part=${before[1] + 1}`)
      assert.ok(newestPart(next)[0] > before[0] || newestPart(next)[1] > before[1], `${before} → ${newestPart(next)}`)
    }
    assert.ok(house.time.now() - asked >= 2000)
  })

  test('takes a part behind the end of its segment for the first one of the next', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    const newest = (await listOf(house, path)).segments.at(-1)?.msn ?? 0
    const { segments, open } = await listOf(house, `${path}?_HLS_msn=${newest}&_HLS_part=9`)
    assert.ok((segments.at(-1)?.msn ?? 0) > newest || open?.msn === newest + 1)
  })

  test('holds a reload by segment alone until all of the segment is there', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    const newest = (await listOf(house, path)).segments.at(-1)?.msn ?? 0
    assert.equal((await listOf(house, `${path}?_HLS_msn=${newest + 1}`)).segments.at(-1)?.msn, newest + 1)
  })

  test('refuses a reload that is too far ahead or makes no sense', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    const newest = (await listOf(house, path)).segments.at(-1)?.msn ?? 0
    for (const query of [`_HLS_msn=${newest + 3}`, '_HLS_part=1', '_HLS_msn=x', '_HLS_msn=1&_HLS_part=-1'])
      assert.deepEqual(code(await house.get(`${path}?${query}`)), [400, 'http/bad-request'], query)
  })

  test('gives a held reload up after three target durations', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    const list = await listOf(house, path)
    house.broadcast.isStalled = true
    const asked = house.time.now()
    const answer = await house.get(`${path}?_HLS_msn=${(list.segments.at(-1)?.msn ?? 0) + 2}`)
    assert.deepEqual(code(answer), [503, 'hls/not-ready'])
    assert.ok(answer.headers.has('retry-after'))
    assert.ok(Math.abs(house.time.now() - asked - 3000 * list.targetSeconds) <= 200)
  })

  test('holds a request for the part that was announced, and gives that very part', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    for (let part = 0; part < 7; part++) {
      const { hint } = await listOf(house, path)
      assert.ok(hint !== null)
      const answer = await house.get(resolve(hint, path))
      assert.equal(answer.status, 200, hint)
      assert.equal(answer.headers.get('content-type'), 'video/mp4')
      assert.equal(answer.headers.get('content-length'), String(answer.bytes.length))
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      const { segments, open } = await listOf(house, path)
      const uris = [...segments, ...(open ? [open] : [])].flatMap(({ parts }) => parts.map(({ uri }) => uri))
      assert.ok(uris.includes(hint), `${hint} in ${uris}`)
    }
    assert.deepEqual(code(await house.get(resolve('99.0.m4s', path))), [404, 'hls/gone'])
    assert.deepEqual(code(await house.get(resolve('0.77.m4s', path))), [404, 'hls/gone'])
  })

  test('leaves out what a player knows already, and nothing that it may still need', async () => {
    await using house = await openHlsHouse(television(60))
    const path = await join(house)
    for (let second = 0; second < 30; second++) {
      await house.get(path)
      await house.time.advance(1000)
    }
    const whole = await listOf(house, path)
    const text = textOf(await house.get(`${path}?_HLS_skip=YES`))
    const delta = readMedia(text)
    assert.ok(delta.skipped > 0, text)
    assert.ok(delta.version >= 9)
    const after = delta.segments.reduce((sum, { seconds }) => sum + seconds, delta.open?.seconds ?? 0)
    assert.ok(after >= 6 * delta.targetSeconds, `${after} s`)
    assert.deepEqual(
      delta.segments.map(({ msn, uri, seconds }) => [msn, uri, seconds]),
      whole.segments.slice(delta.skipped).map(({ msn, uri, seconds }) => [msn, uri, seconds]),
    )
    assert.equal((await listOf(house, path)).skipped, 0)
  })

  test('starts decoders clean: at the start, behind a hole and when a part is fetched once more', async () => {
    await using house = await openHlsHouse(television(60))
    const path = await join(house)
    const get = (uri: string): Promise<Asked> => house.get(resolve(uri, path))
    assert.equal(pictures(await get('0c.0.m4s')), 7, 'without the two leading pictures')
    await get('0.1.m4s')
    await get('0.2.m4s')
    assert.equal(pictures(await get('1.0.m4s')), 9)
    await get('1.1.m4s')
    await get('1.2.m4s')
    assert.equal(pictures(await get('3.0.m4s')), 7, 'segment 2 is missing')
    assert.equal(pictures(await get('3.0.m4s')), 7, 'once more')
  })

  test('gives a whole segment to who asks for it, and its bytes to who asks for some', async () => {
    await using house = await openHlsHouse(television(30))
    const path = await join(house)
    await house.time.advance(3000)
    const get = (uri: string, init: RequestInit = {}): Promise<Asked> => house.get(resolve(uri, path), { init })
    const clean = await get('0c.m4s')
    assert.match(clean.headers.get('cache-control') ?? '', /immutable/)
    assert.equal(readFragments(clean.bytes).fragments.length, 3)
    const parts = await Promise.all(['1.0.m4s', '1.1.m4s', '1.2.m4s'].map((uri) => get(uri)))
    await get('0c.m4s')
    assert.deepEqual((await get('1.m4s')).bytes, concat(...parts.map(({ bytes }) => bytes)))
    const some = await get('0c.m4s', { headers: { range: 'bytes=4-7' } })
    assert.deepEqual([some.status, String.fromCharCode(...some.bytes)], [206, 'moof'])
  })

  test('starts a second viewer of a running channel at once, near its end', async () => {
    await using house = await openHlsHouse(television(60))
    await house.get(await mediaPath(house, '', '?delivery=instant'))
    await house.time.advance(9000)
    const asked = house.time.now()
    const { segments, open, partTarget } = await listOf(house, await join(house))
    assert.equal(house.time.now(), asked)
    const seconds = segments.reduce((sum, segment) => sum + segment.seconds, open?.seconds ?? 0)
    assert.ok(seconds >= 3 * (partTarget ?? 1) && seconds < 3.5, `${seconds} s`)
    assert.equal(house.broadcast.opened, 1)
  })

  test('writes a new initialization section where another programme begins', async () => {
    const first = synthesize({ gops: 15, gopLength: 24 })
    const radio = synthesize({ gops: 25, gopLength: 24, clock: 900_000 + 15 * 24 * 3600, pmtVersion: 4, isRadio: true })
    await using house = await openHlsHouse(concat(first, radio))
    const path = await join(house)
    for (let second = 0; second < 22; second++) {
      await house.get(path)
      await house.time.advance(1000)
    }
    const { segments } = await listOf(house, path)
    const maps = [...new Set(segments.map(({ map }) => map ?? ''))]
    assert.deepEqual(maps, ['i0.mp4', 'i1.mp4'])
    assert.equal(segments.find(({ map }) => map === 'i1.mp4')?.discontinuity, true)
    const entries = maps.map(async (map) => readInit((await house.get(resolve(map, path))).bytes).tracks)
    assert.deepEqual(
      (await Promise.all(entries)).map((tracks) => tracks.map(({ entry }) => entry)),
      [['avc1', 'ac-3'], ['ac-3']],
    )
    assert.deepEqual(code(await house.get(resolve('i7.mp4', path))), [404, 'hls/gone'])
  })

  test('tells each list of a viewer how far the others are', async () => {
    await using house = await openHlsHouse(concat(clip('h264-closed-ac3-mp2'), clip('h264-closed-ac3-mp2')), {
      ffmpeg: ffmpegAt('/nowhere/ffmpeg'),
    })
    const path = await join(house)
    assert.match(path, /\/video\/v0\.m3u8$/)
    const list = await listOf(house, path)
    const [msn, part] = newestPart(list)
    const names = list.reports.map((report) => report.get('URI')?.replace(/\d+\/v0\.m3u8$/, '') ?? '')
    assert.deepEqual(names, ['../aac', '../aac', '../dolby'])
    for (const report of list.reports)
      assert.deepEqual([report.get('LAST-MSN'), report.get('LAST-PART')], [String(msn), String(part)])
  })

  test('announces the sound that it makes, also before any has come', async () => {
    await using house = await openHlsHouse(television(40), { ffmpeg: ffmpegAt('/nowhere/ffmpeg') })
    const path = await join(house)
    const { segments } = await listOf(house, path)
    const init = await house.get(resolve(segments[0]?.map ?? '', path))
    assert.deepEqual(
      readInit(init.bytes).tracks.map(({ entry, language }) => [entry, language]),
      [
        ['avc1', 'und'],
        ['mp4a', 'deu'],
      ],
    )
  })
})

for (const delivery of ['standard', 'instant'])
  test(`HEVC is sent in fragments as hvc1, ${delivery}`, async () => {
    const two = concat(clip('hevc-aac'), clip('hevc-aac'), clip('hevc-aac'))
    await using house = await openHlsHouse(two)
    const path = await mediaPath(house, '', `?delivery=${delivery}`)
    const { segments } = await listOf(house, path)
    const [first] = segments
    assert.ok(first?.uri === '0c.m4s' && first.map !== null)
    const init = await house.get(resolve(first.map, path))
    assert.deepEqual(
      readInit(init.bytes).tracks.map(({ entry }) => entry),
      ['hvc1', 'mp4a'],
    )
    const segment = await house.get(resolve(first.uri, path))
    assert.equal(segment.headers.get('content-type'), 'video/mp4')
    assert.deepEqual(readFragments(segment.bytes).faults, [])
    assert.deepEqual(code(await house.get(resolve('0.ts', path))), [404, 'hls/gone'])
  })
