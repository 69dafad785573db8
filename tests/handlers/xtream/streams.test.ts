import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HlsRequest, LiveLink, TsRequest } from '../../../core/live/link.ts'
import { streamOutlet } from '../../../handlers/stream-outlet.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { keptChannel, NOW, xtreamHouse } from './xtream-house.ts'

const PACKET = new Uint8Array(188).fill(0x47)
const LIST =
  '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,NAME="../hls/",URI="../hls/c2/S/V/standard/aac/v1.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../hls/c2/S/V/standard/av/v1.m3u8\n'

type Changes = {
  readonly hls?: Awaited<ReturnType<LiveLink['hls']>>
  readonly timeZone?: string
  readonly channels?: readonly Channel[]
  readonly now?: () => number
}

/** A house whose channels play one packet, or a playlist like those of real sessions. */
async function streamHouse(options: Changes = {}) {
  const ts: TsRequest[] = []
  const hls: HlsRequest[] = []
  const live: LiveLink = {
    async ts(request) {
      ts.push(request)
      return {
        kind: 'relay',
        join(open) {
          open().write(PACKET)
          return Promise.resolve({ drained: () => {}, leave: () => {} })
        },
      }
    },
    async hls(request) {
      hls.push(request)
      if (options.hls !== undefined) return options.hls
      if (request.leaves === true) return { kind: 'left' }
      return {
        kind: 'document',
        contentType: 'application/vnd.apple.mpegurl',
        body: request.path === '' ? LIST : '#EXTM3U\n../hls/\n',
        cacheControl: 'no-store',
      }
    },
  }
  const made = await xtreamHouse({
    withFilms: true,
    ...(options.channels && { channels: options.channels }),
    gateway: {
      live,
      outlet: streamOutlet,
      timeZone: options.timeZone ?? 'UTC',
      ...(options.now && { now: options.now }),
    },
  })
  return { ...made, ts, hls, pair: `anna/${made.token}` }
}

const firstBytes = async (response: Response): Promise<number> => {
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return value?.length ?? 0
}
const code = (response: Response): string | null => response.headers.get('x-downlink-error')

