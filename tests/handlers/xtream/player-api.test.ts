import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { stableHash } from '../../../core/stable-hash.ts'
import { FIRST_VOD_NUMBER } from '../../../core/lineup/vod-numbers.ts'
import { fakeChannel, VIEWER } from '../../fakes/gateway.ts'
import { decoded, keptChannel, NOW, programmeAt, xtreamHouse } from './xtream-house.ts'

type Row = Readonly<Record<string, unknown>>

/** The kinds of the values of an object, in its order: what strict players go by. */
const shapeOf = (value: unknown): Row =>
  Object.fromEntries(
    Object.entries(value as Row).map(([name, one]) => [
      name,
      one === null ? 'null' : Array.isArray(one) ? 'list' : typeof one,
    ]),
  )

describe('player_api.php, the account', () => {
  test('a viewing token as the password signs in, whatever the name', async () => {
    await using made = await xtreamHouse()
    for (const name of ['anna', 'Smart TV', '']) {
      const answer = await made.get(`/player_api.php?username=${encodeURIComponent(name)}&password=${made.token}`)
      const { user_info } = (await answer.json()) as { user_info: Row }
      assert.deepEqual([answer.status, user_info['auth'], user_info['username']], [200, 1, name])
    }
  })

  test("name and password of an account sign in, and addresses carry the account's own token", async () => {
    await using made = await xtreamHouse({ accounts: [VIEWER] })
    const path = '/player_api.php?username=anna&password=correct%20horse&action=get_live_streams'
    const [row] = (await (await made.get(path)).json()) as readonly Row[]
    const own = await made.house.gateway.access.tokenOfAccount('Anna')
    assert.equal(row?.['stream_icon'], `http://localhost:18080/t/${own}/logo/c1`)
    assert.notEqual(own, made.token)
    assert.equal((await made.get(`/t/${own}/xmltv.xml`)).status, 200)
    const wrong = await made.get('/player_api.php?username=anna&password=correct%20house')
    assert.deepEqual(await wrong.json(), { user_info: { auth: 0 } })
    assert.deepEqual(
      made.house.logged.map(({ event }) => event),
      ['sign-in-refused'],
    )
  })

  test('the limits of a person are told as the protocol has them', async () => {
    const expiresAt = NOW + 86_400_500
    const limits = { ...VIEWER.limits, maxStreams: 2, expiresAt }
    await using made = await xtreamHouse({ accounts: [{ ...VIEWER, limits }] })
    const ask = async () =>
      ((await (await made.get('/player_api.php?username=anna&password=correct%20horse')).json()) as { user_info: Row })
        .user_info
    const { max_connections, exp_date, status } = await ask()
    assert.deepEqual([max_connections, exp_date, status], ['2', String(Math.floor(expiresAt / 1000)), 'Active'])
    made.house.clock.now = expiresAt
    assert.deepEqual(await ask(), { auth: 0 })
  })

  test('guessing is slowed down with 429, while those who know it go on', async () => {
    await using made = await xtreamHouse({ accounts: [VIEWER] })
    const ask = (password: string) => made.get(`/player_api.php?username=anna&password=${password}`)
    assert.equal((await ask('correct%20horse')).status, 200)
    for (let turn = 0; turn < 5; turn++) assert.equal((await ask(`guess${turn}`)).status, 200)
    const slowed = await ask('guess')
    assert.deepEqual([slowed.status, slowed.headers.get('x-downlink-error')], [429, 'access/throttled'])
    assert.ok(Number(slowed.headers.get('retry-after')) > 0)
    assert.equal((await ask('correct%20horse')).status, 200)
  })

  test('the payload has the types of the original', async () => {
    await using made = await xtreamHouse()
    const response = await made.get(`/player_api.php?${made.query}`)
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('cache-control'), 'private, no-store')
    const { user_info, server_info } = (await response.json()) as { user_info: Row; server_info: Row }
    assert.deepEqual(user_info, {
      username: 'anna',
      password: made.token,
      message: '',
      auth: 1,
      status: 'Active',
      exp_date: '2145830400',
      is_trial: '0',
      active_cons: '0',
      created_at: String(Math.floor((NOW - 90_500) / 1000)),
      max_connections: '0',
      allowed_output_formats: ['m3u8', 'ts', 'rtmp'],
    })
    assert.deepEqual(server_info, {
      url: 'localhost',
      port: '18080',
      https_port: '443',
      server_protocol: 'http',
      rtmp_port: '8880',
      timezone: 'UTC',
      timestamp_now: NOW / 1000,
      time_now: '2026-11-21 20:20:00',
      process: true,
    })
  })

  for (const action of ['get_account_info', 'get_user_info', 'get_profile', 'toString', '__proto__', ''])
    test(`action "${action}" is the log-in`, async () => {
      await using made = await xtreamHouse()
      const answer = (await made.act(action)) as Row
      assert.deepEqual(Object.keys(answer), ['user_info', 'server_info'])
    })

  test('server_info is the address that the client used, by TLS as well', async () => {
    await using made = await xtreamHouse({ gateway: { publicUrl: 'https://tv.example.org' } })
    const { server_info } = (await made.act('')) as { server_info: Row }
    const { url, port, https_port, server_protocol } = server_info
    assert.deepEqual([url, port, https_port, server_protocol], ['tv.example.org', '80', '443', 'https'])
  })

  test('times are those of the zone that is named', async () => {
    await using made = await xtreamHouse({ gateway: { timeZone: 'Europe/Berlin' } })
    const { server_info } = (await made.act('')) as { server_info: Row }
    assert.deepEqual([server_info['timezone'], server_info['time_now']], ['Europe/Berlin', '2026-11-21 21:20:00'])
  })

  test('connections of the person are counted, not those of others', async () => {
    const viewer = (user: string | null) => ({ id: '1', mode: 'ts' as const, user, address: '', bytesOut: 0 })
    const streams = () => [{ viewers: [viewer('Anna'), viewer('Jo'), viewer(null)] }, { viewers: [viewer('Anna')] }]
    await using made = await xtreamHouse()
    Object.assign(made.house.gateway.status, { streams })
    const { user_info } = (await made.act('')) as { user_info: Row }
    assert.equal(user_info['active_cons'], '2')
  })

  for (const { name, query } of [
    { name: 'a wrong password', query: 'username=anna&password=guess' },
    { name: 'an unknown name', query: 'username=nobody&password=guess' },
    { name: 'no password', query: 'username=anna' },
    { name: 'nothing at all', query: '' },
  ])
    test(`${name} is refused with 200 and auth 0`, async () => {
      await using made = await xtreamHouse()
      const answer = await made.get(`/player_api.php?${query}&action=get_live_streams`)
      assert.deepEqual([answer.status, await answer.json()], [200, { user_info: { auth: 0 } }])
    })

  test('who may watch by address needs no name, but a wrong one is refused there too', async () => {
    await using made = await xtreamHouse()
    const near = { 'x-test-peer': '127.0.0.1' }
    const list = await made.get('/player_api.php?action=get_live_streams', near)
    assert.equal(((await list.json()) as readonly Row[]).length, 4)
    const wrong = await made.get('/player_api.php?username=a&password=b&action=get_live_streams', near)
    assert.deepEqual(await wrong.json(), { user_info: { auth: 0 } })
  })

  for (const { name, path, body, type } of [
    { name: 'a form', path: '', body: 'username=anna&password=TOKEN', type: 'application/x-www-form-urlencoded' },
    { name: 'a form without a type', path: '', body: 'username=anna&password=TOKEN', type: '' },
    { name: 'JSON', path: '', body: '{"username":"anna","password":"TOKEN","x":null}', type: 'application/json' },
    { name: '"{}" behind a query', path: '?username=anna&password=TOKEN', body: '{}', type: 'application/json' },
    { name: 'broken JSON behind a query', path: '?username=anna&password=TOKEN', body: '{"', type: 'text/plain' },
  ])
    test(`POST takes ${name}`, async () => {
      await using made = await xtreamHouse()
      const fill = (text: string): string => text.replace('TOKEN', made.token)
      const answer = await made.post(`/player_api.php${fill(path)}`, fill(body), type)
      assert.equal(((await answer.json()) as { user_info: Row }).user_info['auth'], 1)
    })

  test('POST refuses a body without end', async () => {
    await using made = await xtreamHouse()
    const answer = await made.post('/player_api.php', 'x'.repeat(70_000), 'text/plain')
    assert.deepEqual([answer.status, answer.headers.get('x-downlink-error')], [413, 'http/too-large'])
  })
})

