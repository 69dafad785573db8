import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { channelKey } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import { createApp } from '../../handlers/app.ts'
import type { Gateway } from '../../handlers/gateway.ts'
import { acceptsGzip, guideFace } from '../../handlers/guide.ts'
import { aProgramme } from '../core/guide/samples.ts'
import { aChannel } from '../core/lineup/samples.ts'
import { fakeHouse, STRANGER } from '../fakes/gateway.ts'
import { readXml } from '../xml.ts'
import type { Element } from '../xml.ts'

const channels: readonly Channel[] = [
  aChannel(1, { name: 'One', hasLogo: true, guide: { feed: 'box', channel: 'a' } }),
  aChannel(2, { name: 'Off', enabled: false }),
  aChannel(3, { name: 'Three' }),
]

const withSelection = {
  revision: '7',
  channels,
  groups: [],
  selections: [{ id: 'kids', name: 'Kids', channels: [3, 2].map(channelKey) }],
}

/** A house at 20:20 on the day of the samples; `written` counts how often channel 1 was asked for its programmes. */
function guideHouse(
  gateway: Partial<Gateway> = {},
  programmes: readonly Programme[] = [aProgramme(960, 1020, { title: 'Now' })],
) {
  const state = { revision: 'g1', written: 0 }
  const house = fakeHouse({
    lineup: { revision: '7', channels, groups: [] },
    gateway: {
      guide: {
        revision: () => state.revision,
        async programmes({ key }) {
          if (key !== 1) return []
          state.written++
          return programmes
        },
      },
      ...gateway,
    },
  })
  const app = createApp(house.gateway, { viewing: [guideFace], linked: [] })
  return {
    ...house,
    guide: state,
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      app.request(path, { method, headers: { host: 'localhost:18080', ...headers } }),
  }
}

test('/xmltv.xml?selection= shows the channels of a selection, under an entity tag of its own', async () => {
  const house = guideHouse({ lineup: { current: () => indexLineup(withSelection) } })
  const whole = await house.get('/xmltv.xml')
  const response = await house.get('/xmltv.xml?selection=kids')
  const tv = readXml(await response.text())
  const shown = tv.children.filter(({ name }) => name === 'channel').map(({ attributes }) => attributes['id'])
  assert.deepEqual(shown, ['c3.downlink'])
  assert.notEqual(response.headers.get('etag'), whole.headers.get('etag'))
  const unknown = await house.get('/xmltv.xml?selection=none')
  assert.deepEqual([unknown.status, unknown.headers.get('x-downlink-error')], [404, 'lineup/unknown-selection'])
})

test('/xmltv.xml?client= is the guide as a program needs it, under an entity tag of its own', async () => {
  const house = guideHouse({ lineup: { current: () => indexLineup(withSelection) } })
  const whole = await house.get('/xmltv.xml')
  const response = await house.get('/xmltv.xml?client=plex&selection=kids')
  assert.match(await response.text(), /<channel id="c3.downlink"><display-name>3 Three</)
  assert.notEqual(response.headers.get('etag'), whole.headers.get('etag'))
  const unknown = await house.get('/xmltv.xml?client=winamp')
  assert.deepEqual([unknown.status, unknown.headers.get('x-downlink-error')], [400, 'http/bad-request'])
})

const GZIP = { 'accept-encoding': 'gzip, deflate, br' }
const unpack = (response: Response): Promise<string> =>
  new Response(response.body?.pipeThrough(new DecompressionStream('gzip')) ?? null).text()
const titles = (tv: Element): readonly string[] =>
  tv.children.filter(({ name }) => name === 'programme').map(({ children }) => children[0]?.text ?? '')

test('/xmltv.xml shows the enabled channels with pictures at the address that was called', async () => {
  const response = await guideHouse().get('/xmltv.xml')
  assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'application/xml; charset=utf-8'])
  const tv = readXml(await response.text())
  const shown = tv.children.filter(({ name }) => name === 'channel')
  assert.deepEqual(
    shown.map(({ attributes }) => attributes['id']),
    ['c1.downlink', 'c3.downlink'],
  )
  assert.equal(shown[0]?.children.at(-1)?.attributes['src'], 'http://localhost:18080/logo/c1')
  assert.ok(titles(tv).includes('Now') && titles(tv).includes('Three'))
})