describe('live streams with name and password in the address', () => {
  for (const path of ['/live/PAIR/2.ts', '/live/PAIR/2', '/PAIR/2', '/PAIR/2.ts'])
    test(`${path} plays raw TS as a viewer of this protocol`, async () => {
      await using made = await streamHouse()
      const response = await made.get(path.replace('PAIR', made.pair))
      assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'video/mp2t'])
      assert.equal(await firstBytes(response), 188)
      assert.deepEqual(
        made.ts.map(({ channel, caller, mode }) => [channel.id, caller.user, mode]),
        [['c2', 'Anna', 'xtream']],
      )
    })

  test('a HEAD opens nothing, and still wants a right password', async () => {
    await using made = await streamHouse()
    const head = (path: string) => made.get(path, {}, 'HEAD')
    assert.deepEqual(
      [(await head(`/live/${made.pair}/2.ts`)).status, (await head(`/live/${made.pair}/2.m3u8`)).status],
      [200, 200],
    )
    assert.equal((await head('/live/anna/guess/2.ts')).status, 401)
    assert.deepEqual([made.ts.length, made.hls.length], [0, 0])
  })

  for (const { path, root } of [
    { path: '/live/PAIR/2.m3u8', root: '' },
    { path: '/PAIR/2.m3u8', root: '../../live/PAIR/' },
  ])
    test(`${path} names its children behind the same name and password`, async () => {
      await using made = await streamHouse()
      const response = await made.get(path.replace('PAIR', made.pair))
      const text = await response.text()
      const start = root.replace('PAIR', made.pair)
      assert.equal(text, LIST.replace('URI="../hls', `URI="${start}hls`).replace('\n../hls/c2', `\n${start}hls/c2`))
      const address = new URL(`${start}hls/c2/S/V/standard/av/v1.m3u8`, `http://h${path.replace('PAIR', made.pair)}`)
      const child = await made.get(address.pathname)
      assert.deepEqual([child.status, await child.text()], [200, '#EXTM3U\n../hls/\n'])
      assert.deepEqual(
        made.hls.map((request) => [request.channel.id, request.path, request.mode, request.caller.user]),
        [
          ['c2', '', 'xtream', 'Anna'],
          ['c2', 'S/V/standard/av/v1.m3u8', 'xtream', 'Anna'],
        ],
      )
    })

  test('a player says at its own address that it leaves', async () => {
    await using made = await streamHouse()
    const response = await made.get(`/live/${made.pair}/hls/c2/S/V/standard/av/v1.m3u8`, {}, 'DELETE')
    assert.deepEqual([response.status, made.hls[0]?.leaves], [204, true])
  })

  test('a playlist that passes through from an adapter is changed the same way', async () => {
    const passed = new Response(LIST, { headers: { 'content-type': 'application/vnd.apple.mpegurl' } })
    await using made = await streamHouse({ hls: { kind: 'response', response: passed } })
    const text = await (await made.get(`/live/${made.pair}/2.m3u8`)).text()
    assert.match(text, /\nhls\/c2\/S\/V\/standard\/av\/v1\.m3u8\n$/)
  })

  for (const { path, status, error } of [
    { path: '/live/anna/guess/2.ts', status: 401, error: 'access/wrong-password' },
    { path: '/live/nobody/guess/2.m3u8', status: 401, error: 'access/wrong-password' },
    { path: '/live/anna/guess/999.ts', status: 401, error: 'access/wrong-password' },
    { path: '/live/anna/guess/hls/c2/S/V/x.m3u8', status: 401, error: 'access/wrong-password' },
    { path: '/movie/anna/guess/2.mp4', status: 401, error: 'access/wrong-password' },
    { path: '/series/anna/guess/2.mp4', status: 401, error: 'access/wrong-password' },
    { path: '/timeshift/anna/guess/60/2026-11-21:19-00/2.ts', status: 401, error: 'access/wrong-password' },
    {
      path: '/timeshift.php?username=anna&password=guess&stream=2&start=1',
      status: 401,
      error: 'access/wrong-password',
    },
    { path: '/xmltv.php?username=anna&password=guess', status: 401, error: 'access/wrong-password' },
    { path: '/anna/guess/2', status: 404, error: 'http/not-found' },
    { path: '/anna/guess/2.ts', status: 404, error: 'http/not-found' },
    { path: '/PAIR/two', status: 404, error: 'http/not-found' },
    { path: '/PAIR/2.mp4', status: 404, error: 'http/not-found' },
    { path: '/PAIR/2.5', status: 404, error: 'http/not-found' },
    { path: '/live/PAIR/c2.ts', status: 404, error: 'http/not-found' },
    { path: '/live/PAIR/4.ts', status: 404, error: 'lineup/unknown-channel' },
    { path: '/live/PAIR/0.ts', status: 404, error: 'lineup/unknown-channel' },
    { path: '/live/PAIR/9999999999.ts', status: 404, error: 'lineup/unknown-channel' },
    { path: '/movie/PAIR/2.mp4', status: 404, error: 'vod/unknown-item' },
  ])
    test(`${path} is ${status} ${error} with an empty body`, async () => {
      await using made = await streamHouse()
      const response = await made.get(path.replace('PAIR', made.pair))
      assert.deepEqual([response.status, code(response), await response.text()], [status, error, ''])
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      assert.deepEqual([made.ts.length, made.hls.length], [0, 0])
    })

  test('first words with a meaning of their own are no names', async () => {
    await using made = await streamHouse()
    // A channel of the source "receiver" by its number, and not the user "play".
    const response = await made.get(`/t/${made.token}/play/receiver/2`)
    assert.equal(await firstBytes(response), 188)
    assert.equal(made.ts[0]?.mode, undefined)
    assert.equal(code(await made.get(`/play/${made.token}/2`)), 'access/sign-in')
  })

  test('addresses of other faces go on working beside it', async () => {
    await using made = await streamHouse()
    const own = `/t/${made.token}`
    for (const path of ['/live/c2.ts', '/live/2.ts', '/iptv/channel/2.ts', '/1:0:19:2:3EF:1:C00000:0:0:0:'])
      assert.equal((await made.get(own + path)).status, 200, path)
    assert.equal((await made.get(`${own}/hls/c2/S/V/standard/av/v1.m3u8`)).status, 200)
    assert.equal((await made.get(`${own}/live/a/b/2.ts`)).status, 404)
  })
})

