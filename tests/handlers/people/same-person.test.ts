import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Account, Limits } from '../../../core/access/accounts.ts'
import { ADMIN, VIEWER } from '../../fakes/gateway.ts'
import { openTwoHouses } from '../../fakes/two-houses.ts'
import type { Asking, Place } from '../../fakes/two-houses.ts'

// The same questions at home and on a front: the answers are the same, and nobody gets what they may not have.

const account = (name: string, limits: Partial<Limits>): Account => ({
  ...VIEWER,
  name,
  limits: { ...NO_LIMITS, ...limits },
})
const LONG_AGO = Date.UTC(2026, 0, 1)
/** `hidden`: what no answer to them has in it. `shown`: what their playlist has. */
const PEOPLE = [
  { name: 'Kid', limits: { groups: ['Kids'], adultLock: true }, shown: 'Kids One,Kids Two', hidden: /News|Adult|XXX/ },
  {
    name: 'Group',
    limits: { groups: ['Kids'] },
    shown: 'Kids One,Kids Two,Adult Kids',
    hidden: /News|Adult One|XXX Films/,
  },
  { name: 'Lock', limits: { adultLock: true }, shown: 'Kids One,Kids Two,News One,News Radio', hidden: /Adult|XXX/ },
  {
    name: 'Mine',
    limits: { selections: ['mine'] },
    shown: 'News One,News Radio',
    hidden: /Kids|Adult|XXX|Film|Series 7/,
  },
  { name: 'None', limits: { groups: [] }, shown: '', hidden: /Kids|News|Adult|XXX|Film|Series 7/ },
  {
    name: 'Free',
    limits: {},
    shown: 'Kids One,Kids Two,News One,Adult One,Adult Kids,News Radio',
    hidden: /nothing is hidden/,
  },
  { name: 'Gone', limits: { expiresAt: LONG_AGO }, shown: null, hidden: /Kids|News|Adult|XXX|Film|Series 7/ },
] as const
const CHANNELS = [1, 2, 3, 4, 5, 6]
const FILMS = [1, 2, 3, 4, 5, 99]

/** What players ask below their own root. */
const VIEWING = [
  ...['', '?format=hls', '?sort=name', '?group=Kids', '?group=News', '?selection=mine', '?selection=mixed'].map(
    (query) => `/playlist.m3u${query}`,
  ),
  '/groups/Kids.m3u',
  '/groups/News.m3u',
  '/groups/XXX.m3u',
  '/groups_playlist',
  '/xmltv.xml',
  ...['?type=vod', '?type=vod&episodes=1', '?type=vod&group=Kids', '?type=vod&group=XXX%20Films'].map(
    (query) => `/playlist.m3u${query}`,
  ),
  '/xmltv.xml?selection=mine',
  '/xmltv.xml?selection=mixed',
  ...CHANNELS.flatMap((key) => [
    `/live/c${key}.ts`,
    `/live/${key}.ts`,
    `/live/c${key}.m3u8`,
    `/hls/c${key}/video.m3u8`,
    `/1:0:19:${key}:3EF:1:C00000:0:0:0:`,
    `/iptv/channel/${key}.ts`,
    `/play/receiver/c${key}`,
    `/logo/c${key}`,
  ]),
  ...FILMS.flatMap((id) => [`/play/vod/films/${id}.mkv`, `/play/vod/films/${id}/poster`]),
  '/play/series/films/7/1/1.mp4',
  '/play/series/films/8/1/1',
  '/play/series/films/7/poster',
  '/play/vod/other/1.mkv',
]
const ACTIONS = [
  '',
  'get_live_categories',
  'get_live_streams',
  'get_vod_categories',
  'get_vod_streams',
  'get_series_categories',
  'get_series',
  ...CHANNELS.flatMap((key) => [`get_short_epg&stream_id=${key}`, `get_simple_data_table&stream_id=${key}`]),
]

