import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNKNOWN_FACTS } from '../../../../adapters/sources/enigma2/facts.ts'
import type { ReceiverFacts } from '../../../../adapters/sources/enigma2/facts.ts'
import { broadcastItemOf } from '../../../../adapters/sources/enigma2/item.ts'
import type { ReceiverItem } from '../../../../adapters/sources/enigma2/item.ts'
import { createStreamWays } from '../../../../adapters/sources/enigma2/stream-way.ts'
import { createWebClient } from '../../../../adapters/sources/enigma2/web-client.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import { Failure } from '../../../../core/errors.ts'
import { eventually } from '../../../conformance/source.ts'
import { createManualTimers } from './manual-timers.ts'
import { aConfig, createTestLog, failsWith, patience } from './receiver.ts'
import { startWeb } from './web-server.ts'

const REF = '1:0:19:132F:3EF:1:C00000:0:0:0:'
const HOUR_MS = 3_600_000
const anItem = (more: Partial<ReceiverItem> = {}): ReceiverItem => {
  const item = broadcastItemOf(REF)
  assert.ok(item)
  return { ...item, name: 'ORF1 HD', ...more }
}
const scrambled = new Failure('live/scrambled', 'the try before')

/** Ways of a box that says `url` of every stream; null: it does not answer. */
async function aFinder(
  options: { url?: string | null; settings?: Readonly<Record<string, unknown>>; facts?: Partial<ReceiverFacts> } = {},
) {
  const { url = `http://127.0.0.1:8001/${REF}`, settings = {}, facts = {} } = options
  const web = await startWeb(() =>
    url === null ? null : { type: 'application/vnd.apple.mpegurl', body: `#EXTM3U \n${url}\n` },
  )
  const timers = createManualTimers()
  const config = aConfig({ url: web.url.href, ...settings })
  const ways = createStreamWays({
    settings: config.settings,
    client: createWebClient({
      url: web.url,
      username: undefined,
      password: undefined,
      now: Date.now,
      timers: systemTimers,
    }),
    facts: () => ({ ...UNKNOWN_FACTS, ...facts }),
    now: timers.now,
    timers,
    log: createTestLog().log,
  })
  const find = (item = anItem(), previous: Failure | null = null) => ways.find(item, previous, patience())
  return { ways, find, timers, web, [Symbol.asyncDispose]: () => web[Symbol.asyncDispose]() }
}

test('find() asks the box once, in the exact form of its relay list, and keeps the answer for hours', async () => {
  await using subject = await aFinder()
  const way = await subject.find()
  assert.deepEqual(way, { kind: 'tuner', host: '127.0.0.1', port: 8001, path: REF, ref: REF, hostHeader: null })
  assert.equal(subject.web.requests[0]?.query.get('ref'), REF)
  subject.timers.advance(5 * HOUR_MS)
  await subject.find()
  assert.equal(subject.web.requests.length, 1)
  subject.timers.advance(2 * HOUR_MS)
  await subject.find()
  assert.equal(subject.web.requests.length, 2)
})

test('failed() twice makes the box be asked again', async () => {
  await using subject = await aFinder()
  await subject.find()
  subject.ways.failed(anItem())
  await subject.find()
  assert.equal(subject.web.requests.length, 1)
  subject.ways.failed(anItem())
  await subject.find()
  assert.equal(subject.web.requests.length, 2)
})

for (const { name, url, way } of [
  { name: 'loopback, which is the box', url: `http://localhost:17999/${REF}`, way: ['relay', '127.0.0.1', 17_999] },
  { name: 'the transcoder', url: `http://127.0.0.1:8002/${REF}?bitrate=1000000`, way: ['tuner', '127.0.0.1', 8002] },
  { name: 'another host', url: `http://203.0.113.7:17999/${REF}`, way: ['tuner', '127.0.0.1', 8001] },
  {
    name: 'something that is no service',
    url: 'http://127.0.0.1/file?file=/etc/shadow',
    way: ['tuner', '127.0.0.1', 8001],
  },
  { name: 'nonsense', url: 'hello', way: ['tuner', '127.0.0.1', 8001] },
]) {
  test(`find() takes from the box ${name}`, async () => {
    await using subject = await aFinder({ url })
    const { kind, host, port, path } = await subject.find()
    assert.deepEqual([kind, host, port, path], [...way, REF])
  })
}

