import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withVodViews } from '../../../core/lineup/vod-view.ts'
import { createVodDesk } from '../../../adapters/lan/vod-desk.ts'
import { createRemoteVod } from '../../../adapters/link/remote-vod.ts'
import { opensPath } from '../../../core/access/signed-link.ts'
import type { LinkScope } from '../../../core/access/signed-link.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import type { VodItem } from '../../../core/lineup/vod.ts'
import { createApp } from '../../../handlers/app.ts'
import { playlistFace } from '../../../handlers/playlist.ts'
import { vodFace } from '../../../handlers/vod.ts'
import { xtreamFace } from '../../../handlers/xtream/face.ts'
import { createXtreamFilms } from '../../../handlers/xtream/films.ts'
import { vodSnapshotFace } from '../../../handlers/vod-snapshot.ts'
import { createMemoryVodNumbers } from '../../fakes/memory-vod-numbers.ts'
import { createFilmSource } from '../../fakes/film-source.ts'
import { fakeHouse } from '../../fakes/gateway.ts'
import { failsWith } from '../sources/failure.ts'

const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
const FILMS = sourceId('films')
const signal = new AbortController().signal

/** A front over an adapter with films. */
function twoHouses(mode: 'redirect' | 'proxy' = 'redirect') {
  const films = createFilmSource()
  const opened: string[] = []
  const picture = { bytes: Uint8Array.from([0xff, 0xd8, 0xff]), contentType: 'image/jpeg', tag: 'p' }
  const desk = withVodViews(
    createVodDesk({
      sources: () => [{ id: FILMS, name: 'Films', vod: films }],
      sessions: {
        open({ item, viewer, range, signal: until }) {
          opened.push(`${viewer.user ?? '-'} ${viewer.player}`)
          return films.openFile({ item, range, signal: until })
        },
      },
      pictures: { picture: (wish) => Promise.resolve(wish.id.endsWith('film/1') ? picture : null) },
    }),
    { now: () => 0 },
  )
  const home = fakeHouse()
  const kept = createMemoryVodNumbers()
  const adapter = createApp(
    { ...home.gateway, role: 'adapter', vod: desk, vodNumbers: kept },
    { viewing: [], linked: [vodSnapshotFace, vodFace] },
  )
  const requests: string[] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    requests.push(url)
    const headers = new Headers(init.headers)
    headers.set('host', 'home.example.org')
    return adapter.request(url.replace('https://home.example.org', 'http://localhost'), { ...init, headers })
  }
  const vod = createRemoteVod({
    adapterUrl: 'https://home.example.org',
    ring,
    ttlSeconds: 300,
    mode,
    fetch: (url, init) =>
      fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), host: 'localhost' } }),
    now: () => home.clock.now,
    random: systemRandom,
    shelves: () => [{ id: FILMS, name: 'Films' }],
  })
  const front = fakeHouse()
  const app = createApp(
    { ...front.gateway, role: 'gateway', vod: withVodViews(vod, { now: () => 0 }), vodNumbers: vod.numbers },
    {
      named: [(gateway) => xtreamFace(gateway, createXtreamFilms(gateway))],
      viewing: [playlistFace, vodFace],
      linked: [],
    },
  )
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers: { host: 'localhost', 'user-agent': 'Kodi', ...headers } })
  const follow = (location: string, headers: Record<string, string> = {}) =>
    adapter.request(location.replace('https://home.example.org', 'http://localhost'), {
      headers: { host: 'localhost', 'user-agent': 'Kodi', ...headers },
    })
  return { films, vod, kept, front, get, follow, requests, opened, home }
}

for (const { scope, opens, refuses } of [
  {
    scope: { kind: 'vod', sourceId: 'films', item: 'film/50', user: null },
    opens: ['/play/vod/films/50', '/play/vod/films/50.mkv'],
    refuses: [
      '/play/vod/films/501',
      '/play/vod/films/50.mkv/x',
      '/play/vod/films/50/poster',
      '/play/vod/other/50',
      '/live/c1.ts',
    ],
  },
  {
    scope: { kind: 'vod', sourceId: 'films', item: 'series/7/1/2', user: null },
    opens: ['/play/series/films/7/1/2', '/play/series/films/7/1/2.mp4'],
    refuses: ['/play/series/films/7/1/21', '/play/series/films/7/1', '/play/vod/films/7'],
  },
  {
    scope: { kind: 'house' },
    opens: [
      '/snapshot/vod/films/page',
      '/snapshot/vod/films/film/50',
      '/snapshot/vod/films/numbers',
      '/snapshot/vod/-/number/1073741825',
      '/play/vod/films/50/poster',
    ],
    refuses: ['/play/vod/films/50', '/snapshot/vod/films/', '/play/vod/films/50/poster/x'],
  },
] satisfies readonly { scope: LinkScope; opens: string[]; refuses: string[] }[])
  test(`a link ${JSON.stringify(scope)} opens its own paths and no others`, () => {
    for (const path of opens) assert.ok(opensPath(scope, path), path)
    for (const path of refuses) assert.ok(!opensPath(scope, path), path)
  })