/** What Xtream players ask with name and password. */
const xtream = (user: string, password: string, numbers: readonly number[]): readonly string[] => {
  const query = `username=${encodeURIComponent(user)}&password=${encodeURIComponent(password)}`
  const pair = `${encodeURIComponent(user)}/${encodeURIComponent(password)}`
  return [
    ...ACTIONS.map((action) => `/player_api.php?${query}&action=${action}`),
    ...numbers.flatMap((number) => [
      `/player_api.php?${query}&action=get_vod_info&vod_id=${number}`,
      `/player_api.php?${query}&action=get_series_info&series_id=${number}`,
      `/player_api.php?${query}&action=get_vod_streams&category_id=${number}`,
      `/movie/${pair}/${number}.mkv`,
      `/series/${pair}/${number}.mp4`,
    ]),
    `/panel_api.php?${query}`,
    `/panel_api.php?${query}&action=get_epg&stream_id=3`,
    ...['', '&type=m3u_plus&output=hls', '&key=live,movie', '&selection=mixed'].map(
      (more) => `/get.php?${query}${more}`,
    ),
    `/xmltv.php?${query}`,
    ...CHANNELS.flatMap((key) => [
      `/live/${pair}/${key}.ts`,
      `/live/${pair}/${key}.m3u8`,
      `/live/${pair}/hls/c${key}/video.m3u8`,
      `/${pair}/${key}`,
      `/timeshift/${pair}/60/2026-11-21:19-00/${key}.ts`,
    ]),
  ]
}

/** What an answer tells, without what two houses cannot have in common: when they were started. */
async function read(place: Place, path: string, asking: Asking, method = 'GET') {
  const response = await place.ask(path, asking, method)
  const type = response.headers.get('content-type') ?? ''
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let body = ''
  // Television does not end.
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    body += decoder.decode(part.value, { stream: true })
    if (type === 'video/mp2t') break
  }
  await reader?.cancel()
  return {
    status: response.status,
    code: response.headers.get('x-downlink-error'),
    type: response.status === 200 && method === 'GET' ? type : '',
    body: body
      .replace(/"created_at":"\d+"/, '"created_at":"…"')
      // Relative addresses of HLS stay behind name and password, or behind the link at the adapter.
      .replace(/^(\.\.\/)*(live\/[^/]+\/[^/]+\/)?hls\//m, 'hls/'),
  }
}

type Proof = { readonly how: string; readonly root: string; readonly asking: Asking }

async function openFor(name: string) {
  const houses = openTwoHouses([ADMIN, ...PEOPLE.map((one) => account(one.name, one.limits))])
  const add = async (kind: 'viewing' | 'app' | 'api') =>
    (await houses.tokens.add({ kind, name: 'Kodi', owner: name })).token.reveal()
  const [viewing, app, api] = [await add('viewing'), await add('app'), await add('api')]
  const basic = (user: string) => ({ headers: { authorization: `Basic ${btoa(`${user}:${app}`)}` } })
  const proofs: readonly Proof[] = [
    { how: 'a viewing link', root: `/t/${viewing}`, asking: {} },
    { how: 'HTTP Basic with an app password', root: '', asking: basic(name.toUpperCase()) },
  ]
  // Numbers of films and series are given while somebody lists them.
  await houses.home.ask(`/player_api.php?username=x&password=${await tokenOfAll(houses)}&action=get_vod_streams`)
  await houses.home.ask(`/player_api.php?username=x&password=${await tokenOfAll(houses)}&action=get_series`)
  return { ...houses, viewing, app, api, proofs }
}

/** A viewing link of nobody in particular: it shows everything. */
const tokenOfAll = async ({ tokens }: ReturnType<typeof openTwoHouses>): Promise<string> =>
  (await tokens.add({ kind: 'viewing', name: 'All' })).token.reveal()

/** Everything by the first proof, some by the others. */
const someOf = (paths: readonly string[], place: number): readonly string[] =>
  paths.filter((_, index) => place === 0 || index % 7 === 0)

/** Those of categories, films and series as they were listed first. */
const NUMBERS = Array.from({ length: 12 }, (_, index) => 2 ** 30 + 1 + index)

