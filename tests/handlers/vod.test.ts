import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { withVodViews } from '../../core/lineup/vod-view.ts'
import { createVodDesk } from '../../adapters/lan/vod-desk.ts'
import { createVodSessions } from '../../adapters/lan/vod-sessions.ts'
import { Failure } from '../../core/errors.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { createFilePlays } from '../../adapters/lan/file-plays.ts'
import { NO_ATTENDANCE } from '../../core/live/attendance.ts'
import { createHub } from '../../core/live/create-hub.ts'
import { houseApi } from '../../handlers/house-api.ts'
import { createApp } from '../../handlers/app.ts'
import { playlistFace } from '../../handlers/playlist.ts'
import { vodFace } from '../../handlers/vod.ts'
import { createFilmSource } from '../fakes/film-source.ts'
import { fakeHouse, STRANGER } from '../fakes/gateway.ts'

const SOURCE = sourceId('films')

const houses: AsyncDisposable[] = []
after(async () => {
  for (const house of houses) await house[Symbol.asyncDispose]()
})

/** A house with one source of films behind its whole HTTP application. */
function filmHouse(slots: number | null = 1) {
  const films = createFilmSource()
  const rule = {
    slots: () => slots,
    sharesSlots: false,
    closingMs: 0,
    open: () => Promise.reject(new Error('no channels')),
  }
  const common = { now: Date.now, log: () => {}, lingerSeconds: 0 }
  const hub = createHub({ ...common, source: () => rule })
  const plays = createFilePlays({ attendance: NO_ATTENDANCE, now: common.now })
  const sessions = createVodSessions({ ...common, hub, plays, opener: (id) => (id === SOURCE ? films : null) })
  houses.push(sessions)
  const vod = withVodViews(
    createVodDesk({
      sources: () => [
        { id: sourceId('receiver'), name: 'Receiver' },
        { id: SOURCE, name: 'Films', vod: films },
      ],
      sessions,
      pictures: {
        async picture({ id, ask }, signal) {
          const bytes = await ask(signal)
          return bytes === null
            ? null
            : { bytes: new Uint8Array(bytes), contentType: 'image/jpeg', tag: id.length.toString() }
        },
      },
    }),
    { now: () => 0 },
  )
  const house = fakeHouse({ gateway: { vod } })
  const app = createApp(house.gateway, { viewing: [playlistFace, vodFace], linked: [], api: houseApi })
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers: { host: 'localhost:18080', ...headers } })
  return { films, house, app, get }
}

const header = (response: Response, ...names: readonly string[]) => names.map((name) => response.headers.get(name))

test('/play/vod/{sourceId}/{id} sends the whole film', async () => {
  const { get, films } = filmHouse()
  const response = await get('/play/vod/films/1.mkv')
  const bytes = new Uint8Array(await response.arrayBuffer())
  assert.deepEqual([response.status, bytes.length, bytes[300]], [200, films.size, 300 % 251])
  assert.deepEqual(header(response, 'content-type', 'content-length', 'accept-ranges', 'cache-control'), [
    'video/x-matroska',
    '10000',
    'bytes',
    'no-store',
  ])
  assert.equal(films.open, 0)
})

for (const { range, status, contentRange, length } of [
  { range: 'bytes=100-', status: 206, contentRange: 'bytes 100-9999/10000', length: 9900 },
  { range: 'bytes=0-0', status: 206, contentRange: 'bytes 0-0/10000', length: 1 },
  { range: 'bytes=9990-20000', status: 206, contentRange: 'bytes 9990-9999/10000', length: 10 },
  { range: 'bytes=-500', status: 200, contentRange: null, length: 10_000 },
  { range: 'bytes=0-1,5-6', status: 200, contentRange: null, length: 10_000 },
  { range: 'bytes=9-5', status: 200, contentRange: null, length: 10_000 },
  { range: 'minutes=1-', status: 200, contentRange: null, length: 10_000 },
]) {
  test(`/play/vod answers "${range}" with ${contentRange ?? 'the whole'}`, async () => {
    const response = await filmHouse().get('/play/vod/films/2', { range })
    const { length: received } = new Uint8Array(await response.arrayBuffer())
    assert.deepEqual([response.status, ...header(response, 'content-range'), received], [status, contentRange, length])
  })
}

