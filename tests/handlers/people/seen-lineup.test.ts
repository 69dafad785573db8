import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import { createApp } from '../../../handlers/app.ts'
import { guideFace } from '../../../handlers/guide.ts'
import { hlsFace } from '../../../handlers/hls.ts'
import { houseApi } from '../../../handlers/house-api.ts'
import { liveFace } from '../../../handlers/live.ts'
import { logoFace } from '../../../handlers/logo.ts'
import { playlistFace } from '../../../handlers/playlist.ts'
import { ADMIN, fakeChannel, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'

/** A house with news and films, where Anna sees the news. */
async function open() {
  const house = fakeHouse({
    accounts: [ADMIN, { ...VIEWER, limits: { ...NO_LIMITS, groups: ['News'] } }],
    lineup: {
      revision: '7',
      channels: [
        fakeChannel(1, { name: 'Headlines', groups: ['News'] }),
        fakeChannel(2, { name: 'Cinema', groups: ['Films'] }),
      ],
      groups: [
        { name: 'News', order: 0 },
        { name: 'Films', order: 1 },
      ],
    },
  })
  const viewing = [playlistFace, guideFace, logoFace, liveFace, hlsFace]
  const app = createApp(house.gateway, { viewing, linked: [], api: houseApi })
  const link = async (owner: string) => (await house.tokens.add({ kind: 'viewing', name: 'tv', owner })).token.reveal()
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers: { host: 'localhost', ...STRANGER, ...headers } })
  return { get, anna: `/t/${await link('Anna')}`, jo: `/t/${await link('Jo')}` }
}

test('a person finds the channels of their groups and no others, whatever the face', async () => {
  const { get, anna, jo } = await open()
  const list = await (await get(`${anna}/playlist.m3u`)).text()
  assert.ok(list.includes('Headlines') && !list.includes('Cinema'))
  assert.ok((await (await get(`${jo}/playlist.m3u`)).text()).includes('Cinema'))
  const guide = await (await get(`${anna}/xmltv.xml`, { 'accept-encoding': 'identity' })).text()
  assert.ok(guide.includes('c1.downlink') && !guide.includes('c2.downlink'))
  for (const path of [
    '/live/c2.ts',
    '/live/2.ts',
    '/live/c2.m3u8',
    '/logo/c2',
    '/groups/Films.m3u',
    '/hls/c2/x/y.m3u8',
  ])
    assert.equal((await get(anna + path)).status, 404, path)
})

test('two people never share a cached list', async () => {
  const { get, anna, jo } = await open()
  const tag = (await get(`${jo}/xmltv.xml`)).headers.get('etag') ?? ''
  assert.notEqual((await get(`${anna}/xmltv.xml`)).headers.get('etag'), tag)
  assert.equal((await get(`${anna}/xmltv.xml`, { 'if-none-match': tag })).status, 200)
})