test('/xmltv.xml asks for the programmes of the days that are set, at full 4 hours', async () => {
  const windows: { from: number; to: number }[] = []
  const house = guideHouse({
    guideDays: 2,
    guide: {
      revision: () => 'g1',
      programmes(_, window) {
        windows.push(window)
        return []
      },
    },
  })
  await (await house.get('/xmltv.xml')).text()
  assert.deepEqual(windows[0], { from: Date.UTC(2026, 10, 21, 16), to: Date.UTC(2026, 10, 24, 0) })
})

test('/xmltv.xml is compressed on the way for who takes gzip, and the same', async () => {
  const house = guideHouse()
  const packed = await house.get('/xmltv.xml', GZIP)
  const plain = await house.get('/xmltv.xml', { 'accept-encoding': 'identity' })
  assert.deepEqual([packed.headers.get('content-encoding'), plain.headers.get('content-encoding')], ['gzip', null])
  for (const { headers } of [packed, plain]) assert.match(headers.get('vary') ?? '', /Accept-Encoding/)
  assert.equal(await unpack(packed), await plain.text())
  assert.notEqual(packed.headers.get('etag'), plain.headers.get('etag'))
})

test('/xmltv.xml.gz is a gzip file without Content-Encoding, whatever the caller takes', async () => {
  const house = guideHouse()
  for (const headers of [GZIP, {}]) {
    const response = await house.get('/xmltv.xml.gz', headers)
    assert.deepEqual(
      [response.headers.get('content-type'), response.headers.get('content-encoding')],
      ['application/gzip', null],
    )
    assert.equal(readXml(await unpack(response)).name, 'tv')
  }
})

test('/xmltv.xml is made once for all forms of a revision and made anew for the next', async () => {
  const house = guideHouse()
  for (const [path, headers] of [
    ['/xmltv.xml', {}],
    ['/xmltv.xml', GZIP],
    ['/xmltv.xml.gz', {}],
  ] as const) {
    await (await house.get(path, headers)).arrayBuffer()
  }
  assert.equal(house.guide.written, 1)
  house.guide.revision = 'g2'
  await (await house.get('/xmltv.xml')).text()
  assert.equal(house.guide.written, 2)
})

test('/xmltv.xml is made once for all who ask at the same moment', async () => {
  const house = guideHouse()
  const texts = await Promise.all([1, 2, 3].map(async () => (await house.get('/xmltv.xml')).text()))
  assert.deepEqual([new Set(texts).size, house.guide.written], [1, 1])
})

test('/xmltv.xml comes whole to others when the first to ask leaves', async () => {
  const house = guideHouse()
  const leaving = await house.get('/xmltv.xml.gz')
  const staying = await house.get('/xmltv.xml.gz')
  await leaving.body?.cancel()
  assert.equal(readXml(await unpack(staying)).name, 'tv')
})

test('/xmltv.xml on a front is made by each request until one is finished', async () => {
  const house = guideHouse({ role: 'gateway' })
  await Promise.all([1, 2].map(async () => (await house.get('/xmltv.xml')).text()))
  assert.equal(house.guide.written, 2)
  await (await house.get('/xmltv.xml')).text()
  assert.equal(house.guide.written, 2)
})

test('/xmltv.xml breaks off when the guide cannot be read, and is made anew for the next', async () => {
  let fails = true
  const house = guideHouse({
    guide: {
      revision: () => 'g1',
      programmes() {
        if (fails) throw new Error('disk')
        return []
      },
    },
  })
  await assert.rejects(async () => (await house.get('/xmltv.xml.gz')).arrayBuffer())
  fails = false
  assert.equal(readXml(await unpack(await house.get('/xmltv.xml.gz'))).name, 'tv')
})