test('/play/vod tells the size of a film that is shorter than the place asked for', async () => {
  const response = await filmHouse().get('/play/vod/films/1', { range: 'bytes=10000-' })
  assert.deepEqual([response.status, ...header(response, 'content-range')], [416, 'bytes */10000'])
})

test('/play/vod: HEAD opens nothing', async () => {
  const { get, films } = filmHouse()
  const response = await get('/play/vod/films/1.mp4', {}, 'HEAD')
  assert.deepEqual([response.status, ...header(response, 'content-type', 'accept-ranges')], [200, 'video/mp4', 'bytes'])
  assert.deepEqual(films.places, [])
})

test('/play/vod: a seek of the same player ends its connection before', async () => {
  const { get, films } = filmHouse(1)
  const first = await get('/play/vod/films/1.mkv', { 'user-agent': 'VLC' })
  await first.body?.getReader().read()
  const second = await get('/play/vod/films/1.mkv', { 'user-agent': 'VLC', range: 'bytes=5000-' })
  assert.deepEqual([second.status, films.open, films.mostOpen], [206, 1, 1])
  assert.equal((await second.arrayBuffer()).byteLength, 5000)
})

test('/play/vod: a player that leaves frees the connection', async () => {
  const { get, films } = filmHouse()
  const response = await get('/play/vod/films/1.mkv')
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  assert.equal(films.open, 0)
})

test('/play/series/{sourceId}/{series}/{season}/{episode} plays an episode', async () => {
  const { get } = filmHouse()
  const response = await get('/play/series/films/7/1/2.mp4', { range: 'bytes=0-9' })
  assert.deepEqual([response.status, ...header(response, 'content-type')], [206, 'video/mp4'])
})

for (const { path, headers = {}, status, code } of [
  { path: '/play/vod/films/99', status: 404, code: 'vod/unknown-item' },
  { path: '/play/vod/films/1', headers: { range: 'bytes=10000-' }, status: 416, code: 'vod/range' },
  { path: '/play/vod/other/1', status: 404, code: 'lineup/unknown-source' },
  { path: '/play/vod/receiver/1', status: 404, code: 'lineup/unknown-source' },
  { path: '/play/vod/films/a%2Fb', status: 404, code: 'http/not-found' },
  { path: '/play/series/films/7/x/1', status: 404, code: 'http/not-found' },
  { path: '/play/vod/films/2/poster', status: 404, code: 'logo/none' },
  { path: '/play/vod/films/1', headers: STRANGER, status: 401, code: 'access/sign-in' },
]) {
  test(`${path} ${JSON.stringify(headers)} is ${code}, with an empty body`, async () => {
    const response = await filmHouse().get(path, headers)
    const [found] = header(response, 'x-downlink-error')
    assert.deepEqual([response.status, found, await response.text()], [status, code, ''])
  })
}

test('/play/vod/{sourceId}/{id}/poster gives the picture, and 304 to who has it', async () => {
  const { get } = filmHouse()
  const response = await get('/play/vod/films/1/poster')
  const [tag, type] = header(response, 'etag', 'content-type')
  assert.deepEqual([response.status, type, (await response.arrayBuffer()).byteLength], [200, 'image/jpeg', 5])
  assert.equal((await get('/play/vod/films/1/poster', { 'if-none-match': tag ?? '' })).status, 304)
})

test('/playlist.m3u?type=vod lists the films of all sources with stable addresses', async () => {
  const { get } = filmHouse()
  const text = await (await get('/playlist.m3u?type=vod')).text()
  const lines = text.trimEnd().split('\n')
  assert.equal(lines[0], '#EXTM3U')
  assert.equal(
    lines[1],
    `#EXTINF:-1 tvg-id="" tvg-name="Film '1', the first (2001)" tvg-logo="http://localhost:18080/play/vod/films/1/poster" media="true" group-title="Odd",Film '1', the first (2001)`,
  )
  assert.deepEqual(
    lines.filter((line) => line.startsWith('http')),
    ['1.mkv', '2.mkv', '3.mkv', '4.mkv', '5'].map((file) => `http://localhost:18080/play/vod/films/${file}`),
  )
  assert.equal(await (await get('/playlist.m3u?type=vod')).text(), text)
})