describe('films and episodes', () => {
  type Row = Readonly<Record<string, unknown>>

  test('/movie/… plays the film of a number, and a part of it', async () => {
    await using made = await streamHouse()
    const films = (await made.act('get_vod_streams')) as readonly Row[]
    const { stream_id: number, container_extension: container } = films[1] ?? {}
    const whole = await made.get(`/movie/${made.pair}/${String(number)}.${String(container)}`)
    assert.deepEqual([whole.status, whole.headers.get('content-type')], [200, 'video/x-matroska'])
    assert.equal((await whole.arrayBuffer()).byteLength, made.films.size)
    const part = await made.get(`/movie/${made.pair}/${String(number)}.mkv`, { range: 'bytes=100-199' })
    assert.deepEqual([part.status, part.headers.get('content-range')], [206, 'bytes 100-199/10000'])
    const head = await made.get(`/movie/${made.pair}/${String(number)}.mkv`, {}, 'HEAD')
    assert.deepEqual([head.status, made.films.places], [200, [0, 100]])
  })

  test('/series/… plays the episode of a number, and only there', async () => {
    await using made = await streamHouse()
    const [series] = (await made.act('get_series')) as readonly Row[]
    const { episodes } = (await made.act('get_series_info', { series_id: String(series?.['series_id']) })) as {
      episodes: Record<string, readonly Row[]>
    }
    const id = String(episodes['1']?.[1]?.['id'])
    assert.equal((await made.get(`/series/${made.pair}/${id}.mp4`)).status, 200)
    assert.equal((await made.get(`/movie/${made.pair}/${id}.mp4`)).status, 404)
    assert.equal((await made.get(`/series/${made.pair}/${String(series?.['series_id'])}.mp4`)).status, 404)
  })
})

describe('a running channel, further back', () => {
  for (const { name, path } of [
    { name: 'the usual form', path: '/timeshift/PAIR/60/2026-11-21:21-00/2.ts' },
    { name: 'seconds', path: '/timeshift/PAIR/60/2026-11-21:21-00-00/2.ts' },
    { name: 'epoch seconds', path: `/timeshift/PAIR/60/${NOW / 1000 - 1200}/2.ts` },
    { name: 'whole hours', path: '/timeshift/PAIR/60/20261121-21/2' },
    { name: 'a query', path: '/timeshift.php?QUERY&stream=2&start=2026-11-21:21-00&duration=60' },
    { name: 'the long query', path: '/streaming/timeshift.php?QUERY&stream=2&start=2026-11-21:21-00&duration=60' },
  ])
    test(`the start as ${name} is read by the clock of the server`, async () => {
      await using made = await streamHouse({ timeZone: 'Europe/Berlin' })
      const response = await made.get(path.replace('PAIR', made.pair).replace('QUERY', made.query))
      assert.equal(response.status, 200)
      assert.equal(made.ts[0]?.behindMs, 20 * 60_000)
    })

  test('as HLS it begins there too, behind the same name and password', async () => {
    await using made = await streamHouse()
    for (const { path, root } of [
      { path: `/timeshift/${made.pair}/60/2026-11-21:20-00/2.m3u8`, root: '/live/PAIR/' },
      { path: `/timeshift.php?${made.query}&stream=2&start=2026-11-21:20-00&extension=m3u8`, root: '/live/PAIR/' },
      { path: `/streaming/timeshift.php?${made.query}&stream=2&start=1795291200&extension=m3u8`, root: '/live/PAIR/' },
    ]) {
      const text = await (await made.get(path)).text()
      const address = new URL(text.trimEnd().split('\n').at(-1) ?? '', `http://h${path}`)
      assert.equal(address.pathname, `${root.replace('PAIR', made.pair)}hls/c2/S/V/standard/av/v1.m3u8`, path)
    }
    assert.deepEqual(
      made.hls.map(({ query }) => query.toString()),
      ['start=-1200', 'start=-1200', 'start=-1200'],
    )
  })

  for (const start of ['yesterday', '2026-11-21:20-21', '2026-13-01:00-00', '7', ''])
    test(`"${start}" is no start`, async () => {
      await using made = await streamHouse()
      const response = await made.get(`/timeshift.php?${made.query}&stream=2&start=${start}`)
      assert.deepEqual([response.status, code(response)], [400, 'http/bad-request'])
    })
})