describe('player_api.php, live', () => {
  test('get_live_categories lists the groups in their order, and one for channels without a group', async () => {
    await using made = await xtreamHouse()
    const rows = (await made.act('get_live_categories')) as readonly Row[]
    assert.deepEqual(
      rows.map((row) => row['category_name']),
      ['News', 'Public', 'All', 'Uncategorized'],
    )
    for (const row of rows)
      assert.deepEqual(shapeOf(row), { category_id: 'string', category_name: 'string', parent_id: 'number' })
    const ids = rows.map((row) => Number(row['category_id']))
    assert.ok(
      ids.every((id) => Number.isInteger(id) && id > 0 && id < FIRST_VOD_NUMBER),
      String(ids),
    )
  })

  test('get_live_streams lists enabled channels by number with the types of the original', async () => {
    await using made = await xtreamHouse()
    const categories = (await made.act('get_live_categories')) as readonly Row[]
    const idOf = (name: string): unknown => categories.find((row) => row['category_name'] === name)?.['category_id']
    const rows = (await made.act('get_live_streams')) as readonly Row[]
    assert.deepEqual(
      rows.map((row) => [row['num'], row['name'], row['stream_id'], row['stream_type']]),
      [
        [1, 'Das Erste HD', 1, 'live'],
        [2, 'ZDF HD', 2, 'live'],
        [31, 'ZDF info', 3, 'live'],
        [30, 'Radio Eins', 70_000, 'radio_streams'],
      ],
    )
    assert.deepEqual(rows[0], {
      num: 1,
      name: 'Das Erste HD',
      stream_type: 'live',
      stream_id: 1,
      stream_icon: `http://localhost:18080/t/${made.token}/logo/c1`,
      epg_channel_id: 'c1.downlink',
      added: '0',
      is_adult: '0',
      category_id: idOf('Public'),
      category_ids: [Number(idOf('Public')), Number(idOf('All'))],
      custom_sid: '',
      tv_archive: 0,
      direct_source: '',
      tv_archive_duration: 0,
      thumbnail: '',
    })
    assert.equal(rows[3]?.['category_id'], idOf('Uncategorized'))
  })

  test('get_live_streams&category_id= lists the channels of a category, also of their second one', async () => {
    await using made = await xtreamHouse()
    const categories = (await made.act('get_live_categories')) as readonly Row[]
    const namesIn = async (category: string): Promise<readonly unknown[]> => {
      const id = String(categories.find((row) => row['category_name'] === category)?.['category_id'] ?? category)
      return ((await made.act('get_live_streams', { category_id: id })) as readonly Row[]).map((row) => row['name'])
    }
    assert.deepEqual(await namesIn('All'), ['Das Erste HD', 'ZDF HD'])
    assert.deepEqual(await namesIn('Uncategorized'), ['Radio Eins'])
    assert.deepEqual(await namesIn('123456'), [])
    assert.equal((await namesIn('0')).length, 4)
  })

  test('get_live_streams says how many days a channel can be watched again', async () => {
    await using made = await xtreamHouse({ channels: [keptChannel(1), fakeChannel(2)] })
    assert.deepEqual(
      ((await made.act('get_live_streams')) as readonly Row[]).map((row) => [
        row['tv_archive'],
        row['tv_archive_duration'],
      ]),
      [
        [1, 3],
        [0, 0],
      ],
    )
  })

  test('channels of groups for adults are marked, and are not there for somebody with the lock', async () => {
    const channels = [fakeChannel(1, { groups: ['News'] }), fakeChannel(2, { groups: ['All', 'XXX'] })]
    const groups = ['News', 'All', 'XXX'].map((name, order) => ({ name, order }))
    const child = { ...VIEWER, limits: { ...VIEWER.limits, adultLock: true } }
    await using made = await xtreamHouse({ channels, groups, accounts: [child] })
    const rows = (await made.act('get_live_streams')) as readonly Row[]
    assert.deepEqual(
      rows.map((row) => row['is_adult']),
      ['0', '1'],
    )
    const locked = async (action: string, more = ''): Promise<unknown> =>
      (await made.get(`/player_api.php?username=anna&password=correct%20horse&action=${action}${more}`)).json()
    assert.deepEqual(
      ((await locked('get_live_streams')) as readonly Row[]).map((row) => row['stream_id']),
      [1],
    )
    assert.deepEqual(
      ((await locked('get_live_categories')) as readonly Row[]).map((row) => row['category_name']),
      ['News'],
    )
    assert.deepEqual(await locked('get_short_epg', '&stream_id=2'), { epg_listings: [] })
    const stream = await made.get('/live/anna/correct%20horse/2.ts')
    assert.deepEqual([stream.status, stream.headers.get('x-downlink-error')], [404, 'lineup/unknown-channel'])
  })

  test('a line-up without channels is an empty list', async () => {
    await using made = await xtreamHouse({ channels: [] })
    assert.deepEqual(await made.act('get_live_streams'), [])
    assert.deepEqual(await made.act('get_live_categories'), [])
  })

  test('a list is compressed for those who take it', async () => {
    await using made = await xtreamHouse()
    const path = `/player_api.php?${made.query}&action=get_live_streams`
    const packed = await made.get(path, { 'accept-encoding': 'gzip' })
    assert.deepEqual([packed.headers.get('content-encoding'), packed.headers.get('vary')], ['gzip', 'Accept-Encoding'])
    const text = await new Response(packed.body?.pipeThrough(new DecompressionStream('gzip'))).text()
    assert.deepEqual(JSON.parse(text), await made.act('get_live_streams'))
  })

  test('a line-up that is still loading is 503, not an empty list', async () => {
    const notReady = (): never => {
      throw new Failure('lineup/not-ready', 'Not yet')
    }
    await using made = await xtreamHouse({ gateway: { lineup: { current: notReady } } })
    const answer = await made.get(`/player_api.php?${made.query}&action=get_live_streams`)
    assert.deepEqual([answer.status, answer.headers.get('x-downlink-error')], [503, 'lineup/not-ready'])
  })
})

