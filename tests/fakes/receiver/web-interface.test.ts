import assert from 'node:assert/strict'
import { get } from 'node:https'
import { after, afterEach, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { bigModel, nastyModel, quickTiming, startReceiver } from './index.ts'
import type { Receiver } from './index.ts'
import { asText, eventually, openRaw } from './raw-client.ts'
import { defaultSettings } from './settings.ts'
import { testCacheDir } from './test-setting.ts'

// Nothing here needs a clip: the FFmpeg that is named does not exist.
const options = { ffmpegPath: '/nonexistent/ffmpeg', cacheDir: testCacheDir, timing: quickTiming }

const FIRST = '1:0:19:132F:3EF:1:C00000:0:0:0:'
const MAIN = '1:7:1:0:0:0:0:0:0:0:FROM BOUQUET "userbouquet.main.tv" ORDER BY bouquet'

let receiver: Receiver
before(async () => {
  receiver = await startReceiver({ ...options, model: nastyModel() })
})
after(() => receiver[Symbol.asyncDispose]())
afterEach(() => {
  receiver.faults.clear()
  receiver.configure(defaultSettings)
})

type Json = Record<string, unknown>

function address(path: string, parameters: Readonly<Record<string, string>> = {}): string {
  return `${receiver.url}${path}?${new URLSearchParams(parameters).toString()}`
}

async function api(method: string, parameters: Readonly<Record<string, string>> = {}): Promise<Json> {
  const response = await fetch(address(`/api/${method}`, parameters))
  assert.equal(response.status, 200)
  return (await response.json()) as Json
}

async function xml(method: string, parameters: Readonly<Record<string, string>> = {}): Promise<string> {
  return (await fetch(address(`/web/${method}`, parameters))).text()
}

const rows = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

const eventCount = async (method: string): Promise<number> => rows((await api(method, { bRef: MAIN }))['events']).length

async function about(): Promise<readonly [status: number, body: string]> {
  const response = await fetch(address('/api/about'))
  return [response.status, await response.text()]
}

async function statusFor(credentials?: string): Promise<number> {
  const headers: Record<string, string> = credentials ? { authorization: `Basic ${btoa(credentials)}` } : {}
  const response = await fetch(address('/api/about'), { headers })
  await response.text()
  return response.status
}

async function picon(name: string): Promise<readonly [status: number, type: string, magic: string]> {
  const response = await fetch(address(`/picon/${name}.png`))
  const bytes = new Uint8Array(await response.arrayBuffer())
  return [response.status, response.headers.get('content-type') ?? '', asText(bytes.subarray(1, 4))]
}

test('JSON has an indent of one and is ASCII only', async () => {
  const text = await (await fetch(address('/api/getservices', { sRef: MAIN }))).text()
  assert.match(text, /^\{\n "result": true,\n "processingtime"/)
  assert.ok(Array.from(text).every((letter) => letter.charCodeAt(0) < 0x7f))
  assert.ok(text.includes(String.raw`\u00d6sterreich <1> & \"Du\"  `))
})

test('JSON is compressed when asked for', async () => {
  const raw = openRaw(receiver.webPort, 'GET /api/about HTTP/1.0\r\nHost: box\r\nAccept-Encoding: gzip\r\n\r\n')
  const bytes = await raw.end()
  const at = asText(bytes).indexOf('\r\n\r\n') + 4
  assert.match(asText(bytes.subarray(0, at)), /content-encoding: gzip/i)
  assert.ok('info' in JSON.parse(new TextDecoder().decode(gunzipSync(bytes.subarray(at)))))
})

test('bouquets() leaves hidden lists out', async () => {
  const { bouquets } = await api('bouquets')
  assert.deepEqual(
    (bouquets as string[][]).map(([, name]) => name),
    ['Hauptliste (TV) "alles" & mehr', 'Bezahlt\u0086\u0087 ', 'IPTV', 'Leer'],
  )
})

test('getservices numbers channels as the box does', async () => {
  const { services } = await api('getservices', { sRef: MAIN })
  const numbered = rows(services).map((line) => [line['pos'], line['servicename']])
  assert.deepEqual(numbered, [
    [1, 'Österreich <1> & "Du"  '],
    [2, '\u0086Kurz\u0087name HD'],
    [0, '--- Überschrift ---'],
    [3, '<n/a>'],
    [0, 'Nummerierte Marke'], // takes number 4
    [6, 'Zwilling'], // the hidden numbered marker has 5
    [7, 'Zwilling'],
    [8, ''],
    [9, 'Liste in der Liste'],
    [10, 'Zwilling (beste)'],
  ])
})

test('getservices gives hidden lines on request', async () => {
  const { services } = await api('getservices', { sRef: MAIN, hidden: '1' })
  assert.ok(rows(services).some((line) => line['servicename'] === 'Unsichtbar'))
})

test('getservices of an unknown bouquet is an empty list', async () => {
  const { services, result } = await api('getservices', { sRef: 'FROM BOUQUET "nothing"' })
  assert.deepEqual([services, result], [[], true])
})

test('getallservices numbers run on from bouquet to bouquet', async () => {
  const { services } = await api('getallservices')
  const second = rows(rows(services)[1]?.['subservices'])
  assert.equal(second[0]?.['pos'], 11)
})

test('epgservice honours endTime in minutes and escapes HTML once', async () => {
  const short = rows((await api('epgservice', { sRef: FIRST, endTime: '120' }))['events'])
  const all = rows((await api('epgservice', { sRef: FIRST }))['events'])
  assert.ok(short.length < all.length)
  const now = Number(short[0]?.['now_timestamp'])
  assert.ok(short.every((event) => Number(event['begin_timestamp']) < now + 7200))
  const special = all.find((event) => String(event['title']).startsWith('Tom &amp; Jerry'))
  assert.equal(special?.['title'], 'Tom &amp; Jerry &lt;live&gt; &quot;Spezial&quot; &#x27;26')
  assert.equal(special?.['shortdesc'], 'Fünf &amp;amp; sechs')
})

test('epgservice turns the line break of DVB into one of JSON, and XML glues the words together', async () => {
  const json = rows((await api('epgservice', { sRef: FIRST }))['events'])
  assert.ok(json.some((event) => String(event['longdesc']).includes('Zeile eins\nZeile zwei')))
  assert.match(await xml('epgservice', { sRef: FIRST }), /Zeile einsZeile zwei/)
})

test('epgnow has one event for every visible line, null ids included', async () => {
  const { events } = await api('epgnow', { bRef: MAIN })
  assert.equal(rows(events).length, 10)
  const marker = rows(events).find((event) => event['sref'] === '1:64:1:0:0:0:0:0:0:0::--- Überschrift ---')
  assert.deepEqual([marker?.['id'], marker?.['title']], [null, 'N/A'])
})

test('epgbouquet without endTime is one instant, or everything, by setting; epgmulti is everything', async () => {
  const instant = await eventCount('epgbouquet')
  receiver.configure({ epgbouquet: 'everything' })
  const everything = await eventCount('epgbouquet')
  assert.ok(instant < 20 && everything > 500, `${instant} and ${everything}`)
  assert.equal(await eventCount('epgmulti'), everything)
})

test('epgservicenow of a service without a running event has null in its list; without guide it is empty', async () => {
  const unknown = await api('epgservicenow', { sRef: '1:0:19:1331:3EF:1:C00000:0:0:0:' })
  assert.deepEqual(unknown['events'], [])
  receiver.configure({ clock: '1970' })
  assert.deepEqual((await api('epgservicenow', { sRef: FIRST }))['events'], [null])
})

test('a missing parameter is status 200 with a German message', async () => {
  assert.deepEqual(await api('epgservice'), { result: false, message: "Erforderlicher Parameter 'sRef' fehlt" })
})

test('an unknown method is 404 in HTML', async () => {
  const response = await fetch(address('/api/nosuch'))
  assert.equal(response.status, 404)
  assert.match(response.headers.get('content-type') ?? '', /text\/html/)
  await response.text()
})

test('statusinfo says true and false in words', async () => {
  receiver.standby(true)
  assert.equal((await api('statusinfo'))['inStandby'], 'true')
  receiver.standby(false)
  assert.equal((await api('statusinfo'))['inStandby'], 'false')
})

test('settings name the ports and the relay whitelist', async () => {
  const { settings } = await api('settings')
  const map = new Map(settings as [string, string][])
  assert.equal(map.get('config.OpenWebif.streamport'), String(receiver.streamPort))
  assert.equal(map.get('config.misc.softcam_streamrelay_port'), String(receiver.relayPort))
  assert.equal(map.get('whitelist_streamrelay'), '1:0:19:DEAD:3EF:1:C00000:0:0:0:,1:0:19:11:6:85:C00000:0:0:0:')
})

for (const { name, ref, url } of [
  { name: 'a plain service', ref: FIRST, url: () => `http://127.0.0.1:${receiver.streamPort}/${FIRST}` },
  {
    name: 'a whitelisted service',
    ref: '1:0:19:11:6:85:C00000:0:0:0:',
    url: () => `http://127.0.0.1:${receiver.relayPort}/1:0:19:11:6:85:C00000:0:0:0:`,
  },
  {
    name: 'a whitelisted service with a name tail, which loses the match',
    ref: '1:0:19:11:6:85:C00000:0:0:0::Geheim',
    url: () => `http://127.0.0.1:${receiver.streamPort}/1:0:19:11:6:85:C00000:0:0:0::Geheim`,
  },
  {
    name: 'an IPTV line, its name still glued on',
    ref: '1:0:1:2:0:0:0:0:0:0:https%3a//iptv.example/ch/2.m3u8:Web Zwei',
    url: () => 'https://iptv.example/ch/2.m3u8:Web Zwei',
  },
  {
    name: 'a group',
    ref: '1:134:1:0:0:0:0:0:0:0:FROM BOUQUET "alternatives.zwilling.tv" ORDER BY bouquet',
    url: () => `http://127.0.0.1:${receiver.streamPort}/1:0:19:2B66:45B:1:C00000:0:0:0:`,
  },
]) {
  test(`stream.m3u names the URL of ${name}`, async () => {
    const text = await xml('stream.m3u', { ref, name: 'X' })
    assert.ok(text.startsWith('#EXTM3U \n#EXTVLCOPT:http-reconnect=true \n#EXTINF:-1,X\n'), text)
    assert.equal(text.trim().split('\n').at(-1), url())
  })
}

test('stream.m3u carries the session as user when streams need authentication, and v1 has its typing error', async () => {
  receiver.configure({ authForStreaming: true, playlist: 'v1' })
  const text = await xml('stream.m3u', { ref: FIRST })
  assert.match(text, /#EXTVLCOPT--http-reconnect=true/)
  assert.match(text, /http:\/\/-sid:[0-9a-f]{32}@127/)
})

test('every request without the cookie opens a session', async () => {
  const start = receiver.observe().sessionsCreated
  const first = await fetch(address('/api/currenttime'))
  await first.text()
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  await (await fetch(address('/api/currenttime'), { headers: { cookie } })).text()
  await (await fetch(address('/api/currenttime'))).text()
  assert.equal(receiver.observe().sessionsCreated - start, 2)
})

test('authentication: 401 without the password, in with it, and never for root when forbidden', async () => {
  receiver.configure({ webAuth: true })
  assert.deepEqual(
    [await statusFor(), await statusFor('root:wrong'), await statusFor('root:dreambox')],
    [401, 401, 200],
  )
  receiver.configure({ noRootAccess: true })
  assert.equal(await statusFor('root:dreambox'), 401)
})

test('a client from another network is 403 while authentication is off', async () => {
  receiver.configure({ foreignNetwork: true })
  const response = await fetch(address('/api/about'))
  assert.equal(response.status, 403)
  assert.match(await response.text(), /403.6 IP address rejected/)
})

test('requests are handled one at a time, and parallel ones are counted', async () => {
  receiver.faults.web('currenttime', { kind: 'busy', forMs: 100, times: 1 })
  await Promise.all([1, 2, 3].map(async () => (await fetch(address('/api/currenttime'))).text()))
  assert.ok(receiver.observe().maxParallelApiCalls >= 2)
})

test('a crowd can be refused', async () => {
  receiver.configure({ crowd: 'reject' })
  receiver.faults.web('about', { kind: 'busy', forMs: 200, times: 1 })
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, async () => (await fetch(address('/api/about'))).text()),
  )
  assert.ok(results.some((result) => result.status === 'rejected'))
  assert.ok(results.some((result) => result.status === 'fulfilled'))
})

test('a picon is a PNG under its reference, under its name only, or an HTML page', async () => {
  assert.deepEqual(await picon('1_0_19_132F_3EF_1_C00000_0_0_0'), [200, 'image/png', 'PNG'])
  assert.equal((await picon('1_0_19_1330_3EF_1_C00000_0_0_0'))[0], 404)
  assert.deepEqual(await picon('retroplusstarsternstar'), [200, 'image/png', 'PNG'])
  assert.deepEqual((await picon('nothing')).slice(0, 2), [404, 'text/html; charset=utf-8'])
})

test('timers are added, listed, found in conflict, changed and deleted', async () => {
  const begin = Math.floor(Date.now() / 1000) + 86_400
  const times = { begin: String(begin), end: String(begin + 3600), name: 'Probe' }
  const third = '1:0:19:11:6:85:C00000:0:0:0:'
  assert.equal((await api('timeradd', { sRef: FIRST, ...times }))['result'], true)
  assert.equal((await api('timeradd', { sRef: '1:0:19:2B66:45B:1:C00000:0:0:0:', ...times }))['result'], true)
  assert.equal(
    (await api('timeradd', { sRef: '1:0:19:1330:3EF:1:C00000:0:0:0:', ...times }))['result'],
    true,
    'shares a tuner',
  )
  const refused = await api('timeradd', { sRef: third, ...times })
  assert.equal(refused['result'], false)
  assert.ok(rows(refused['conflicts']).length >= 2)
  const later = { begin: String(begin + 7200), end: String(begin + 9000), name: 'Später' }
  const old = { channelOld: FIRST, beginOld: times.begin, endOld: times.end }
  assert.equal((await api('timerchange', { sRef: FIRST, ...later, ...old }))['result'], true)
  const listed = rows((await api('timerlist'))['timers'])
  assert.equal(listed.length, 3)
  for (const timer of listed) {
    const { serviceref, begin: from, end: to } = timer
    await api('timerdelete', { sRef: String(serviceref), begin: String(from), end: String(to) })
  }
  assert.deepEqual((await api('timerlist'))['timers'], [])
})

test('zapping and power changes are recorded as forbidden', async () => {
  await api('zap', { sRef: FIRST })
  await api('powerstate', { newstate: '5' })
  assert.deepEqual(receiver.observe().forbiddenCalls, ['zap', 'powerstate 5'])
  receiver.standby(false)
})

test('XML can be Latin-1 without a last line feed, and escaped twice', async () => {
  receiver.configure({ latin1Xml: true, doubleEscapedXml: true })
  const response = await fetch(address('/web/getservices', { sRef: MAIN }))
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = asText(bytes)
  assert.ok(text.startsWith('<?xml version="1.0" encoding="ISO-8859-1"?>'))
  assert.ok(text.includes('Österreich &amp;lt;1&amp;gt;'))
  assert.ok(!text.endsWith('\n'))
})

test('a first web interface has XML only', async () => {
  receiver.configure({ xmlOnly: true })
  const response = await fetch(address('/api/about'))
  await response.text()
  assert.equal(response.status, 404)
  assert.match(await xml('about'), /<e2model>Duo 4K SE<\/e2model>/)
})

test('web faults: status, truncated body, wrong body, result false, reset', async () => {
  receiver.faults.web('about', { kind: 'status', status: 500, times: 1 })
  assert.equal((await about())[0], 500)
  receiver.faults.web('about', { kind: 'truncate', bytes: 10, times: 1 })
  assert.equal((await about())[1].length, 10)
  receiver.faults.web('*', { kind: 'body', contentType: 'text/html', body: '<h1>Router</h1>', times: 1 })
  assert.equal((await about())[1], '<h1>Router</h1>')
  receiver.faults.web('about', { kind: 'result-false', times: 1 })
  assert.match((await about())[1], /"result": false/)
  receiver.faults.web('about', { kind: 'reset' }) // not once: some clients try again by themselves
  await assert.rejects(about())
  receiver.faults.clear()
  assert.equal((await about())[0], 200)
})

test('bigModel() lists every service once, in bouquets of fifty', async () => {
  await using big = await startReceiver({ ...options, model: bigModel(500) })
  const answer = (await (await fetch(`${big.url}/api/getallservices`)).json()) as Json
  const lists = rows(answer['services'])
  assert.equal(lists.length, 10)
  assert.equal(lists.flatMap((list) => rows(list['subservices'])).length, 500)
})

test('TLS has a certificate of the box that nobody trusts', async () => {
  await using box = await startReceiver({ ...options, model: nastyModel(), tls: true })
  await assert.rejects(fetch(`https://127.0.0.1:${box.tlsPort}/api/about`))
  const status = await new Promise((resolve, reject) => {
    const path = `https://127.0.0.1:${box.tlsPort}/api/about`
    const request = get(path, { rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
  })
  assert.equal(status, 200)
})

test('a reboot cuts everybody, and the box comes back in 1970', async () => {
  await using box = await startReceiver({ ...options, model: nastyModel() })
  const client = openRaw(box.webPort, '')
  await eventually(() => box.observe().socketsPerPort.web === 1, 'connected')
  await box.reboot(10)
  await client.end()
  const answer = (await (
    await fetch(`${box.url}/api/epgnow?${new URLSearchParams({ bRef: MAIN }).toString()}`)
  ).json()) as Json
  assert.ok(rows(answer['events']).every((event) => event['id'] === null && Number(event['now_timestamp']) < 86_400))
})
