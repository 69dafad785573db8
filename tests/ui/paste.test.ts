import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { freeId, readPasted } from '../../ui/src/sources/paste.ts'

for (const [text, kind, entry] of [
  ['192.168.1.20', 'enigma2', { url: 'http://192.168.1.20' }],
  ['http://root:secret@192.168.1.20/', 'enigma2', { url: 'http://192.168.1.20', username: 'root', password: 'secret' }],
  ['vuduo.fritz.box', 'enigma2', { url: 'http://vuduo.fritz.box' }],
  ['vuduo4k', 'enigma2', { url: 'http://vuduo4k' }],
  ['https://lists.example/tv.m3u', 'm3u', { url: 'https://lists.example/tv.m3u' }],
  ['http://192.168.1.30:9981/playlist', 'm3u', { url: 'http://192.168.1.30:9981/playlist' }],
  [
    'http://tv.example:8080/get.php?username=anna&password=x1&type=m3u_plus&output=ts',
    'xtream',
    { url: 'http://tv.example:8080/', username: 'anna', password: 'x1' },
  ],
  ['tv.example:8080', 'xtream', { url: 'http://tv.example:8080/' }],
  [
    'http://portal.example/c/ 00:1a:79:11:22:33',
    'stalker',
    { url: 'http://portal.example/c/', macs: ['00:1A:79:11:22:33'] },
  ],
  [
    '00-1A-79-11-22-33; 00:1A:79:44:55:66\nportal.example/stalker_portal/c',
    'stalker',
    { url: 'http://portal.example/stalker_portal/c', macs: ['00:1A:79:11:22:33', '00:1A:79:44:55:66'] },
  ],
  ['http://portal.example/stalker_portal/c/', 'stalker', { url: 'http://portal.example/stalker_portal/c/' }],
  ['/srv/tv/list.m3u', 'm3u', { file: '/srv/tv/list.m3u' }],
  ['/srv/films', 'media', { path: '/srv/films' }],
  ['C:\\Films\\', 'media', { path: 'C:\\Films\\' }],
] as const) {
  test(`readPasted() takes "${text}" for ${kind}`, () => assert.deepEqual(readPasted(text), { kind, entry }))
}

for (const text of ['', '   ', 'ftp://host/x', '00:1A:79:11:22:33']) {
  test(`readPasted() knows nothing of "${text}"`, () => assert.equal(readPasted(text), null))
}

test('a % that means itself stays in a name', () => {
  assert.deepEqual(readPasted('http://50%25:%@192.168.1.20/')?.entry, {
    url: 'http://192.168.1.20',
    username: '50%',
    password: '%',
  })
})

test('readPasted() never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => void readPasted(text)),
    { examples: [[':%@A']] },
  )
})

test('freeId() finds one that is not taken', () => {
  assert.equal(freeId('enigma2', []), 'receiver')
  assert.equal(freeId('m3u', ['list', 'list-2']), 'list-3')
})