describe('player_api.php, the guide of a channel', () => {
  const all = [-60, -30, -10, 20, 50, 80, 110, 140].map((minutes) =>
    programmeAt(minutes, { title: `Größe ${minutes}`, subtitle: 'Teil 1', description: 'Ein 🎬 Film' }),
  )
  const listings = async (
    made: Awaited<ReturnType<typeof xtreamHouse>>,
    action: string,
    parameters: Record<string, string | number>,
  ) => ((await made.act(action, parameters)) as { epg_listings: readonly Row[] }).epg_listings
  const inWindow = () => all.filter(({ stop }) => stop > NOW)

  test('get_short_epg lists what is on and the next three, texts in base64', async () => {
    await using made = await xtreamHouse({ programmes: inWindow })
    const rows = await listings(made, 'get_short_epg', { stream_id: 2 })
    assert.deepEqual(
      rows.map((row) => decoded(String(row['title']))),
      ['Größe -10', 'Größe 20', 'Größe 50', 'Größe 80'],
    )
    assert.deepEqual(rows[0], {
      id: String(1 + (stableHash(`2 ${NOW - 600_000}`) % (2 ** 31 - 1))),
      epg_id: '2',
      title: rows[0]?.['title'],
      lang: '',
      start: '2026-11-21 20:10:00',
      end: '2026-11-21 20:40:00',
      description: rows[0]?.['description'],
      channel_id: 'c2.downlink',
      start_timestamp: String(NOW / 1000 - 600),
      stop_timestamp: String(NOW / 1000 + 1200),
    })
    assert.equal(decoded(String(rows[0]?.['description'])), 'Teil 1\nEin 🎬 Film')
  })

  test('get_short_epg takes a limit', async () => {
    await using made = await xtreamHouse({ programmes: inWindow })
    for (const { limit, count } of [
      { limit: 1, count: 1 },
      { limit: 0, count: 4 },
      { limit: 'all', count: 4 },
      { limit: 50, count: 6 },
    ])
      assert.equal((await listings(made, 'get_short_epg', { stream_id: 2, limit })).length, count, String(limit))
  })

  for (const action of ['get_simple_data_table', 'get_simple_date_table'])
    test(`${action} lists what was too, and says what is on`, async () => {
      await using made = await xtreamHouse({ programmes: () => all })
      const rows = await listings(made, action, { stream_id: 2 })
      assert.deepEqual(
        rows.map((row) => row['now_playing']),
        [0, 0, 1, 0, 0, 0, 0, 0],
      )
      assert.ok(rows.every((row) => row['has_archive'] === 0))
    })

  test('get_simple_data_table says what can be watched again', async () => {
    const long = [programmeAt(-61 * 60), programmeAt(-59 * 60), ...all]
    await using made = await xtreamHouse({ programmes: () => long, channels: [keptChannel(2)] })
    const rows = await listings(made, 'get_simple_data_table', { stream_id: 2 })
    assert.deepEqual(
      rows.map((row) => row['has_archive']),
      [0, 1, 1, 1, 0, 0, 0, 0, 0, 0],
    )
  })

  for (const action of ['get_short_epg', 'get_simple_data_table'])
    test(`${action} of no channel, or one that is off, is an empty list`, async () => {
      await using made = await xtreamHouse({ programmes: () => all })
      for (const stream_id of ['', '4', '99', 'c2', '2.0', '-1'])
        assert.deepEqual(await made.act(action, { stream_id }), { epg_listings: [] }, stream_id)
      assert.deepEqual(await made.act(action), { epg_listings: [] })
    })

  test('texts are in the zone of the server, instants are not', async () => {
    await using made = await xtreamHouse({ programmes: inWindow, gateway: { timeZone: 'America/New_York' } })
    const [row] = await listings(made, 'get_short_epg', { stream_id: 2 })
    assert.deepEqual([row?.['start'], row?.['start_timestamp']], ['2026-11-21 15:10:00', String(NOW / 1000 - 600)])
  })
})

