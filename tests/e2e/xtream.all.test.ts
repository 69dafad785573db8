import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import * as v from 'valibot'
import { xtreamSchema } from '../../core/source-kinds/xtream.ts'
import { createXtreamSource } from '../../adapters/sources/xtream/source.ts'
import type { SourceDriver } from '../../adapters/sources/driver.ts'
import type { CatalogueItem } from '../../core/lineup/catalogue.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { createSink, eventually, toStream } from '../conformance/source.ts'
import { judge } from '../core/live/ts-judge.ts'
import { fileByte, startPanel } from '../fakes/panel/index.ts'
import type { FakePanel } from '../fakes/panel/index.ts'
import type { Receiver } from '../fakes/receiver/index.ts'
import { noFfmpeg, ready, sourceOf, startTestReceiver, statusOf } from '../runtime/house.ts'
import { newFolder, RUNTIME, startProgram, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

const PASSWORD = 'correct-horse-battery'
const patience = (): AbortSignal => AbortSignal.timeout(20_000)

/** As the panel of the house spells times in its addresses; it is in London, the house is in Berlin. */
const archiveTime = (instant: number): string => {
  const text = new Date(instant).toLocaleString('sv-SE', { timeZone: 'Europe/London' })
  return `${text.slice(0, 10)}:${text.slice(11, 13)}-${text.slice(14, 16)}`
}

type Row = Readonly<Record<string, unknown>>

// The driver that reads foreign panels reads our own: what we say is what clients of panels understand.
describe(`the Xtream API of the assembled house, read by our own client, on ${RUNTIME}`, { skip: noFfmpeg() }, () => {
  const stack = new AsyncDisposableStack()
  let receiver: Receiver
  let panel: FakePanel
  let house: Program
  let folder: string
  let token: string
  let driver: SourceDriver
  let items: readonly CatalogueItem[]

  const openDriver = (output: 'ts' | 'm3u8'): SourceDriver =>
    createXtreamSource(
      {
        id: sourceId('ours'),
        kind: 'xtream',
        name: 'Ours',
        enabled: true,
        maxStreams: null,
        priority: 0,
        allowHosts: [],
        bufferSeconds: 0,
        settings: v.parse(xtreamSchema, { url: house.url, username: 'kitchen', password: token, output }),
      },
      { log: () => {}, now: Date.now },
    )
  const named = (name: string): CatalogueItem => {
    const item = items.find((one) => one.name === name)
    assert.ok(item, `no "${name}" among ${items.map((one) => one.name).join(', ')}`)
    return item
  }

  const start = async (): Promise<Program> => {
    const { username, password } = panel.model.accounts[0] ?? {}
    const films = { id: 'panel', kind: 'xtream', name: 'Panel', url: panel.url, username, password, priority: 1 }
    const program = await startProgram({
      folder,
      config: { sources: [sourceOf(receiver), films], live: { lingerSeconds: 0.5 } },
      env: { DOWNLINK_ADMIN_PASSWORD: PASSWORD, TZ: 'Europe/Berlin' },
    })
    await ready(program)
    return program
  }

  before(async () => {
    folder = newFolder()
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    receiver = stack.use(await startTestReceiver())
    panel = stack.use(await startPanel())
    house = stack.use(await start())
    await house.line('guide-refreshed', (line) => line['fetched'] !== 0)
    const login = await house.ask('/api/v1/session', { method: 'POST', body: { name: 'admin', password: PASSWORD } })
    const cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
    const made = await house.ask('/api/v1/tokens', { method: 'POST', headers: { cookie }, body: { name: 'Kitchen' } })
    token = (made.json() as { token: string }).token
    driver = stack.use(openDriver('ts'))
    ;({ items } = await driver.catalogue(patience()))
  })
  after(() => stack.disposeAsync())

  test('the account is told as it is', async () => {
    const facts = await driver.check.ask({ userAgent: null, signal: patience() })
    assert.partialDeepStrictEqual(facts, { account: 'Active', maxConnections: null, formats: 'm3u8, ts, rtmp' })
    const login = (await house.ask(`/player_api.php?username=kitchen&password=${token}`)).json() as {
      server_info: Row
    }
    assert.deepEqual(
      [login.server_info['timezone'], login.server_info['url'], login.server_info['port']],
      ['Europe/Berlin', '127.0.0.1', new URL(house.url).port],
    )
  })

  test('channels come with the names, numbers and groups of the line-up', async () => {
    const { items: own } = (await house.ask('/api/v1/channels?limit=200')).json() as {
      items: readonly { id: string; number: string; name: string; groups: readonly string[] }[]
    }
    assert.ok(own.length > 20)
    assert.deepEqual(
      items.map(({ item, number, name, groups }) => [item, number, name, groups.length > 0]),
      own.map(({ id, number, name }) => [id.slice(1), number, name, true]),
    )
    for (const { id, groups } of own) {
      if (groups.length > 0) assert.deepEqual(items.find(({ item }) => `c${item}` === id)?.groups, groups)
    }
  })

  test('the guide document has the ids that the channels name', async () => {
    const document = await driver.guideDocument?.open(null, patience())
    assert.ok(document)
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of document.bytes) text += decoder.decode(chunk, { stream: true })
    for (const { guide, name } of items) assert.ok(text.includes(`<channel id="${guide?.channel}">`), name)
    assert.ok((text.match(/<programme /g) ?? []).length > 100)
  })

  test('the guide of one channel is what the guide of the house says', async () => {
    const { item } = named('Alpin 1 HD')
    const short = (
      await house.ask(`/player_api.php?username=a&password=${token}&action=get_short_epg&stream_id=${item}&limit=3`)
    ).json() as { epg_listings: readonly Row[] }
    const { items: own } = (await house.ask(`/api/v1/guide/programmes?channels=c${item}`)).json() as {
      items: readonly { programmes: readonly { start: string; title: string }[] }[]
    }
    assert.deepEqual(
      short.epg_listings.map((row) => [
        new Date(Number(row['start_timestamp']) * 1000).toISOString(),
        Buffer.from(String(row['title']), 'base64').toString('utf8'),
      ]),
      own[0]?.programmes.slice(0, 3).map(({ start, title }) => [new Date(start).toISOString(), title]),
    )
  })

  test('a channel plays as MPEG-TS', async () => {
    const sink = createSink()
    const stream = toStream(driver, named('Alpin 1 HD'))
    const upstream = await driver.open({ stream, sink, previous: null, signal: patience() })
    await eventually(() => sink.bytes() > 188 * 500, 'television comes')
    const { streams } = await statusOf(house)
    assert.deepEqual(
      streams.flatMap(({ viewers }) => viewers.map(({ mode, user }) => [mode, user])),
      [['xtream', 'Kitchen']],
    )
    upstream.close()
    await until('nobody watches', async () => (await statusOf(house)).streams.length === 0)
  })

  test('a channel plays as HLS', async () => {
    await using other = openDriver('m3u8')
    const { items: list } = await other.catalogue(patience())
    const item = list.find((one) => one.name === 'Alpin 1 HD')
    assert.ok(item)
    const sink = createSink()
    const upstream = await other.open({ stream: toStream(other, item), sink, previous: null, signal: patience() })
    await eventually(() => sink.bytes() > 188 * 500, 'television comes')
    const { streams } = await statusOf(house)
    assert.deepEqual(
      streams.flatMap(({ viewers }) => viewers.map(({ mode, user }) => [mode, user])),
      [['xtream', 'Kitchen']],
    )
    upstream.close()
  })

  test('the short form plays too', async () => {
    using viewer = await house.open(`/kitchen/${token}/${named('Alpin 1 HD').item}`)
    assert.equal(viewer.status, 200)
    const bytes = await viewer.read(188 * 200)
    assert.deepEqual(judge(bytes.subarray(0, bytes.length - (bytes.length % 188))).faults, [])
  })

  test('a programme that is over is found by three clocks: ours, that of the house, that of its panel', async () => {
    const item = named('News One HD')
    assert.equal(item.pastHours, 7 * 24)
    const from = Math.floor(Date.now() / 60_000) * 60_000 - 26 * 3_600_000
    const span = { from, to: from + 30 * 60_000 }
    const file = await driver.past?.openPast({ stream: toStream(driver, item), span, range: null, signal: patience() })
    assert.ok(file)
    const [byte] = new Uint8Array(
      await new Response(file.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
    )
    assert.equal(byte, 0x47)
    await file.close()
    const { archives, forbidden } = panel.observe()
    assert.equal(archives.at(-1), `${archiveTime(from)}/30/101`)
    assert.deepEqual(forbidden, [])
  })

  test('films are listed and play from any place, through two panels', async () => {
    const { vod } = driver
    assert.ok(vod)
    const categories = await vod.categories('film', patience())
    assert.deepEqual(
      categories.map(({ name }) => name),
      ['Box: movie', 'Box: Uncategorized', 'Panel: Drama', 'Panel: Comedy', 'Panel: Uncategorized'],
    )
    const query = { kind: 'film', category: categories[2]?.id ?? '', search: '', offset: 0, limit: 10 } as const
    const { items: films } = await vod.entries(query, patience())
    const film = films.find(({ name }) => name === 'The Long Film')
    assert.ok(film)
    const details = await vod.film(film.id, patience())
    assert.deepEqual(
      [details?.plot, details?.durationSeconds, details?.genres, details?.container, details?.year],
      ['What happens in The Long Film', 5400, ['Drama', 'Crime'], 'mkv', 2019],
    )
    const range = { first: 1000, last: 1999 }
    const file = await vod.openFile({ item: { kind: 'film', id: film.id }, range, signal: patience() })
    const bytes = new Uint8Array(await new Response(file.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
    const model = panel.model.films.find(({ name }) => name === 'The Long Film')
    assert.deepEqual(
      [...bytes],
      Array.from({ length: 1000 }, (_, index) => fileByte(model?.id ?? 0, 1000 + index)),
    )
    assert.equal(file.size, model?.size)
  })

  test('series are told with their episodes, which play', async () => {
    const { vod } = driver
    assert.ok(vod)
    const query = { kind: 'series', category: null, search: '', offset: 0, limit: 10 } as const
    const { items: all } = await vod.entries(query, patience())
    assert.deepEqual(
      all.map(({ name }) => name),
      panel.model.series.map(({ name }) => name),
    )
    const [model] = panel.model.series
    const series = await vod.series(all[0]?.id ?? '', patience())
    const [season] = series?.seasons ?? []
    assert.deepEqual(
      season?.episodes.map(({ number }) => number),
      model?.seasons[season?.number ?? -1]?.map(({ number }) => number),
    )
    const item = { kind: 'episode', series: all[0]?.id ?? '', season: season?.number ?? 0, episode: 1 } as const
    const file = await vod.openFile({ item, range: { first: 0, last: 9 }, signal: patience() })
    assert.equal(
      (await new Response(file.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer()).byteLength,
      10,
    )
  })

  test('numbers of films and categories outlive a restart', async () => {
    const ids = async (at: Program): Promise<unknown> => {
      const list = await at.ask(`/player_api.php?username=a&password=${token}&action=get_vod_streams`)
      return (list.json() as readonly Row[]).map((row) => [row['name'], row['stream_id'], row['category_id']])
    }
    const first = await ids(house)
    await house.stop()
    await using again = await start()
    assert.deepEqual(await ids(again), first)
    assert.ok((first as readonly unknown[]).length > panel.model.films.length, 'films of the panel, and recordings')
  })
})
