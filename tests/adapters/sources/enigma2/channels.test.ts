import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Enigma2Ports, Enigma2Source } from '../../../../adapters/sources/enigma2/source.ts'
import { eventually } from '../../../conformance/source.ts'
import { bigModel, demoModel, nastyModel, quickTiming, startReceiver } from '../../../fakes/receiver/index.ts'
import type { Receiver } from '../../../fakes/receiver/index.ts'
import { defaultSettings } from '../../../fakes/receiver/settings.ts'
import { testCacheDir } from '../../../fakes/receiver/test-setting.ts'
import { aSourceWith, createTestLog, failsWith, hasty, patience } from './receiver.ts'
import { textsOf } from '../../../fakes/notice-texts.ts'

const PLAIN = '1:0:19:132F:3EF:1:C00000:0:0:0:'
const NEIGHBOUR = '1:0:19:1330:3EF:1:C00000:0:0:0:' // same transponder
const ELSEWHERE = '1:0:19:2B66:45B:1:C00000:0:0:0:' // another one
const WHITELISTED = '1:0:19:11:6:85:C00000:0:0:0:'

const options = { ffmpegPath: '/nonexistent/ffmpeg', cacheDir: testCacheDir, timing: quickTiming }
let receiver: Receiver
before(async () => {
  receiver = await startReceiver({ ...options, model: nastyModel() })
})
after(() => receiver[Symbol.asyncDispose]())

const sources: Enigma2Source[] = []
function newSource(settings: Readonly<Record<string, unknown>> = {}, ports: Partial<Enigma2Ports> = {}): Enigma2Source {
  const source = aSourceWith({ url: receiver.url, ...settings }, ports)
  sources.push(source)
  return source
}
afterEach(async () => {
  for (const source of sources.splice(0)) await source[Symbol.asyncDispose]()
  receiver.faults.clear()
  receiver.watch(null)
  receiver.configure(defaultSettings)
  await eventually(() => receiver.observe().tunersInUse === 0, 'all tuners are free')
})

// ── channels ─────────────────────────────────────────────────────────────────────────────────────────────────────────

test('catalogue() numbers channels as the box does, with the gaps of numbered markers, and merges doubles', async () => {
  const { items, groups } = await newSource().catalogue(patience())
  assert.deepEqual(groups, ['Hauptliste (TV) "alles" & mehr', 'Liste in der Liste', 'Bezahlt', 'IPTV', 'Leer'])
  assert.deepEqual(
    items.map(({ name, number, groups: [group, ...others] }) => [number, name, group?.slice(0, 7), others.length]),
    [
      ['1', 'Österreich <1> & "Du"', 'Hauptli', 1],
      ['2', 'Kurzname HD', 'Hauptli', 0],
      ['6', 'Zwilling', 'Hauptli', 0],
      ['7', 'Zwilling', 'Hauptli', 0],
      ['8', 'Service 11112', 'Hauptli', 0],
      ['15', 'Retro+ *Stern*', 'Liste i', 1],
      ['10', 'Zwilling (beste)', 'Hauptli', 0],
      ['11', 'Geheim HD', 'Bezahlt', 0],
      ['12', 'Verschlossen HD', 'Bezahlt', 0],
      ['13', 'Wahlfeed 211', 'Bezahlt', 0],
      ['16', 'UHD Probe', 'Bezahlt', 0],
      ['18', 'Web Eins', 'IPTV', 0],
      ['19', 'Web Zwei', 'IPTV', 0],
      ['20', 'Web Drei', 'IPTV', 0],
    ],
  )
})

test('catalogue() gives service reference, programme, transponder and guide of a broadcast', async () => {
  const { items } = await newSource().catalogue(patience())
  assert.deepEqual(
    items.find(({ item }) => item === PLAIN),
    {
      item: PLAIN,
      name: 'Österreich <1> & "Du"',
      media: 'tv',
      serviceRef: PLAIN,
      programNumber: 0x132f,
      slotKey: 'C00000:3EF:1',
      number: '1',
      groups: ['Hauptliste (TV) "alles" & mehr', 'Bezahlt'],
      hasLogo: true,
      guide: { feed: 'box', channel: '1:3EF:132F' },
    },
  )
})

