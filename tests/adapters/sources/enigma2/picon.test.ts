import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPicons, piconNames } from '../../../../adapters/sources/enigma2/picon.ts'
import { broadcastItemOf } from '../../../../adapters/sources/enigma2/item.ts'
import { createWebClient } from '../../../../adapters/sources/enigma2/web-client.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import { patience } from './receiver.ts'
import { startWeb } from './web-server.ts'

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1)
const DEFAULT = Uint8Array.of(...PNG, 2)
const NAMES = [
  '1_0_19_132F_3EF_1_C00001_0_0_0',
  '1_0_19_132F_3EF_1_C00000_0_0_0',
  '1_0_1_132F_3EF_1_C00000_0_0_0',
  'orf1hd',
  'orf1',
]

const anItem = { ...broadcastItemOf('1:0:19:132F:3EF:1:C00001:0:0:0:'), name: 'ORF1 HD' } as NonNullable<
  ReturnType<typeof broadcastItemOf>
>

test('piconNames() goes by the order of the box', () => {
  assert.deepEqual(piconNames(anItem), NAMES)
})

test('piconNames() makes words of signs, and knows the names of IPTV lines', () => {
  const url = {
    kind: 'url',
    ref: '4097:0:1:0:0:0:0:0:0:0:http%3a//h/x',
    name: 'Österreich + *Süd* & 2 UHD',
    members: [],
  } as const
  assert.deepEqual(piconNames(url).slice(-2), ['osterreichplusstarsudstarand2uhd', 'osterreichplusstarsudstarand2'])
  assert.equal(piconNames(url)[1], '1_0_1_0_0_0_0_0_0_0')
})

test('piconNames() of alternatives are those of the first member', () => {
  const group = { kind: 'group', ref: '1:134:1:…', name: 'X', members: [anItem.ref] } as const
  assert.equal(piconNames(group)[0], NAMES[0])
})

for (const { name, files, found } of [
  { name: 'the picture of the reference', files: { [NAMES[0] ?? '']: PNG }, found: true },
  { name: 'the picture of the name without HD', files: { orf1: PNG }, found: true },
  { name: 'none', files: {}, found: false },
  { name: 'no web page', files: { orf1: new TextEncoder().encode('<html>404</html>') }, found: false },
  { name: 'no stand-in for all', files: { '*': DEFAULT }, found: false },
  { name: 'a real picture beside a stand-in', files: { orf1: PNG, '*': DEFAULT }, found: true },
]) {
  test(`createPicons() finds ${name}`, async () => {
    const pictures: Readonly<Record<string, Uint8Array | undefined>> = files
    await using web = await startWeb((request) => {
      const body = pictures[request.path.replace(/^\/picon\/(.*)\.png$/, '$1')] ?? pictures['*']
      return body === undefined ? { status: 404, type: 'text/html', body: '<h1>404</h1>' } : { type: 'image/png', body }
    })
    const client = createWebClient({
      url: web.url,
      username: undefined,
      password: undefined,
      now: Date.now,
      timers: systemTimers,
    })
    const bytes = await createPicons(client).find(anItem, patience())
    assert.deepEqual(bytes === null ? null : [...bytes], found ? [...PNG] : null)
  })
}

test('createPicons() takes a redirect, as to a default picture, for nothing', async () => {
  await using web = await startWeb(() => ({
    status: 302,
    headers: { Location: '/images/default_picon.png' },
    body: '',
  }))
  const client = createWebClient({
    url: web.url,
    username: undefined,
    password: undefined,
    now: Date.now,
    timers: systemTimers,
  })
  assert.equal(await createPicons(client).find(anItem, patience()), null)
  assert.ok(web.requests.every(({ path }) => path.startsWith('/picon/')))
})