for (const { name, shown, hidden } of PEOPLE) {
  test(`"${name}" gets the same answers at home and on a front, and nothing that is not theirs`, async () => {
    const { home, away, proofs, viewing, app } = await openFor(name)
    const ask = async (path: string, asking: Asking, method?: string) => {
      const [here, there] = [await read(home, path, asking, method), await read(away, path, asking, method)]
      assert.deepEqual(there, here, `${method ?? 'GET'} ${path}`)
      assert.doesNotMatch(here.body, hidden, path)
      assert.ok(here.status < 500, `${path}: ${here.status} ${here.code}`)
      return here
    }
    for (const [place, { root, asking }] of proofs.entries()) {
      for (const path of someOf(VIEWING, place)) await ask(root + path, asking)
      for (const path of someOf(VIEWING, 1)) await ask(root + path, asking, 'HEAD')
      const { status, body } = await ask(`${root}/playlist.m3u`, asking)
      const names = [...body.matchAll(/^#EXTINF.*,(.*)$/gm)].map(([, text]) => text).join(',')
      if (shown === null) assert.ok(status === 401 || status === 403, String(status))
      else assert.deepEqual([status, names], [200, shown])
    }
    for (const path of xtream(name, app, NUMBERS)) await ask(path, {})
    for (const path of someOf(xtream('anything', viewing, NUMBERS), 1)) await ask(path, {})
  })
}

test('a channel, picture or film that is not theirs is 404 on both, like one that there is not', async () => {
  const { home, away, viewing } = await openFor('Kid')
  for (const place of [home, away])
    for (const path of [
      '/live/c3.ts',
      '/live/c99.ts',
      '/live/c3.m3u8',
      '/logo/c4',
      '/iptv/channel/5.ts',
      '/groups/News.m3u',
      '/play/vod/films/2.mkv',
      '/play/vod/films/99.mkv',
      '/play/vod/films/2/poster',
    ])
      assert.equal((await place.ask(`/t/${viewing}${path}`)).status, 404, path)
  assert.equal((await away.ask(`/t/${viewing}/live/c1.ts`)).status, 200)
  assert.equal((await away.ask(`/t/${viewing}/play/vod/films/1.mkv`)).status, 200)
})

test('wrong, unknown and guessed proofs get the same refusal at home and on a front, whoever it is', async () => {
  const { home, away, viewing, app } = await openFor('Kid')
  const basic = (user: string, password: string) => ({
    headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
  })
  const other = app.replaceAll(/[a-k]/g, 'z')
  const wrong: readonly (readonly [string, Asking])[] = [
    ['/playlist.m3u', {}],
    ['/playlist.m3u', basic('Kid', other)],
    ['/playlist.m3u', basic('Lock', app)],
    ['/playlist.m3u', basic('Nobody', app)],
    ['/playlist.m3u', basic('Kid', 'guess')],
    ['/playlist.m3u', basic('Nobody', 'guess')],
    [`/t/${viewing.slice(0, -2)}AA/playlist.m3u`, {}],
    [`/t/${viewing.slice(0, -2)}AA/live/c1.ts`, {}],
    ...['Kid', 'Nobody'].flatMap((user) =>
      [`/player_api.php?username=${user}&password=${other}`, `/get.php?username=${user}&password=${other}`].map(
        (path) => [path, {}] as const,
      ),
    ),
    ...['Kid', 'Nobody'].flatMap((user) =>
      [`/live/${user}/${other}/1.ts`, `/${user}/${other}/1`, `/xmltv.php?username=${user}&password=${other}`].map(
        (path) => [path, {}] as const,
      ),
    ),
  ]
  const seen = new Map<string, string>()
  for (const [index, [path, asking]] of wrong.entries()) {
    // Each from an address of its own: guessing is slowed down.
    const from = { ...asking, address: `203.0.113.${index + 1}` }
    const [here, there] = [await read(home, path, from), await read(away, path, from)]
    assert.deepEqual(there, here, path)
    assert.ok(here.status >= 400 || here.body === '{"user_info":{"auth":0}}', path)
    // A name that there is gets the answer of one that there is not.
    const shape = path.replace(/Kid|Nobody|Lock/, '*')
    assert.equal(seen.get(shape) ?? JSON.stringify(here), JSON.stringify(here), path)
    if (path.includes(other)) seen.set(shape, JSON.stringify(here))
  }
})

test('guessing is slowed down on a front as at home', async () => {
  const { home, away } = await openFor('Kid')
  for (const place of [home, away]) {
    const statuses: number[] = []
    for (let count = 0; count < 7; count++)
      statuses.push((await place.ask(`/xmltv.php?username=Kid&password=guess${count}`)).status)
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429])
  }
})

test('an API token reads on a front what its owner sees', async () => {
  const { home, away, api } = await openFor('Kid')
  const asking = { headers: { authorization: `Bearer ${api}` } }
  for (const path of ['/api/v1/channels', '/api/v1/channels/c1', '/api/v1/channels/c3', '/api/v1/channels?q=News'])
    assert.deepEqual(await read(away, path, asking), await read(home, path, asking), path)
  const { body } = await read(away, '/api/v1/channels', asking)
  assert.match(body, /Kids One/)
  assert.doesNotMatch(body, /News|Adult/)
  assert.equal((await away.ask('/api/v1/channels', { headers: { authorization: 'Bearer dl_nothing' } })).status, 401)
})

