import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEYS } from '../runtime/front-suite.ts'
import { noFfmpeg, startHouse, startTestReceiver } from '../runtime/house.ts'
import { open } from '../runtime/http-client.ts'
import { futureHouse } from '../runtime/publishing-suite.ts'
import { addressesIn, RUNTIME, startProgram, until } from '../runtime/program.ts'

const FAR = { 'x-forwarded-for': '203.0.113.9' }
const CHANNELS = 14
/** Where the keys of site 1 begin. */
const SECOND = 2 ** 26

type Row = { readonly stream_id: number; readonly name: string; readonly num: number }

test(`one front joins two houses on ${RUNTIME}, and shows both while one is away`, { skip: noFfmpeg() }, async () => {
  await using stack = new AsyncDisposableStack()
  const receiver = stack.use(await startTestReceiver())
  const [home, cabin] = [stack.use(futureHouse('home')), stack.use(futureHouse('cabin'))]
  const start = (house: typeof home, env: Readonly<Record<string, string>> = {}) =>
    startHouse(receiver, {
      folder: house.folder,
      env: { ...house.env, ...env },
      config: { live: { lingerSeconds: 0.5 } },
    })
  const adapters = { home: stack.use(await start(home)), cabin: stack.use(await start(cabin)) }
  const sites = [
    { id: 'home', number: 0, adapterUrl: adapters.home.url },
    { id: 'cabin', number: 1, adapterUrl: adapters.cabin.url, publishers: await cabin.publicKey(), numbersFrom: 1000 },
  ]
  const front = stack.use(
    await startProgram({
      args: ['--role', 'gateway'],
      env: { DOWNLINK_LINK_KEYS: KEYS.old, DOWNLINK_SITES: JSON.stringify(sites) },
    }),
  )
  const token = await cabin.newToken('Kitchen')
  const viewing = (path: string) => front.ask(`/t/${token}${path}`, { headers: FAR })
  const xtream = async <T>(more: string): Promise<T> => {
    const path = `/player_api.php?username=x&password=${token}&action=${more}`
    return (await front.ask(path, { headers: FAR })).json() as T
  }
  const playlist = await until('the front has the channels of both', async () => {
    const { text } = await viewing('/playlist.m3u')
    return addressesIn(text).length === 2 * CHANNELS && text
  })
  const ids = addressesIn(playlist).map((url) => /\/live\/(c\d+)\.ts$/.exec(url)?.[1] ?? url)
  assert.equal(new Set(ids).size, 2 * CHANNELS)
  assert.ok(ids.includes('c1') && ids.includes(`c${SECOND + 1}`))
  assert.match(playlist, /tvg-chno="1001"/)

  const rows = await xtream<Row[]>('get_live_streams')
  assert.equal(rows.length, 2 * CHANNELS)
  const guide = await xtream<{ epg_listings: unknown[] }>(`get_short_epg&stream_id=${SECOND + 1}`)
  assert.equal(guide.epg_listings.length, 4)
  assert.match((await viewing('/xmltv.xml')).text, new RegExp(`<programme [^>]*channel="c${SECOND + 1}\\.downlink"`))
  const logo = await viewing(`/logo/c${SECOND + 1}`)
  assert.deepEqual([logo.status, logo.headers['content-type']], [200, 'image/png'])

  // Films of both houses have numbers of their own, and play where they are.
  const films = await xtream<{ stream_id: number; container_extension: string }[]>('get_vod_streams')
  assert.equal(new Set(films.map((film) => film.stream_id)).size, films.length)
  const hosts = new Set<string>()
  for (const film of films) {
    const path = `/movie/x/${token}/${film.stream_id}.${film.container_extension}`
    const sent = await front.ask(path, { headers: FAR })
    assert.equal(sent.status, 302)
    hosts.add(new URL(sent.headers['location'] ?? '').origin)
  }
  assert.deepEqual(hosts, new Set([adapters.home.url, adapters.cabin.url]))

  {
    using viewer = await open(`${front.url}/t/${token}/live/c${SECOND + 1}.ts`, { follow: true, headers: FAR })
    assert.equal(viewer.status, 200)
    await viewer.read(188 * 10)
  }
  const master = await front.ask(`/t/${token}/live/c${SECOND + 4}.m3u8`, { follow: true, headers: FAR })
  assert.equal(master.status, 200)
  assert.ok(master.url.startsWith(`${adapters.cabin.url}/s/`), master.url)

  await adapters.cabin.kill9()
  const away = await until('nobody is sent to the cabin', async () => {
    const answer = await viewing(`/live/c${SECOND + 1}.ts`)
    return answer.status === 503 && answer
  })
  assert.equal(away.headers['x-downlink-error'], 'live/no-adapter')
  const sent = await viewing('/live/c1.ts')
  assert.equal(sent.status, 302)
  assert.ok(sent.headers['location']?.startsWith(`${adapters.home.url}/s/`))
  assert.equal((await viewing('/playlist.m3u')).text, playlist)
})