test("/xmltv.xml carries the caller's token in pictures, is private then, and has a tag of its own", async () => {
  const house = guideHouse()
  const { token } = await house.tokens.add({ kind: 'viewing', name: 'Kodi' })
  const open = await house.get('/xmltv.xml')
  const own = await house.get(`/t/${token.reveal()}/xmltv.xml`, STRANGER)
  assert.ok((await own.text()).includes(`src="http://localhost:18080/t/${token.reveal()}/logo/c1"`))
  assert.match(own.headers.get('cache-control') ?? '', /private, max-age=300, must-revalidate/)
  assert.doesNotMatch(open.headers.get('cache-control') ?? '', /private/)
  assert.notEqual(own.headers.get('etag'), open.headers.get('etag'))
})

test('/xmltv.xml is 304 for who has it, until line-up, guide or time make another', async () => {
  const house = guideHouse()
  const etag = (await house.get('/xmltv.xml')).headers.get('etag') ?? ''
  const status = async (): Promise<number> => (await house.get('/xmltv.xml', { 'if-none-match': etag })).status
  assert.match(etag, /^"[^"]+"$/)
  assert.equal(await status(), 304)
  house.clock.now += 3 * 3600_000
  assert.equal(await status(), 304)
  house.clock.now += 3600_000
  assert.equal(await status(), 200)
  house.clock.now -= 3600_000
  assert.equal(await status(), 304)
  house.guide.revision = 'g2'
  assert.equal(await status(), 200)
  house.guide.revision = 'g1'
  house.state.lineup = { ...house.state.lineup, revision: '8' }
  assert.equal(await status(), 200)
})

test('/xmltv.xml is 304 by Last-Modified until it changes, also within the same second', async () => {
  const house = guideHouse()
  const modified = async (): Promise<string> => (await house.get('/xmltv.xml')).headers.get('last-modified') ?? ''
  const first = await modified()
  const ask = async (): Promise<number> => (await house.get('/xmltv.xml', { 'if-modified-since': first })).status
  assert.equal(await ask(), 304)
  house.guide.revision = 'g2'
  assert.equal(await ask(), 200)
  assert.notEqual(await modified(), first)
})

test('/xmltv.xml answers HEAD with the headers of GET and makes nothing; Range is ignored', async () => {
  const house = guideHouse()
  const head = await house.get('/xmltv.xml', GZIP, 'HEAD')
  assert.deepEqual([await head.text(), house.guide.written], ['', 0])
  const get = await house.get('/xmltv.xml', { ...GZIP, range: 'bytes=0-' })
  assert.equal(get.status, 200)
  for (const name of ['etag', 'last-modified', 'content-type', 'content-encoding', 'cache-control'])
    assert.equal(head.headers.get(name), get.headers.get(name))
  await get.body?.cancel()
})

test('/xmltv.xml is 503 with Retry-After until the guide is there', async () => {
  const house = guideHouse({
    guide: {
      revision() {
        throw new Failure('guide/not-ready', 'Not yet')
      },
      programmes: () => [],
    },
  })
  const response = await house.get('/xmltv.xml')
  assert.deepEqual(
    [response.status, response.headers.get('x-downlink-error'), response.headers.has('retry-after')],
    [503, 'guide/not-ready', true],
  )
})

test('/xmltv.xml of many channels comes in pieces', async () => {
  const many = Array.from({ length: 3000 }, (_, index) => aChannel(index + 1, { name: `Channel ${index * 7919}` }))
  const house = guideHouse({}, [])
  house.state.lineup = { revision: '9', channels: many, groups: [] }
  let pieces = 0
  for await (const piece of (await house.get('/xmltv.xml')).body ?? []) pieces += Math.sign(piece.length)
  assert.ok(pieces > 3)
})

for (const { header, expected } of [
  { header: undefined, expected: false },
  { header: '', expected: false },
  { header: 'gzip', expected: true },
  { header: 'deflate, GZIP;q=0.5', expected: true },
  { header: 'x-gzip', expected: true },
  { header: '*', expected: true },
  { header: 'gzip;q=0, *', expected: false },
  { header: 'br, identity', expected: false },
]) {
  test(`acceptsGzip() reads ${header === undefined ? 'no header' : `"${header}"`} as ${expected}`, () => {
    assert.equal(acceptsGzip(header), expected)
  })
}