test('/playlist.m3u?type=vod&group= lists the films of a category', async () => {
  const text = await (await filmHouse().get('/playlist.m3u?type=vod&group=Even')).text()
  assert.deepEqual(text.match(/films\/\d/g), ['films/2', 'films/4'])
})

test('/playlist.m3u?type=vod&episodes=1 lists the episodes of series behind the films', async () => {
  const text = await (await filmHouse().get('/playlist.m3u?type=vod&episodes=1')).text()
  const lines = text.trimEnd().split('\n').slice(-2)
  assert.deepEqual(lines, [
    '#EXTINF:-1 tvg-id="" tvg-name="Series 7 S01E02 Episode 2" media="true" group-title="Series 7",Series 7 S01E02 Episode 2',
    'http://localhost:18080/play/series/films/7/1/2.mp4',
  ])
  assert.equal(text.match(/play\/series/g)?.length, 2)
})

test('/playlist.m3u?type=vod is not offered where films cannot be played', async () => {
  const house = fakeHouse()
  const app = createApp(house.gateway, { viewing: [playlistFace], linked: [], api: houseApi })
  const response = await app.request('/playlist.m3u?type=vod', { headers: { host: 'localhost:18080' } })
  assert.deepEqual([response.status, ...header(response, 'x-downlink-error')], [404, 'http/not-found'])
})

test('/playlist.m3u?type=vod breaks off when a source fails on the way', async () => {
  const { get, films } = filmHouse()
  const { entries } = films
  films.entries = (query, signal) =>
    query.offset === 0 ? entries(query, signal) : Promise.reject(new Failure('source/unreachable', 'gone'))
  const response = await get('/playlist.m3u?type=vod')
  await assert.rejects(response.text())
})

const json = async (response: Response): Promise<unknown> => response.json()

test('/api/v1/vod lists sources with films, categories, entries and details', async () => {
  const { get } = filmHouse()
  assert.deepEqual(await json(await get('/api/v1/vod')), { total: 1, items: [{ id: 'films', name: 'Films' }] })
  assert.deepEqual(await json(await get('/api/v1/vod/films/categories?kind=series')), {
    total: 1,
    items: [{ id: 'odd', name: 'Odd' }],
  })
  const entries = (await json(await get('/api/v1/vod/films/entries?category=even&limit=1&offset=1'))) as {
    total: number
    items: readonly Record<string, unknown>[]
  }
  assert.equal(entries.total, 2)
  assert.deepEqual(entries.items, [
    {
      kind: 'film',
      id: '4',
      name: 'Film "4", the first',
      year: 2004,
      categories: ['even'],
      rating: null,
      addedAt: null,
      poster: null,
      container: 'mkv',
      play: '/play/vod/films/4.mkv',
    },
  ])
  const film = (await json(await get('/api/v1/vod/films/films/1'))) as Record<string, unknown>
  assert.deepEqual(
    [film['plot'], film['durationSeconds'], film['poster']],
    ['What happens', 5400, '/play/vod/films/1/poster'],
  )
  const series = (await json(await get('/api/v1/vod/films/series/7'))) as {
    seasons: readonly { episodes: readonly { play: string }[] }[]
  }
  assert.equal(series.seasons[0]?.episodes[1]?.play, '/play/series/films/7/1/2.mp4')
})

for (const { path, headers = {}, status, code } of [
  { path: '/api/v1/vod/films/films/99', status: 404, code: 'vod/unknown-item' },
  { path: '/api/v1/vod/other/entries', status: 404, code: 'lineup/unknown-source' },
  { path: '/api/v1/vod/films/entries?kind=song', status: 400, code: 'http/bad-request' },
  { path: '/api/v1/vod/films/entries?limit=1000', status: 400, code: 'http/bad-request' },
  { path: '/api/v1/vod', headers: STRANGER, status: 401, code: 'access/sign-in' },
  { path: '/api/v1/vod/films/entries', headers: STRANGER, status: 401, code: 'access/sign-in' },
]) {
  test(`${path} ${JSON.stringify(headers)} is ${code} as a problem document`, async () => {
    const response = await filmHouse().get(path, headers)
    const problem = (await json(response)) as { code: string }
    assert.deepEqual([response.status, problem.code], [status, code])
  })
}
