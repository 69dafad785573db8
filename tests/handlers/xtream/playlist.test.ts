import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { VIEWER } from '../../fakes/gateway.ts'
import { keptChannel, programmeAt, xtreamHouse } from './xtream-house.ts'

type Made = Awaited<ReturnType<typeof xtreamHouse>>

const list = async (made: Made, more = ''): Promise<string> =>
  (await made.get(`/get.php?${made.query}&type=m3u_plus${more}`)).text()
const urls = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('http'))

describe('get.php', () => {
  test('m3u_plus has the attributes that players look for, and addresses of this protocol', async () => {
    await using made = await xtreamHouse()
    const response = await made.get(`/get.php?${made.query}&type=m3u_plus&output=ts`)
    const text = await response.text()
    assert.deepEqual(
      ['content-type', 'content-disposition', 'cache-control'].map((name) => response.headers.get(name)),
      ['audio/x-mpegurl; charset=utf-8', 'attachment; filename="tv_channels_plus.m3u"', 'private, no-store'],
    )
    const root = `http://localhost:18080`
    assert.ok(text.startsWith(`#EXTM3U x-tvg-url="${root}/t/${made.token}/xmltv.xml"`), text)
    assert.ok(
      text.includes(
        `#EXTINF:-1 tvg-id="c1.downlink" tvg-name="Das Erste HD" tvg-chno="1" tvg-logo="${root}/t/${made.token}/logo/c1" group-title="Public",Das Erste HD\n${root}/live/anna/${made.token}/1.ts\n`,
      ),
      text,
    )
    assert.deepEqual(
      urls(text),
      [1, 2, 3, 70_000].map((key) => `${root}/live/anna/${made.token}/${key}.ts`),
    )
  })

  for (const { output, extension } of [
    { output: 'm3u8', extension: 'm3u8' },
    { output: 'hls', extension: 'm3u8' },
    { output: 'ts', extension: 'ts' },
    { output: 'mpegts', extension: 'ts' },
    { output: 'rtmp', extension: 'ts' },
    { output: '', extension: 'ts' },
  ])
    test(`output=${output} gives .${extension}`, async () => {
      await using made = await xtreamHouse()
      const [first = ''] = urls(await list(made, `&output=${output}`))
      assert.ok(first.endsWith(`/1.${extension}`), first)
    })

  test('a channel that can be watched again says how', async () => {
    await using made = await xtreamHouse({ channels: [keptChannel(1)] })
    for (const output of ['ts', 'm3u8']) {
      const source = `http://localhost:18080/live/anna/${made.token}/1.ts?start={utc}&end={utcend}`
      const text = await list(made, `&output=${output}`)
      assert.ok(text.includes(` catchup="default" catchup-days="3" catchup-source="${source}" `), text)
    }
  })

  test('m3u has names only', async () => {
    await using made = await xtreamHouse()
    const text = await (await made.get(`/get.php?${made.query}&type=m3u`)).text()
    assert.ok(text.startsWith(`#EXTM3U\n#EXTINF:-1,Das Erste HD\nhttp://localhost:18080/live/anna/`), text)
  })

  test('selection= lists the channels of a selection in its order', async () => {
    await using made = await xtreamHouse()
    const keys = urls(await list(made, '&selection=two')).map((url) => /(\d+)\.ts$/.exec(url)?.[1])
    assert.deepEqual(keys, ['3', '1'])
    const unknown = await made.get(`/get.php?${made.query}&selection=none`)
    assert.deepEqual([unknown.status, unknown.headers.get('x-downlink-error')], [404, 'lineup/unknown-selection'])
  })

  test('key= chooses what is listed; films have addresses of their own', async () => {
    await using made = await xtreamHouse({ withFilms: true })
    assert.equal(urls(await list(made)).length, 4)
    assert.equal(urls(await list(made, '&key=radio_streams')).length, 1)
    assert.equal(urls(await list(made, '&key=live')).length, 3)
    const films = urls(await list(made, '&key=movie'))
    assert.equal(films.length, 5)
    assert.match(films[0] ?? '', /^http:\/\/localhost:18080\/movie\/anna\/[\w.-]+\/\d{10}\.mkv$/)
    assert.equal((await made.get(new URL(films[0] ?? '').pathname)).status, 200)
    assert.equal(urls(await list(made, '&key=live,movie,radio_streams')).length, 9)
  })

  test('addresses never carry the password of an account', async () => {
    await using made = await xtreamHouse({ accounts: [VIEWER] })
    const text = await (await made.get('/get.php?username=Anna&password=correct%20horse&type=m3u_plus')).text()
    assert.ok(!/correct|horse/.test(text), text)
    const [first = ''] = urls(text)
    const own = await made.house.gateway.access.tokenOfAccount('Anna')
    assert.equal(first, `http://localhost:18080/live/Anna/${own}/1.ts`)
    assert.equal((await made.get(new URL(first).pathname, {}, 'HEAD')).status, 200)
  })

  for (const { name, shown } of [
    { name: 'Smart-TV_1', shown: 'Smart-TV_1' },
    { name: 'a/b', shown: 'Anna' },
    { name: '..', shown: 'Anna' },
    { name: 'two words', shown: 'Anna' },
    { name: '', shown: 'Anna' },
  ])
    test(`addresses of a client that calls itself "${name}" have the name ${shown}, and play`, async () => {
      await using made = await xtreamHouse()
      const query = `username=${encodeURIComponent(name)}&password=${made.token}`
      const [first = ''] = urls(await (await made.get(`/get.php?${query}`)).text())
      assert.equal(first, `http://localhost:18080/live/${shown}/${made.token}/1.ts`)
      assert.equal((await made.get(new URL(first).pathname, {}, 'HEAD')).status, 200)
    })

  test('POST takes a form', async () => {
    await using made = await xtreamHouse()
    const response = await made.post('/get.php', `${made.query}&type=m3u_plus`, 'application/x-www-form-urlencoded')
    assert.equal(urls(await response.text()).length, 4)
  })

  test('who needs no name gets addresses without one', async () => {
    await using made = await xtreamHouse()
    const text = await (await made.get('/get.php?type=m3u_plus', { 'x-test-peer': '127.0.0.1' })).text()
    assert.equal(urls(text)[0], 'http://localhost:18080/live/c1.ts')
  })

  test('a wrong password gets no list', async () => {
    await using made = await xtreamHouse()
    const response = await made.get('/get.php?username=anna&password=guess&type=m3u_plus')
    assert.deepEqual([response.status, await response.json()], [200, { user_info: { auth: 0 } }])
  })
})

