import assert from 'node:assert/strict'
import { test } from 'node:test'
import { discover } from '../../../../adapters/sources/enigma2/discovery.ts'
import { createWebClient } from '../../../../adapters/sources/enigma2/web-client.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import { createTestLog, failsWith, patience } from './receiver.ts'
import { startWeb } from './web-server.ts'
import type { WebReply } from './web-server.ts'

const tuner = (type: string, use: Readonly<Record<string, string>> = {}) => ({
  name: 'Tuner A',
  type,
  rec: '',
  live: '',
  stream: '',
  ...use,
})
const info = {
  brand: 'Vuplus',
  model: 'Duo 4K SE',
  webifver: 'OWIF 2.4.0',
  imagedistro: 'openatv',
  tuners: [
    tuner('Vuplus DVB-S NIM(45208 FBC) (DVB-S2)', { live: '19.2° E / ORF1 HD' }),
    tuner('DVB-C'),
    tuner('IPTV stream'),
  ],
  streams: [{ ref: 'x' }],
}

async function find(replies: Readonly<Record<string, WebReply>>) {
  await using web = await startWeb(
    ({ path }) => replies[path] ?? { status: 404, type: 'text/html', body: '<h1>404</h1>' },
  )
  const client = createWebClient({
    url: web.url,
    username: undefined,
    password: undefined,
    now: Date.now,
    timers: systemTimers,
  })
  const { log, lines } = createTestLog()
  return { facts: await discover(client, { log, signal: patience() }), lines, requests: web.requests }
}

const json = (value: unknown): WebReply => ({ body: JSON.stringify(value) })

test('discover() reads box, tuners and ports, and asks nothing else', async () => {
  const settings = [
    ['config.OpenWebif.streamport', '8011'],
    ['config.misc.softcam_streamrelay_port', 18_999],
    ['config.timezone.area', 'Europe'],
    ['config.timezone.val', 'Vienna'],
    ['config.misc.whitelist_streamrelay', '1:0:19:11:6:85:C00000:0:0:0:,1:0:19:12:6:85:c00000:0:0:0'],
  ]
  const { facts, requests } = await find({ '/api/about': json({ info }), '/api/settings': json({ settings }) })
  assert.deepEqual(facts, {
    dialect: 'json',
    model: 'Vuplus Duo 4K SE',
    image: 'openatv',
    webVersion: 'OWIF 2.4.0',
    tuners: [
      {
        name: 'Tuner A',
        type: 'Vuplus DVB-S NIM(45208 FBC) (DVB-S2)',
        use: { live: true, recording: false, stream: false },
      },
      { name: 'Tuner A', type: 'DVB-C', use: { live: false, recording: false, stream: false } },
    ],
    isFbc: true,
    streamClients: 1,
    streamPort: 8011,
    relayPort: 18_999,
    relayed: new Set(['1:0:19:11:6:85:C00000:0:0:0:', '1:0:19:12:6:85:C00000:0:0:0:']),
    zapsOnStream: false,
    timeZone: 'Europe/Vienna',
  })
  assert.deepEqual(
    requests.map(({ path }) => path),
    ['/api/about', '/api/settings'],
  )
})

test('discover() forgets every other setting', async () => {
  const settings = [
    ['config.network.password', 'geheim'],
    ['config.misc.secret', 'geheim'],
  ]
  const { facts, lines } = await find({ '/api/about': json({ info }), '/api/settings': json({ settings }) })
  assert.doesNotMatch(JSON.stringify([facts, [...facts.relayed], lines]), /geheim/)
})

test('discover() knows that the box would zap', async () => {
  const settings = [['config.OpenWebif.webcache.zapstream', 'True']]
  const { facts } = await find({ '/api/about': json({ info }), '/api/settings': json({ settings }) })
  assert.equal(facts.zapsOnStream, true)
})

for (const { name, settings } of [
  { name: 'missing', settings: undefined },
  { name: 'refused', settings: json({ result: false, message: 'nein' }) },
  { name: 'strange', settings: json({ settings: ['x', ['a'], [1, 2], ['config.OpenWebif.streamport', 'N/A']] }) },
]) {
  test(`discover() does without settings that are ${name}`, async () => {
    const { facts } = await find({
      '/api/about': json({ info }),
      ...(settings === undefined ? {} : { '/api/settings': settings }),
    })
    assert.deepEqual([facts.streamPort, facts.relayPort, facts.relayed.size], [null, null, 0])
  })
}

test('discover() reads an old box that has no JSON', async () => {
  const body =
    '<e2abouts><e2about><e2model>dm7020</e2model><e2webifversion>1.7</e2webifversion><e2imageversion>None</e2imageversion></e2about></e2abouts>'
  const { facts } = await find({ '/web/about': { type: 'text/xml', body } })
  assert.deepEqual(
    [facts.dialect, facts.model, facts.webVersion, facts.image, facts.tuners],
    ['xml', 'dm7020', '1.7', null, null],
  )
})

for (const { name, replies } of [
  { name: 'a web page', replies: { '/web/about': { body: '<html>router</html>' } } },
  { name: 'other data', replies: { '/api/about': json({ hello: 'world' }) } },
]) {
  test(`discover() does not take ${name} for a receiver`, async () => {
    await assert.rejects(find(replies), failsWith('source/bad-answer'))
  })
}