test('catalogue() takes a relay line for the channel inside it, and keeps URLs out of keys', async () => {
  const { items } = await newSource().catalogue(patience())
  assert.equal(items.filter(({ serviceRef }) => serviceRef === WHITELISTED).length, 1)
  const web = items.filter(({ name }) => name.startsWith('Web'))
  assert.ok(
    web.every(({ item, serviceRef, slotKey }) => item.startsWith('url-') && serviceRef === null && slotKey === item),
  )
  assert.deepEqual(
    web.map(({ guide }) => guide?.channel ?? null),
    ['1:3EF:132F', null, null],
  )
})

test('catalogue() lists the named bouquets only, with the numbers they have on the box, and says which is missing', async () => {
  const source = newSource({ bouquets: ['bezahlt', 'Gibt es nicht'] })
  const { items, groups } = await source.catalogue(patience())
  assert.deepEqual(groups, ['Bezahlt'])
  assert.deepEqual(
    items.slice(0, 2).map(({ number, name }) => [number, name]),
    [
      ['11', 'Geheim HD'],
      ['12', 'Verschlossen HD'],
    ],
  )
  assert.match(textsOf(source.notices()).join(), /no bouquet "Gibt es nicht"/)
})

test('catalogue() lists radio when asked, without numbers that would meet those of television', async () => {
  const { items } = await newSource({ radio: true }).catalogue(patience())
  const radio = items.filter(({ media }) => media === 'radio')
  assert.deepEqual(
    radio.map(({ name, number, groups }) => [name, number, groups]),
    [['Radio Ton & Co', null, ['Radio']]],
  )
})

for (const { name, settings } of [
  { name: 'without JSON', settings: { xmlOnly: true } },
  { name: 'without JSON, in Latin-1', settings: { xmlOnly: true, latin1Xml: true } },
  { name: 'without JSON, escaped twice', settings: { xmlOnly: true, doubleEscapedXml: true } },
]) {
  test(`catalogue() and guide() read a box ${name}`, async () => {
    receiver.configure(settings)
    const source = newSource()
    const { items } = await source.catalogue(patience())
    assert.deepEqual(
      items.slice(0, 3).map((item) => [item.item, item.name, item.number]),
      [
        [PLAIN, 'Österreich <1> & "Du"', '1'],
        [NEIGHBOUR, 'Kurzname HD', '2'],
        [ELSEWHERE, 'Zwilling', '6'],
      ],
    )
    assert.equal(source.slots(), null)
    const from = Date.now()
    for await (const { programmes } of source.guide(['1:3EF:132F'], { from, to: from + 86_400_000 }, patience())) {
      assert.ok(programmes.length > 5)
    }
  })
}

test('catalogue() of 500 channels in ten bouquets asks at most 12 questions, never two at once, in one session', async () => {
  await using big = await startReceiver({ ...options, model: bigModel(500) })
  const source = newSource({ url: big.url })
  const { items, groups } = await source.catalogue(patience())
  assert.deepEqual([items.length, groups.length], [500, 10])
  const { requests, maxParallelApiCalls, sessionsCreated, forbiddenCalls } = big.observe()
  assert.deepEqual(requests, { about: 1, settings: 1, getservices: 11 })
  assert.deepEqual([maxParallelApiCalls, sessionsCreated, forbiddenCalls], [1, 1, []])
  assert.deepEqual(
    items.map(({ number }) => number),
    items.map((_, index) => String(index + 1)),
  )
})

for (const { name, settings, login, code } of [
  { name: 'no password', settings: { webAuth: true }, login: {}, code: 'source/login' },
  {
    name: 'a wrong password',
    settings: { webAuth: true },
    login: { username: 'root', password: 'no' },
    code: 'source/login',
  },
  {
    name: 'root where root is forbidden',
    settings: { webAuth: true, noRootAccess: true },
    login: { username: 'root', password: 'dreambox' },
    code: 'source/login',
  },
  { name: 'a foreign network', settings: { foreignNetwork: true }, login: {}, code: 'source/subnet' },
] as const) {
  test(`catalogue() explains ${name}`, async () => {
    receiver.configure(settings)
    await assert.rejects(newSource(login).catalogue(patience()), failsWith(code))
  })
}