test('find() does not wait long for the box, and keeps a late answer', async () => {
  await using subject = await aFinder({ url: null, facts: { streamPort: 8011 } })
  const finding = subject.find()
  await eventually(() => subject.web.requests.length === 1, 'the box is asked')
  subject.timers.advance(2500)
  assert.equal((await finding).port, 8011)
})

for (const { name, facts, item, way } of [
  { name: 'its relay list', facts: { relayed: new Set([REF]), relayPort: 18_000 }, item: {}, way: ['relay', 18_000] },
  { name: 'the bouquet that lists it behind the relay', facts: {}, item: { viaRelay: true }, way: ['relay', 17_999] },
  { name: 'its stream port', facts: { streamPort: 8011 }, item: {}, way: ['tuner', 8011] },
]) {
  test(`find() of a box that would zap goes by ${name} and asks nothing`, async () => {
    await using subject = await aFinder({ facts: { ...facts, zapsOnStream: true } })
    const { kind, port } = await subject.find(anItem(item))
    assert.deepEqual([kind, port], way)
    assert.equal(subject.web.requests.length, 0)
  })
}

test('find() takes the ports that the owner wrote down', async () => {
  await using subject = await aFinder({ settings: { streamPort: 9001 }, facts: { streamPort: 8011 } })
  assert.equal((await subject.find()).port, 9001)
})

test('find() names the receiver to a relay on another machine, because it opens its source there', async () => {
  await using subject = await aFinder({ settings: { streamUrl: 'http://192.168.1.30:17999' } })
  const { kind, host, port, hostHeader } = await subject.find()
  assert.deepEqual([kind, host, port, hostHeader], ['relay', '192.168.1.30', 17_999, '127.0.0.1:8001'])
})

test('find() after scrambled pictures from the tuner takes the relay, and after those of the relay nothing', async () => {
  await using subject = await aFinder()
  const first = await subject.find()
  subject.ways.closed(anItem(), first)
  const second = await subject.find(anItem(), scrambled)
  assert.deepEqual([first.kind, second.kind, second.port], ['tuner', 'relay', 17_999])
  subject.ways.closed(anItem(), second)
  await assert.rejects(subject.find(anItem(), scrambled), (error) => error === scrambled)
})

test('find() long after scrambled pictures starts anew', async () => {
  await using subject = await aFinder()
  subject.ways.closed(anItem(), await subject.find())
  subject.timers.advance(6000)
  assert.equal((await subject.find(anItem(), scrambled)).kind, 'tuner')
})

test('worked() remembers a relay that the box did not name', async () => {
  await using subject = await aFinder()
  subject.ways.closed(anItem(), await subject.find())
  subject.ways.worked(anItem(), await subject.find(anItem(), scrambled))
  assert.equal((await subject.find()).kind, 'relay')
})

test('find() of alternatives asks each time, because the box picks by what is free', async () => {
  await using subject = await aFinder()
  const group = anItem({
    kind: 'group',
    key: 'g',
    ref: '1:134:1:0:0:0:0:0:0:0:FROM BOUQUET "a" ORDER BY bouquet',
    programNumber: null,
  })
  await subject.find(group)
  assert.equal((await subject.find(group)).ref, REF)
  assert.equal(subject.web.requests.length, 2)
})

test('find() of alternatives takes the first member when the box says nothing, and fails without one', async () => {
  await using subject = await aFinder({ url: 'hello' })
  const group = anItem({ kind: 'group', key: 'g', ref: '1:134:1:…', members: [REF] })
  assert.equal((await subject.find(group)).ref, REF)
  await assert.rejects(subject.find({ ...group, members: [] }), failsWith('live/refused'))
})