describe('player_api.php, films and series', () => {
  test('without films every list is empty, and details are empty objects', async () => {
    await using made = await xtreamHouse()
    for (const action of ['get_vod_categories', 'get_vod_streams', 'get_series_categories', 'get_series'])
      assert.deepEqual(await made.act(action), [], action)
    assert.deepEqual(await made.act('get_vod_info', { vod_id: 1 }), { info: {}, movie_data: {} })
    assert.deepEqual(await made.act('get_series_info', { series_id: 1 }), { seasons: [], info: {}, episodes: {} })
  })

  test('get_vod_streams lists all films with numbers that stay, each in a category that is listed', async () => {
    await using made = await xtreamHouse({ withFilms: true })
    const categories = (await made.act('get_vod_categories')) as readonly Row[]
    assert.deepEqual(
      categories.map((row) => row['category_name']),
      ['Odd', 'Even', 'Uncategorized'],
    )
    const films = (await made.act('get_vod_streams')) as readonly Row[]
    assert.deepEqual(
      films.map((row) => [row['num'], row['name']]),
      [1, 2, 3, 4, 5].map((id) => [id, `Film "${id}", the first`]),
    )
    const odd = categories[0]?.['category_id']
    assert.deepEqual(films[0], {
      num: 1,
      name: 'Film "1", the first',
      title: 'Film "1", the first',
      year: '2001',
      stream_type: 'movie',
      stream_id: films[0]?.['stream_id'],
      stream_icon: `http://localhost:18080/t/${made.token}/play/vod/films/1/poster`,
      rating: '0',
      rating_5based: 0,
      added: '0',
      is_adult: '0',
      category_id: odd,
      category_ids: [Number(odd)],
      container_extension: 'mkv',
      custom_sid: '',
      direct_source: '',
    })
    const ids = films.map((row) => Number(row['stream_id']))
    assert.ok(ids.every((id) => id > FIRST_VOD_NUMBER && id < 2 ** 31))
    assert.equal(new Set([...ids, ...categories.map((row) => Number(row['category_id']))]).size, 8)
    assert.deepEqual(await made.act('get_vod_streams'), films)
    const even = (await made.act('get_vod_streams', { category_id: String(categories[1]?.['category_id']) })) as Row[]
    assert.deepEqual(
      even.map((row) => row['stream_id']),
      [ids[1], ids[3]],
    )
    for (const category_id of [String(categories[2]?.['category_id']), '5', String(ids[0]), 'x'])
      assert.deepEqual(await made.act('get_vod_streams', { category_id }), [], category_id)
  })

  test('get_vod_info tells a film', async () => {
    await using made = await xtreamHouse({ withFilms: true })
    const [film] = (await made.act('get_vod_streams')) as readonly Row[]
    const told = (await made.act('get_vod_info', { vod_id: String(film?.['stream_id']) })) as {
      info: Row
      movie_data: Row
    }
    assert.partialDeepStrictEqual(told.info, {
      name: 'Film "1", the first',
      plot: 'What happens',
      description: 'What happens',
      cast: 'Ann',
      actors: 'Ann',
      genre: 'Drama',
      duration_secs: 5400,
      duration: '01:30:00',
      backdrop_path: [],
      subtitles: [],
    })
    assert.deepEqual(shapeOf(told.movie_data), {
      stream_id: 'number',
      name: 'string',
      title: 'string',
      year: 'string',
      added: 'string',
      category_id: 'string',
      category_ids: 'list',
      container_extension: 'string',
      custom_sid: 'string',
      direct_source: 'string',
    })
    assert.equal(told.movie_data['stream_id'], film?.['stream_id'])
  })

  test('get_series and get_series_info tell a series with its episodes by season', async () => {
    await using made = await xtreamHouse({ withFilms: true })
    const [series] = (await made.act('get_series')) as readonly Row[]
    assert.deepEqual(shapeOf(series), {
      num: 'number',
      name: 'string',
      title: 'string',
      year: 'string',
      stream_type: 'string',
      series_id: 'number',
      cover: 'string',
      plot: 'string',
      cast: 'string',
      director: 'string',
      genre: 'string',
      release_date: 'string',
      releaseDate: 'string',
      last_modified: 'string',
      rating: 'string',
      rating_5based: 'number',
      backdrop_path: 'list',
      youtube_trailer: 'string',
      episode_run_time: 'string',
      category_id: 'string',
      category_ids: 'list',
    })
    const told = (await made.act('get_series_info', { series_id: String(series?.['series_id']) })) as {
      seasons: readonly Row[]
      info: Row
      episodes: Record<string, readonly Row[]>
    }
    assert.partialDeepStrictEqual(told.seasons, [{ season_number: 1, episode_count: 2, name: 'Season 1' }])
    assert.equal(told.info['plot'], 'What happens')
    assert.deepEqual(Object.keys(told.episodes), ['1'])
    const [first, second] = told.episodes['1'] ?? []
    assert.partialDeepStrictEqual(first, {
      episode_num: 1,
      title: 'Episode 1',
      season: 1,
      container_extension: 'mp4',
      subtitles: [],
    })
    assert.equal(typeof first?.['id'], 'string')
    assert.notEqual(first?.['id'], second?.['id'])
    // What is a series is no film, and the other way round.
    assert.deepEqual(await made.act('get_vod_info', { vod_id: String(series?.['series_id']) }), {
      info: {},
      movie_data: {},
    })
  })

  test('a source that does not tell its films is left out, and the log says so', async () => {
    await using made = await xtreamHouse({ withFilms: true })
    const broken = () => Promise.reject(new Failure('source/unreachable', 'It is off'))
    Object.assign(made.films, { categories: broken })
    assert.deepEqual(await made.act('get_vod_streams'), [])
    assert.deepEqual(await made.act('get_vod_categories'), [])
    assert.deepEqual(
      made.house.logged.map(({ event }) => event),
      ['films-not-listed', 'films-not-listed'],
    )
  })

  test('a source that stops in the middle breaks the list off', async () => {
    await using made = await xtreamHouse({ withFilms: true })
    const { entries } = made.films
    Object.assign(made.films, {
      entries: (...asked: Parameters<typeof entries>) =>
        asked[0].offset > 0 ? Promise.reject(new Failure('source/timeout', 'It sleeps')) : entries(...asked),
    })
    const answer = await made.get(`/player_api.php?${made.query}&action=get_vod_streams`)
    assert.equal(answer.status, 504)
  })
})