describe('xmltv.php', () => {
  const open = () => xtreamHouse({ programmes: () => [programmeAt(0, { title: 'The news' })] })

  test('is the guide of the same channels, with the ids of the lists', async () => {
    await using made = await open()
    const response = await made.get(`/xmltv.php?${made.query}`)
    const text = await response.text()
    assert.match(response.headers.get('content-type') ?? '', /^application\/xml/)
    for (const id of ['c1.downlink', 'c2.downlink', 'c3.downlink', 'c70000.downlink'])
      assert.ok(text.includes(`<channel id="${id}">`), id)
    assert.ok(text.includes('<title>The news</title>'))
    assert.ok(text.includes(`/t/${made.token}/logo/c1`))
  })

  test('gzip=1 is a file, POST a form', async () => {
    await using made = await open()
    const file = await made.get(`/xmltv.php?${made.query}&gzip=1`)
    assert.deepEqual(
      [file.headers.get('content-type'), file.headers.get('content-encoding')],
      ['application/gzip', null],
    )
    const posted = await made.post('/xmltv.php', made.query, 'application/x-www-form-urlencoded')
    assert.match(await posted.text(), /The news/)
  })
})

describe('panel_api.php', () => {
  type Row = Readonly<Record<string, unknown>>

  test('tells account, categories and everything that plays in one document', async () => {
    await using made = await xtreamHouse({ withFilms: true })
    const told = (await (await made.get(`/panel_api.php?${made.query}`)).json()) as {
      user_info: Row
      server_info: Row
      categories: Record<string, readonly Row[]>
      available_channels: Record<string, Row>
    }
    assert.equal(told.user_info['auth'], 1)
    assert.equal(told.server_info['timezone'], 'UTC')
    assert.deepEqual(
      Object.entries(told.categories).map(([kind, rows]) => [kind, rows.length]),
      [
        ['live', 4],
        ['movie', 3],
        ['series', 2],
      ],
    )
    assert.equal(Object.keys(told.available_channels).length, 4 + 5)
    assert.partialDeepStrictEqual(told.available_channels['70000'], {
      stream_type: 'radio_streams',
      type_name: 'Radio Streams',
      stream_id: 70_000,
      category_name: 'Uncategorized',
      live: '1',
      container_extension: '',
    })
    const film = Object.values(told.available_channels).find((row) => row['stream_type'] === 'movie')
    assert.partialDeepStrictEqual(film, { type_name: 'Movies', live: '0', container_extension: 'mkv' })
  })

  test('get_epg tells one channel, times as numbers', async () => {
    await using made = await xtreamHouse({ programmes: () => [programmeAt(-10), programmeAt(20)] })
    const rows = (await (
      await made.get(`/panel_api.php?${made.query}&action=get_epg&stream_id=2&from_now=1`)
    ).json()) as readonly Row[]
    assert.deepEqual(
      rows.map(({ start, end }) => [start, end]),
      [
        [1795291800, 1795293600],
        [1795293600, 1795295400],
      ],
    )
    assert.deepEqual(await (await made.get(`/panel_api.php?${made.query}&action=get_epg&stream_id=77`)).json(), [])
  })

  test('a wrong password is refused the same way', async () => {
    await using made = await xtreamHouse()
    assert.deepEqual(await (await made.get('/panel_api.php?username=a&password=b')).json(), { user_info: { auth: 0 } })
  })
})
