import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createShortLinks } from '../../../core/access/short-link.ts'
import { createTokens } from '../../../core/access/token-desk.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'
import { createApp } from '../../../handlers/app.ts'
import { houseApi } from '../../../handlers/house-api.ts'
import { shortLinkFace } from '../../../handlers/short-links/face.ts'
import { createMemoryTokens } from '../../fakes/access-store.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'
import { createMemoryShortLinks } from '../../fakes/short-link-store.ts'

async function linkHouse() {
  const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
  const store = createMemoryTokens()
  const ports = { ring, mint: createTokenMint(ring), random: systemRandom, now: Date.now }
  const tokens = createTokens({ ...ports, store })
  const shortLinks = createShortLinks({ ...ports, tokens: store, store: createMemoryShortLinks(new Map()) })
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    lineup: {
      revision: '7',
      channels: [],
      groups: [],
      selections: [{ id: 'kids', name: 'Kids', channels: [] }],
    },
    gateway: { tokens, shortLinks, rules: { anonymous: 'none', trustedProxies: [], hosts: [] } },
  })
  const app = createApp(house.gateway, { viewing: [], linked: [], named: [shortLinkFace], api: houseApi })
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers: { host: '192.168.1.5:18080', ...headers } })
  const { record, token } = await tokens.add({ kind: 'viewing', name: 'TV' })
  return { ask, app, house, tokens, id: record.id, token: token.reveal() }
}

type Made = { readonly code: string; readonly url: string; readonly qrUrl: string; readonly expiresAt: string }

test('an admin makes a short link, which leads to the playlist of the viewing link', async () => {
  const { ask, house, id, token } = await linkHouse()
  const response = await ask(`/api/v1/tokens/${id}/short-link`, await cookieOf(house, 'Jo'), 'POST')
  assert.deepEqual([response.status, response.headers.get('cache-control')], [201, 'no-store'])
  const { code, url } = (await response.json()) as Made
  assert.equal(url, `http://192.168.1.5:18080/x/${code}`)
  const found = await ask(`/x/${code}`, STRANGER)
  const { headers } = found
  assert.deepEqual(
    [found.status, headers.get('location'), headers.get('cache-control'), headers.get('referrer-policy')],
    [302, `http://192.168.1.5:18080/t/${token}/playlist.m3u`, 'no-store', 'no-referrer'],
  )
})

test('a program behind the code, and parameters, go along to the playlist', async () => {
  const { ask, house, id, token } = await linkHouse()
  const admin = await cookieOf(house, 'Jo')
  const { code } = (await (await ask(`/api/v1/tokens/${id}/short-link`, admin, 'POST')).json()) as Made
  const location = (await ask(`/x/${code}/kodi?selection=a%26b`)).headers.get('location') ?? ''
  const url = new URL(location)
  assert.equal(url.pathname, `/t/${token}/playlist.m3u`)
  assert.deepEqual(
    [...url.searchParams],
    [
      ['selection', 'a&b'],
      ['client', 'kodi'],
    ],
  )
  assert.equal((await ask(`/x/${code}/winamp`)).status, 404)
})

test('a code that leads nowhere is 404 without a word, and guessing is 429', async () => {
  const { ask } = await linkHouse()
  const response = await ask('/x/00000000')
  assert.deepEqual([response.status, await response.text()], [404, ''])
  for (let count = 1; count < 20; count++) await ask('/x/00000000')
  const late = await ask('/x/00000000')
  assert.deepEqual([late.status, late.headers.get('retry-after')], [429, '30'])
})

test('the QR symbol is for who has the code', async () => {
  const { ask, house, id } = await linkHouse()
  const admin = await cookieOf(house, 'Jo')
  const { qrUrl } = (await (await ask(`/api/v1/tokens/${id}/short-link`, admin, 'POST')).json()) as Made
  const { pathname, search } = new URL(qrUrl)
  const picture = await ask(pathname + search, admin)
  assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/svg+xml'])
  assert.match(await picture.text(), /^<svg /)
  assert.equal((await ask(pathname, admin)).status, 400)
  assert.equal((await ask(`${pathname}?code=00000000`, admin)).status, 404)
})

test('nobody but admins makes or sees short links', async () => {
  const { ask, house, id } = await linkHouse()
  const viewer = await cookieOf(house, 'Anna')
  for (const [headers, status] of [
    [{}, 401],
    [viewer, 403],
  ] as const) {
    assert.equal((await ask(`/api/v1/tokens/${id}/short-link`, headers, 'POST')).status, status)
    assert.equal((await ask(`/api/v1/tokens/${id}/qr.svg?code=00000000`, headers)).status, status)
  }
})

test('a token that is none has no short link', async () => {
  const { ask, house } = await linkHouse()
  const response = await ask('/api/v1/tokens/nothing-here/short-link', await cookieOf(house, 'Jo'), 'POST')
  assert.equal(response.status, 404)
})

test('a short link is for one selection and one program, unless what is typed says otherwise; lists tell it without its code', async () => {
  const { ask, house, app, id, tokens } = await linkHouse()
  const admin = await cookieOf(house, 'Jo')
  const make = (body: unknown) =>
    app.request(`/api/v1/tokens/${id}/short-link`, {
      method: 'POST',
      headers: { host: '192.168.1.5:18080', 'content-type': 'application/json', ...admin },
      body: JSON.stringify(body),
    })
  const { code } = (await (await make({ selection: 'kids', client: 'kodi' })).json()) as Made
  const search = async (path: string) => new URL((await ask(path)).headers.get('location') ?? '').search
  assert.equal(await search(`/x/${code}`), '?selection=kids&client=kodi')
  assert.equal(await search(`/x/${code}/vlc`), '?selection=kids&client=vlc')
  assert.equal(await search(`/x/${code}?client=plex&selection=all`), '?client=plex&selection=all')

  const list = async (query: string) => (await ask(`/api/v1/short-links${query}`, admin)).text()
  const text = await list('?selection=kids')
  assert.ok(!text.includes(code))
  const [row] = JSON.parse(text).items
  assert.deepEqual(
    [row.tokenId, row.name, row.selection, row.client, typeof row.expiresAt],
    [id, 'TV', 'kids', 'kodi', 'string'],
  )
  assert.equal(JSON.parse(await list('?selection=others')).total, 0)
  assert.equal(JSON.parse(await list('')).total, 1)
  assert.equal((await ask('/api/v1/short-links', await cookieOf(house, 'Anna'))).status, 403)

  assert.equal((await (await make({ selection: 'nobody' })).json()).code, 'lineup/unknown-selection')
  assert.equal((await make({ client: 'winamp' })).status, 400)
  await tokens.revoke(id)
  assert.equal(JSON.parse(await list('')).total, 0)
  assert.equal((await ask(`/x/${code}`)).status, 404)
})