for (const { name, method, fault, code } of [
  {
    name: 'a web page where data should be',
    method: 'getservices',
    fault: { kind: 'body', contentType: 'text/html', body: '<html>hello</html>' },
    code: 'source/bad-answer',
  },
  { name: 'a server error', method: 'getservices', fault: { kind: 'status', status: 500 }, code: 'source/bad-answer' },
  {
    name: 'a refusal in the language of the box',
    method: 'getservices',
    fault: { kind: 'result-false' },
    code: 'source/bad-answer',
  },
  {
    name: 'a body that is cut off',
    method: 'getservices',
    fault: { kind: 'truncate', bytes: 100 },
    code: 'source/bad-answer',
  },
  { name: 'a connection that breaks', method: 'about', fault: { kind: 'reset' }, code: 'source/unreachable' },
  { name: 'no answer', method: 'about', fault: { kind: 'hang' }, code: 'source/timeout' },
] as const) {
  test(`catalogue() explains ${name}`, async () => {
    const source = newSource({}, { timers: hasty })
    receiver.faults.web(method, fault)
    await assert.rejects(source.catalogue(patience()), failsWith(code))
  })
}

test('catalogue() explains a box that is off', async () => {
  const off = await startReceiver({ ...options, model: nastyModel() })
  const { url } = off
  await off[Symbol.asyncDispose]()
  await assert.rejects(newSource({ url }).catalogue(patience()), failsWith('source/unreachable'))
})

test('catalogue() goes on without the settings of the box', async () => {
  receiver.faults.web('settings', { kind: 'status', status: 500 })
  const { items } = await newSource().catalogue(patience())
  assert.ok(items.length > 0)
})

// ── guide ────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('guide() skips a channel that fails and goes on', async () => {
  const { log, lines } = createTestLog()
  const source = newSource({}, { log })
  await source.catalogue(patience())
  receiver.faults.web('epgservice', { kind: 'status', status: 500, times: 1 })
  const from = Date.now()
  const seen: string[] = []
  for await (const { channel } of source.guide(
    ['1:3EF:132F', '1:3EF:1330'],
    { from, to: from + 3_600_000 },
    patience(),
  ))
    seen.push(channel)
  assert.deepEqual(seen, ['1:3EF:1330'])
  assert.ok(lines.some(({ event }) => event === 'guide-channel-failed'))
})

test('guide() gives up when channel after channel fails', async () => {
  const source = newSource()
  await source.catalogue(patience())
  receiver.faults.web('epgservice', { kind: 'status', status: 500 })
  const before = receiver.observe().requests['epgservice'] ?? 0
  const from = Date.now()
  const walk = source.guide(['1:1:1', '1:1:2', '1:1:3', '1:1:4', '1:1:5'], { from, to: from + 3_600_000 }, patience())
  await assert.rejects(async () => {
    for await (const batch of walk) assert.fail(`unexpected ${batch.channel}`)
  }, failsWith('source/bad-answer'))
  assert.equal((receiver.observe().requests['epgservice'] ?? 0) - before, 3)
})

test('guide() of a box with a wrong clock yields what it has and says so', async () => {
  receiver.configure({ clock: '1970' })
  const source = newSource()
  const from = Date.now()
  const batches = []
  for await (const batch of source.guide(['1:3EF:132F'], { from, to: from + 3_600_000 }, patience()))
    batches.push(batch)
  assert.deepEqual(
    batches.map(({ programmes }) => programmes),
    [[]],
  )
})

test('guide(), logos and channels at once are still one question at a time', async () => {
  await using other = await startReceiver({ ...options, model: nastyModel(), timing: { ...quickTiming, apiMs: 5 } })
  const source = newSource({ url: other.url })
  const { items } = await source.catalogue(patience())
  const from = Date.now()
  const walk = async (): Promise<void> => {
    for await (const { channel } of source.guide(
      ['1:3EF:132F', '1:3EF:1330'],
      { from, to: from + 3_600_000 },
      patience(),
    ))
      assert.ok(channel)
  }
  await Promise.all([
    walk(),
    source.catalogue(patience()),
    ...items.slice(0, 3).map(({ item }) => source.logo(item, patience())),
  ])
  const { maxParallelApiCalls, sessionsCreated } = other.observe()
  assert.deepEqual([maxParallelApiCalls, sessionsCreated], [1, 1])
})

// ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────────

test('logo() finds a picture by reference, by name, and none', async () => {
  await using demo = await startReceiver({ ...options, model: demoModel({ clips: 'tiny' }) })
  const source = newSource({ url: demo.url })
  const { items } = await source.catalogue(patience())
  const logoOf = async (name: string): Promise<boolean> => {
    const item = items.find((one) => one.name === name)
    assert.ok(item)
    return (await source.logo(item.item, patience())) !== null
  }
  assert.deepEqual(
    [await logoOf('Alpin 1 HD'), await logoOf('Retro Kanal'), await logoOf('Stadt & Land TV')],
    [true, true, false],
  )
})