test('who is restricted, out of date, or removed at home is so on a front with the next news', async () => {
  const { away, accounts, clock, hearNews, gateway, viewing, app } = await openFor('Free')
  const pair = `Free/${app}`
  const opens = async () => [
    (await away.ask(`/t/${viewing}/live/c3.ts`)).status,
    (await away.ask(`/live/${pair}/3.ts`)).status,
    (await away.ask(`/t/${viewing}/live/c1.ts`)).status,
  ]
  assert.deepEqual(await opens(), [200, 200, 200])
  accounts.put(account('Free', { groups: ['Kids'] }))
  hearNews()
  assert.deepEqual(await opens(), [404, 404, 200])
  accounts.put(account('Free', { expiresAt: clock.now + 20_000 }))
  hearNews()
  assert.deepEqual(await opens(), [200, 200, 200])
  clock.now += 5000
  assert.deepEqual(await opens(), [403, 401, 403])
  accounts.put(account('Free', {}))
  hearNews()
  assert.deepEqual(await opens(), [200, 200, 200])
  await gateway.people?.remove('Free', null)
  hearNews()
  assert.deepEqual(await opens(), [403, 401, 403])
})

test('a link that a front gave before somebody was restricted or removed ends at the adapter at once', async () => {
  const { home, gateway, accounts, signer, clock } = await openFor('Free')
  const scope = { kind: 'channel', channelId: 'c3', user: 'Free', seat: { account: 'free', device: 'tv' } } as const
  const link = await signer.sign(scope, { expires: clock.now / 1000 + 60, jti: 'A'.repeat(22) })
  const status = async () => (await home.ask(`/s/${link}/live/c3.m3u8`)).status
  assert.equal(await status(), 200)
  accounts.put(account('Free', { groups: ['Kids'] }))
  assert.equal(await status(), 404)
  await gateway.people?.remove('Free', null)
  assert.equal(await status(), 403)
})

for (const mode of ['redirect', 'proxy'] as const) {
  test(`streams at home and over a front (${mode}) count together, device by device`, async () => {
    const houses = openTwoHouses([ADMIN, account('Two', { maxStreams: 2 })], mode)
    const { home, away, tokens, running } = houses
    const app = (await tokens.add({ kind: 'app', name: 'Kodi', owner: 'Two' })).token.reveal()
    const ask = async (place: Place, path: string, player: string) => {
      const response = await place.ask(path.replace('PAIR', `Two/${app}`), { player })
      const reader = response.body?.getReader()
      const first = response.status === 200 ? await reader?.read() : undefined
      return {
        status: response.status,
        code: response.headers.get('x-downlink-error'),
        text: new TextDecoder().decode(first?.value),
        leave: async () => reader?.cancel(),
      }
    }
    const atHome = await ask(home, '/live/PAIR/1.ts', 'TV')
    const phone = await ask(away, '/live/PAIR/2.ts', 'Phone')
    assert.deepEqual([atHome.status, phone.status, running.size], [200, 200, 2])
    assert.match(phone.text, /^television of c2 for Two by xtream$/)

    const tablet = await ask(away, '/live/PAIR/3.ts', 'Tablet')
    assert.deepEqual([tablet.status, tablet.code], [503, 'access/too-many-streams'])
    assert.equal((await ask(away, '/live/PAIR/3.m3u8', 'Tablet')).status, 503)
    assert.equal((await ask(home, '/live/PAIR/3.ts', 'Radio')).status, 503)

    // Whoever changes the channel takes their own place.
    const zapped = await ask(away, '/live/PAIR/3.ts', 'Phone')
    assert.equal(zapped.status, 200)
    assert.deepEqual([...running], ['c1 Two', 'c3 Two'])

    await atHome.leave()
    await Promise.resolve()
    const again = await ask(away, '/live/PAIR/4.ts', 'Tablet')
    assert.equal(again.status, 200)
    await zapped.leave()
    await again.leave()
  })
}

test('somebody whom the front alone knows is counted by the limit of the front', async () => {
  const { away } = openTwoHouses([ADMIN])
  const asking = { headers: { authorization: `Basic ${btoa('admin:correct-horse-battery')}` } }
  assert.equal((await away.ask('/live/c3.ts', asking)).status, 200)
})
