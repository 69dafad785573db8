import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TsRequest } from '../../core/live/link.ts'
import type { VodFile } from '../../core/lineup/vod.ts'
import { Failure } from '../../core/errors.ts'
import { createApp } from '../../handlers/app.ts'
import { liveFace } from '../../handlers/live.ts'
import { playlistFace } from '../../handlers/playlist.ts'
import { guideFace } from '../../handlers/guide.ts'
import { houseApi } from '../../handlers/house-api.ts'
import { fakeChannel, fakeHouse } from '../fakes/gateway.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 21, 20, 20)

const programme = (start: number, title: string) => ({
  start,
  stop: start + HOUR,
  title,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
})

/** A house whose first channel is kept for three days; `answer` is what its link gives. */
function house(answer: (request: TsRequest) => VodFile | Failure = () => new Failure('live/no-past', 'None')) {
  const [stream] = fakeChannel(1).streams
  assert.ok(stream)
  const kept = fakeChannel(1, { streams: [{ ...stream, pastHours: 60 }] })
  const asked: TsRequest[] = []
  const { gateway } = fakeHouse({
    lineup: { revision: '7', channels: [kept, fakeChannel(2)], groups: [{ name: 'All', order: 0 }] },
    programmes: () => [
      programme(NOW - 80 * HOUR, 'Long ago'),
      programme(NOW - 50 * HOUR, 'Kept'),
      programme(NOW - HOUR / 2, 'Now'),
      programme(NOW + HOUR, 'To come'),
    ],
    gateway: {
      live: {
        async ts(request) {
          asked.push(request)
          const file = answer(request)
          if (file instanceof Failure) throw file
          return { kind: 'file', file }
        },
        hls: () => Promise.reject(new Error('no HLS here')),
      },
    },
  })
  const app = createApp(gateway, { viewing: [playlistFace, guideFace, liveFace], linked: [], api: houseApi })
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers: { host: 'localhost', 'user-agent': 'Kodi', ...headers } })
  return { get, asked }
}

const bytes = (changes: Partial<VodFile> = {}): VodFile => ({
  first: 0,
  last: 99,
  size: 100,
  partial: false,
  contentType: 'application/octet-stream',
  body: new Blob([new Uint8Array(100)]).stream(),
  close: async () => {},
  ...changes,
})

test('a playlist tells players of the past of a channel, and only where there is one', async () => {
  const { get } = house()
  const text = await (await get('/playlist.m3u')).text()
  const source = 'http://localhost/live/c1.ts?start={utc}&end={utcend}'
  const lines = text.split('\n').filter((line) => line.startsWith('#EXTINF'))
  assert.ok(lines[0]?.includes(`catchup="default" catchup-days="3" catchup-source="${source}"`), lines[0])
  assert.ok(!lines[1]?.includes('catchup'))
})

test('the guide API says which programmes can be replayed', async () => {
  const { get } = house()
  const response = await get('/api/v1/guide/programmes?from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z')
  const { items } = (await response.json()) as { items: { programmes: { title: string; canReplay: boolean }[] }[] }
  const told = items.map(({ programmes }) => programmes.filter((one) => one.canReplay).map(({ title }) => title))
  assert.deepEqual(told, [['Kept', 'Now'], []])
})

for (const [query, from, lastsMs] of [
  ['start=2026-11-21T18:00:00Z&duration=2700', Date.UTC(2026, 10, 21, 18), 2_700_000],
  [`utc=${NOW / 1000 - 7200}&lutc=${NOW / 1000}`, NOW - 2 * HOUR, null],
  [`start=${NOW / 1000 - 7200}&end=${NOW / 1000 - 3600}`, NOW - 2 * HOUR, HOUR],
  ['start=-3600', NOW - HOUR, null],
] as const)
  test(`/live/c1.ts?${query} asks for that part of the past`, async () => {
    const { get, asked } = house(() => bytes({ first: 10, partial: true }))
    const response = await get(`/live/c1.ts?${query}`, { range: 'bytes=10-' })
    const { past, behindMs } = asked[0] ?? {}
    assert.deepEqual(past, { from, lastsMs, range: { first: 10, last: null }, player: 'Kodi' })
    assert.equal(behindMs, NOW - from)
    const told = ['content-type', 'content-range', 'content-length'].map((name) => response.headers.get(name))
    assert.deepEqual([response.status, ...told], [206, 'video/mp2t', 'bytes 10-99/100', '90'])
  })

test('a part that the file does not have is 416 with its size', async () => {
  const { get } = house(() => new Failure('vod/range', 'Shorter', { size: 100 }))
  const response = await get('/live/c1.ts?start=-3600', { range: 'bytes=500-' })
  assert.deepEqual([response.status, response.headers.get('content-range')], [416, 'bytes */100'])
})

test('the past of a channel that nobody keeps is 404 with its code', async () => {
  const response = await house().get('/live/c2.ts?start=-3600')
  assert.deepEqual([response.status, response.headers.get('x-downlink-error')], [404, 'live/no-past'])
})