test('a front lists the films of its adapter, page by page, and tells what they are', async () => {
  const { vod } = twoHouses()
  const [shelf] = vod.shelves()
  assert.ok(shelf)
  const query = { kind: 'film', category: 'odd', search: '', offset: 1, limit: 2 } as const
  const page = await shelf.catalogue.entries(query, signal)
  assert.deepEqual([page.total, page.items.map(({ id }) => id)], [3, ['3', '5']])
  assert.equal((await shelf.catalogue.film('1', signal))?.plot, 'What happens')
  assert.equal(await shelf.catalogue.film('99', signal), null)
  assert.deepEqual((await shelf.catalogue.series('7', signal))?.seasons[0]?.episodes.length, 2)
  assert.equal((await vod.poster(FILMS, { kind: 'film', id: '1' }, signal))?.contentType, 'image/jpeg')
  assert.equal(await vod.poster(FILMS, { kind: 'film', id: '2' }, signal), null)
})

test('the playlist of a front has the films of its adapter below the front', async () => {
  const { get } = twoHouses()
  const text = await (await get('/playlist.m3u?type=vod')).text()
  assert.equal(text.match(/^http:\/\/localhost\/play\/vod\/films\/\d+/gm)?.length, 5)
})

test('a front sends a viewer to the adapter by a link for one film, and seeks pass there', async () => {
  const { get, follow, films, opened } = twoHouses()
  const answer = await get('/play/vod/films/3.mkv')
  const location = answer.headers.get('location') ?? ''
  assert.deepEqual(
    [answer.status, location.replace(/\/s\/[^/]+/, '')],
    [302, 'https://home.example.org/play/vod/films/3.mkv'],
  )
  const part = await follow(location, { range: 'bytes=5000-' })
  assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 5000-9999/${films.size}`])
  assert.equal((await part.arrayBuffer()).byteLength, 5000)
  assert.equal((await follow(location.replace('/3.mkv', '/4.mkv'))).status, 403)
  assert.deepEqual(opened, ['- Kodi'])
})

test('a front that passes bytes through answers itself, with ranges and refusals', async () => {
  const { get, films } = twoHouses('proxy')
  const part = await get('/play/series/films/7/1/2.mp4', { range: 'bytes=9000-' })
  assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 9000-9999/${films.size}`])
  assert.equal((await part.arrayBuffer()).byteLength, 1000)
  const beyond = await get('/play/vod/films/3', { range: 'bytes=99999-' })
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${films.size}`])
  assert.equal((await get('/play/vod/films/99')).headers.get('x-downlink-error'), 'vod/unknown-item')
})

test('an adapter that does not answer is named', async () => {
  const { home } = twoHouses()
  const vod = createRemoteVod({
    adapterUrl: 'https://home.example.org',
    ring,
    ttlSeconds: 300,
    mode: 'proxy',
    fetch: () => Promise.reject(new TypeError('fetch failed')),
    now: () => home.clock.now,
    random: systemRandom,
    shelves: () => [{ id: FILMS, name: 'Films' }],
  })
  const item: VodItem = { kind: 'film', id: '1' }
  const viewer = { user: null, address: '', player: '' }
  await assert.rejects(vod.open({ sourceId: FILMS, item, viewer, range: null, signal }), failsWith('live/no-adapter'))
})

test('a front knows films by the numbers of its adapter', async () => {
  const { vod, kept, home } = twoHouses()
  const given = await vod.numbers.numbersOf(FILMS, 'film', ['1', '2', '1'])
  assert.deepEqual(given, await kept.numbersOf(FILMS, 'film', ['1', '2', '1']))
  const [first = 0] = given
  assert.deepEqual(await vod.numbers.find(first), { sourceId: FILMS, kind: 'film', item: '1' })
  assert.equal(await vod.numbers.find(7), null)
  assert.deepEqual(await vod.numbers.numbersOf(FILMS, 'film', []), [])
  await assert.rejects(vod.numbers.numbersOf(sourceId('other'), 'film', ['1']), failsWith('lineup/unknown-source'))
  assert.deepEqual(
    home.logged.filter(({ level }) => level === 'error'),
    [],
  )
})

test('the Xtream API of a front lists films of its adapter, and sends players to them', async () => {
  const { get, front, follow, kept } = twoHouses()
  const token = (await front.tokens.add({ kind: 'viewing', name: 'Anna' })).token.reveal()
  const act = async (more: string): Promise<unknown> =>
    (await get(`/player_api.php?username=anna&password=${token}&action=${more}`)).json()
  const rows = (await act('get_vod_streams')) as { stream_id: number; name: string }[]
  assert.deepEqual(
    rows.map(({ stream_id }) => stream_id),
    await kept.numbersOf(FILMS, 'film', ['1', '2', '3', '4', '5']),
  )
  const sent = await get(`/movie/anna/${token}/${rows[2]?.stream_id}.mkv`)
  const location = sent.headers.get('location') ?? ''
  assert.deepEqual(
    [sent.status, location.replace(/\/s\/[^/]+/, '')],
    [302, 'https://home.example.org/play/vod/films/3.mkv'],
  )
  assert.equal((await follow(location)).status, 200)
  const [series] = (await act('get_series')) as { series_id: number }[]
  const told = (await act(`get_series_info&series_id=${series?.series_id}`)) as {
    episodes: Record<string, { id: string }[]>
  }
  const episode = await get(`/series/anna/${token}/${told.episodes['1']?.[1]?.id}.mp4`)
  assert.match(episode.headers.get('location') ?? '', /\/play\/series\/films\/7\/1\/2\.mp4$/)
})