describe('a programme that is over, of a channel that its source keeps', () => {
  const channels = [keptChannel(1), fakeChannel(2)]
  const start = '2026-11-20:20-20'

  test('as MPEG-TS it is asked for by instant and length', async () => {
    await using made = await streamHouse({ channels })
    await made.get(`/timeshift/${made.pair}/45/${start}/1.ts`, { range: 'bytes=100-', 'user-agent': 'TiviMate' })
    await made.get(`/live/${made.pair}/1.ts?start=${NOW / 1000 - 86_400}&end=${NOW / 1000 - 82_800}`)
    const range = { first: 100, last: null }
    assert.deepEqual(
      made.ts.map(({ past, behindMs, mode }) => [past, behindMs, mode]),
      [
        [{ from: NOW - 86_400_000, lastsMs: 2_700_000, range, player: 'TiviMate' }, 86_400_000, 'xtream'],
        [{ from: NOW - 86_400_000, lastsMs: 3_600_000, range: null, player: '' }, 86_400_000, 'xtream'],
      ],
    )
  })

  for (const path of [
    `/timeshift/PAIR/45/${start}/1.m3u8`,
    `/timeshift.php?QUERY&stream=1&start=${start}&duration=45&extension=m3u8`,
    `/streaming/timeshift.php?QUERY&stream=1&start=${start}&duration=45&extension=m3u8`,
  ])
    test(`${path} is a list of that one file`, async () => {
      await using made = await streamHouse({ channels })
      const asked = path.replace('PAIR', made.pair).replace('QUERY', made.query)
      const response = await made.get(asked)
      const text = await response.text()
      assert.equal(response.headers.get('content-type'), 'application/vnd.apple.mpegurl')
      assert.match(text, /^#EXTM3U\n[^]*#EXT-X-TARGETDURATION:2700\n[^]*\n#EXTINF:2700\.000,\n[^]*\n#EXT-X-ENDLIST\n$/)
      const file = text.split('\n').find((line) => line.endsWith('.ts')) ?? ''
      const address = new URL(file, `http://h${asked}`)
      assert.equal(address.pathname, `/timeshift/${made.pair}/45/${NOW / 1000 - 86_400}/1.ts`)
      assert.equal((await made.get(address.pathname)).status, 200)
      assert.equal(made.ts[0]?.past?.from, NOW - 86_400_000)
    })

  test('a programme begins on its minute, whatever time the question takes', async () => {
    let ticks = 0
    await using made = await streamHouse({ channels, now: () => NOW + ticks++ })
    await made.get(`/timeshift/${made.pair}/45/${start}/1.ts`)
    assert.equal(made.ts[0]?.past?.from, NOW - 86_400_000)
    assert.ok(ticks > 1)
  })

  test('what no source keeps any more is left to our own tape', async () => {
    await using made = await streamHouse({ channels })
    await made.get(`/timeshift/${made.pair}/45/2026-11-18:00-00/1.m3u8`)
    await made.get(`/timeshift/${made.pair}/45/2026-11-21:20-00/2.m3u8`)
    assert.equal(made.hls.length, 2)
  })
})
