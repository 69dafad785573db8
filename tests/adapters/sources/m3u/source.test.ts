import assert from 'node:assert/strict'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as v from 'valibot'
import { gzipSync } from 'node:zlib'
import { m3uSchema } from '../../../../core/source-kinds/m3u.ts'
import type { SourceDriver } from '../../../../adapters/sources/driver.ts'
import { createSink, eventually, toStream } from '../../../conformance/source.ts'
import { startListProvider } from '../../../fakes/lists/provider.ts'
import type { ListProvider, ServedFile } from '../../../fakes/lists/provider.ts'
import { failsWith } from '../failure.ts'
import { aSource } from './m3u-house.ts'
import { textsOf } from '../../../fakes/notice-texts.ts'

const patience = (): AbortSignal => AbortSignal.timeout(8000)
const SHORT = '#EXTM3U\n#EXTINF:-1,A\n/live/plays.ts\n'

/** A provider with one list and its driver. */
async function house(file: ServedFile, settings: Readonly<Record<string, unknown>> = {}) {
  const provider = await startListProvider()
  provider.serve('list', file)
  const driver = aSource({ url: new URL('/files/list', provider.url).href, ...settings })
  return {
    provider,
    driver,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

async function open(driver: SourceDriver, name: string) {
  const { items } = await driver.catalogue(patience())
  const item = items.find((one) => one.name === name)
  assert.ok(item, `"${name}" should be listed`)
  const sink = createSink()
  const upstream = await driver.open({ stream: toStream(driver, item), sink, previous: null, signal: patience() })
  return { upstream, sink }
}

const listCalls = ({ calls }: ListProvider) => calls.filter(({ path }) => path === '/files/list')

test('catalogue() lists channels with number, groups, guide and logo', async () => {
  await using at = await house({
    body: `#EXTM3U
#EXTINF:-1 tvg-id="news.de" tvg-chno="0012" tvg-logo="http://l/x.png" group-title="Info;DE",News
/live/u/p/4711.ts
#EXTINF:-1 radio="true" tvg-chno="x" group-title="Info",Radio
/radio
#EXTINF:-1,Sat
http://127.0.0.1:8001/1:0:19:132F:3EF:1:C00000:0:0:0:
`,
  })
  const { groups, items } = await at.driver.catalogue(patience())
  assert.deepEqual(groups, ['Info', 'DE'])
  const [news, radio, sat] = items
  assert.deepEqual(news, {
    item: 'id4711',
    name: 'News',
    media: 'tv',
    serviceRef: null,
    programNumber: null,
    slotKey: 'id4711',
    number: '12',
    groups: ['Info', 'DE'],
    hasLogo: true,
    guide: { feed: 'list', channel: 'news.de' },
  })
  assert.deepEqual([radio?.media, radio?.number, radio?.guide, radio?.hasLogo], ['radio', null, null, false])
  assert.deepEqual([sat?.serviceRef, sat?.programNumber], ['1:0:19:132F:3EF:1:C00000:0:0:0:', 0x132f])
})

test('catalogue() leaves out films, separators and what cannot be played, and says so', async () => {
  await using at = await house({
    body: `#EXTM3U
#EXTINF:-1,###### SPORT ######
/live/plays.ts
#EXTINF:-1,●▬▬ DE ▬▬●
/live/plays.ts
#EXTINF:-1,A film
/movie/u/p/1.mkv
#EXTINF:5400,Another film
/x/y
#EXTINF:-1,Multicast
udp://@239.1.1.1:5000
#EXTINF:-1,Broken
http://[x
#EXTINF:-1,Lost
#EXTINF:-1,|DE| A
/live/plays.ts
`,
  })
  const { items } = await at.driver.catalogue(patience())
  assert.deepEqual(
    items.map(({ name }) => name),
    ['|DE| A'],
  )
  const notices = textsOf(at.driver.notices()).join('\n')
  assert.match(notices, /1 lines of the list cannot be used \(line 14: an #EXTINF without an address behind it\)/)
  assert.match(notices, /2 films and episodes/)
  assert.match(notices, /1 channels of the list are left out: only http/)
  assert.match(notices, /1 channels of the list are left out: their addresses/)
})

for (const gzip of ['header', 'silent'] as const)
  test(`catalogue() unpacks a list that is packed (${gzip})`, async () => {
    await using at = await house({ body: SHORT, gzip })
    assert.equal((await at.driver.catalogue(patience())).items.length, 1)
  })

test('catalogue() does not load again what is unchanged', async () => {
  await using at = await house({ body: SHORT, etag: '"1"' })
  const first = await at.driver.catalogue(patience())
  assert.equal(await at.driver.catalogue(patience()), first)
  assert.deepEqual(
    listCalls(at.provider).map(({ headers }) => headers['if-none-match']),
    [undefined, '"1"'],
  )
  at.provider.serve('list', { body: SHORT.replace('A', 'B'), etag: '"2"' })
  assert.equal((await at.driver.catalogue(patience())).items[0]?.name, 'B')
})

test('catalogue() that is cancelled ends the load, unless somebody else waits for it', async () => {
  const sent = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let loads = 0
  const server = createServer((_request, response) => {
    loads += 1
    response.on('close', ended.resolve)
    response.write(SHORT)
    sent.resolve()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await using driver = aSource({ url: `http://127.0.0.1:${port}/list` })
  const [first, second] = [new AbortController(), new AbortController()]
  const refreshes = [first, second].map(({ signal }) => driver.catalogue(signal))
  await sent.promise
  first.abort(new Error('enough'))
  await assert.rejects(refreshes[0] ?? assert.fail(), { message: 'enough' })
  assert.equal(loads, 1)
  second.abort(new Error('enough'))
  await assert.rejects(refreshes[1] ?? assert.fail(), { message: 'enough' })
  await ended.promise
  server.closeAllConnections()
  server.close()
})

test('catalogue() loads once for all who ask at the same time', async () => {
  await using at = await house({ body: SHORT })
  await Promise.all([at.driver.catalogue(patience()), at.driver.catalogue(patience())])
  assert.equal(listCalls(at.provider).length, 1)
})

for (const { name, file, code } of [
  { name: 'a page', file: { body: '<html>' }, code: 'source/bad-answer' },
  { name: 'nothing', file: { body: '' }, code: 'source/bad-answer' },
  { name: 'separators alone', file: { body: '#EXTM3U\n#EXTINF:-1,######\n/x\n' }, code: 'source/bad-answer' },
  { name: 'a stream', file: { body: '#EXTM3U\n#EXT-X-TARGETDURATION:2\n' }, code: 'source/not-supported' },
  {
    name: 'half of a packed list',
    file: { body: gzipSync(SHORT.repeat(50)).subarray(0, 40) },
    code: 'source/bad-answer',
  },
] as const) {
  test(`catalogue() says what is wrong with ${name}`, async () => {
    await using at = await house(file)
    await assert.rejects(at.driver.catalogue(patience()), failsWith(code))
  })
}

test('catalogue() says that there is no list', async () => {
  await using provider = await startListProvider()
  await using driver = aSource({ url: new URL('/files/nothing', provider.url).href })
  await assert.rejects(driver.catalogue(patience()), failsWith('source/bad-answer'))
})

test('catalogue() reads a list on this machine, plain or packed, again when it has changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'm3u-'))
  const path = join(folder, 'list.m3u')
  try {
    await using driver = aSource({ file: path })
    await assert.rejects(driver.catalogue(patience()), failsWith('source/unreachable'))
    const list = '#EXTM3U\n#EXTINF:-1,A\nhttp://tv.example.org/a\n'
    await writeFile(path, list)
    const first = await driver.catalogue(patience())
    assert.equal(await driver.catalogue(patience()), first)
    await writeFile(path, gzipSync(list.replace('A', 'B')))
    await utimes(path, 1, 1)
    assert.equal((await driver.catalogue(patience())).items[0]?.name, 'B')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('open() asks as the list and the owner say, and as the entry says for itself', async () => {
  await using at = await house(
    {
      body: `#EXTM3U
#EXTINF:-1,A
/live/a.ts
#EXTINF:-1,B
#EXTVLCOPT:http-referrer=http://page/
/live/b.ts|User-Agent=Box&X-Own=1
`,
    },
    { userAgent: 'Player/1', headers: { 'X-Key': 'k' } },
  )
  for (const name of ['A', 'B']) (await open(at.driver, name)).upstream.close()
  const seen = at.provider.calls.map(({ headers }) => [
    headers['user-agent'],
    headers['x-key'],
    headers.referer,
    headers['x-own'],
  ])
  assert.deepEqual(seen, [
    ['Player/1', 'k', undefined, undefined],
    ['Player/1', 'k', undefined, undefined],
    ['Player/1', 'k', undefined, undefined], // the list again, for "B"
    ['Box', 'k', 'http://page/', '1'],
  ])
})

test('open() plays an HLS entry as one stream', async () => {
  await using at = await house({ body: '#EXTM3U\n#EXTINF:-1,A\n/hls/ended/index.m3u8\n' })
  const { sink, upstream } = await open(at.driver, 'A')
  await eventually(() => sink.bytes() > 10_000, 'bytes arrive')
  upstream.close()
})

test('open() reads the list first when it was not read in this run', async () => {
  await using at = await house({ body: '#EXTM3U\n#EXTINF:-1,A\n/live/u/p/4711.ts\n' })
  const item = {
    item: 'id4711',
    name: 'A',
    media: 'tv',
    serviceRef: null,
    programNumber: null,
    slotKey: 'id4711',
  } as const
  const rest = { number: null, groups: [], hasLogo: false, guide: null }
  const asked = { sink: createSink(), previous: null, signal: patience() }
  const upstream = await at.driver.open({ ...asked, stream: toStream(at.driver, { ...item, ...rest }) })
  upstream.close()
  const gone = at.driver.open({ ...asked, stream: toStream(at.driver, { ...item, ...rest, item: 'id1' }) })
  await assert.rejects(gone, failsWith('live/refused'))
})

test('nothing leads into the local network that is not the host of the list or allowed', async () => {
  const body = (port: number): string => `#EXTM3U x-tvg-url="http://localhost:${port}/trap/guide.xml"
#EXTINF:-1 tvg-logo="http://localhost:${port}/trap/logo.png",Local
http://localhost:${port}/trap/stream.ts
#EXTINF:-1 tvg-logo="http://169.254.169.254/latest",Metadata
http://169.254.169.254/latest
#EXTINF:-1,Mapped
http://[::ffff:10.0.0.1]/
`
  await using at = await house({ body: '' })
  at.provider.serve('list', { body: body(at.provider.port) })
  for (const name of ['Local', 'Metadata', 'Mapped'])
    await assert.rejects(open(at.driver, name), failsWith('source/forbidden-address'))
  const { items } = await at.driver.catalogue(patience())
  for (const { item } of items) assert.equal(await at.driver.logo(item, patience()), null)
  await assert.rejects(
    async () => at.driver.guideDocument?.open(null, patience()),
    failsWith('source/forbidden-address'),
  )
  assert.deepEqual(at.provider.forbidden, [])

  await using allowed = aSource({ url: new URL('/files/list', at.provider.url).href, allowHosts: ['localhost'] })
  await assert.rejects(open(allowed, 'Local'), failsWith('live/refused'))
  assert.equal(at.provider.forbidden.length, 1)
})

test('guideDocument opens the guide of the owner, else the one of the list, and says when there is none', async () => {
  await using at = await house({ body: SHORT })
  await assert.rejects(async () => at.driver.guideDocument?.open(null, patience()), failsWith('source/not-supported'))
  at.provider.serve('guide', { body: '<tv/>', etag: '"g"' })
  const guideUrl = new URL('/files/guide', at.provider.url).href
  at.provider.serve('named', { body: SHORT.replace('#EXTM3U', `#EXTM3U url-tvg="${guideUrl}"`) })
  const url = new URL('/files/named', at.provider.url).href
  for (const settings of [{ url }, { url: new URL('/files/list', at.provider.url).href, guideUrl }]) {
    await using driver = aSource(settings)
    const opened = await driver.guideDocument?.open(null, patience())
    assert.equal(opened?.version.etag, '"g"')
    let text = ''
    for await (const chunk of opened.bytes) text += new TextDecoder().decode(chunk)
    assert.equal(text, '<tv/>')
    assert.equal(await driver.guideDocument?.open(opened.version, patience()), null)
  }
})

test('slots() is what the owner says', async () => {
  await using some = aSource({ url: 'http://127.0.0.1:9/', maxStreams: 3 })
  await using any = aSource({ url: 'http://127.0.0.1:9/' })
  assert.deepEqual([some.slots(), any.slots(), any.sharesSlots], [3, null, false])
})

for (const { name, settings, pattern } of [
  { name: 'neither url nor file', settings: {}, pattern: /address of the list/ },
  { name: 'both url and file', settings: { url: 'http://a/', file: 'x' }, pattern: /not both/ },
  { name: 'another scheme', settings: { url: 'ftp://a/' }, pattern: /address of the list/ },
  {
    name: 'a header with a line end',
    settings: { url: 'http://a/', headers: { A: 'b\r\nC: d' } },
    pattern: /a header/,
  },
  {
    name: 'a header without a name',
    settings: { url: 'http://a/', headers: { 'a b': 'c' } },
    pattern: /name of a header/,
  },
  { name: 'an unknown key', settings: { url: 'http://a/', urll: 'x' }, pattern: /urll/ },
]) {
  test(`m3uSchema refuses ${name}`, () => {
    const result = v.safeParse(m3uSchema, settings)
    assert.ok(!result.success)
    assert.match(result.issues.map(({ message }) => message).join('\n'), pattern)
  })
}

test('m3uSchema tells no address and no header', () => {
  const settings = v.parse(m3uSchema, {
    url: 'http://u:secret@a/?p=secret',
    headers: { A: 'secret' },
    guideUrl: 'http://a/secret',
  })
  assert.doesNotMatch(JSON.stringify(settings), /secret/)
})
