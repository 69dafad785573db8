import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../../handlers/app.ts'
import { logoFace } from '../../handlers/logo.ts'
import { aChannel } from '../core/lineup/samples.ts'
import { fakeHouse, STRANGER } from '../fakes/gateway.ts'

const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47)

function logoHouse() {
  const house = fakeHouse({
    lineup: { revision: '7', channels: [aChannel(1), aChannel(2), aChannel(3, { enabled: false })], groups: [] },
    gateway: {
      logos: { logo: async ({ key }) => (key === 1 ? { bytes, contentType: 'image/png', tag: 'abc' } : null) },
    },
  })
  const app = createApp(house.gateway, { viewing: [logoFace], linked: [] })
  return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers: { host: 'localhost:18080', ...headers } })
}

test('/logo/{channelId} gives the picture with its type, not to be guessed', async () => {
  const response = await logoHouse()('/logo/c1')
  assert.equal(response.status, 200)
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes)
  assert.deepEqual(
    ['content-type', 'x-content-type-options', 'etag', 'content-length'].map((name) => response.headers.get(name)),
    ['image/png', 'nosniff', '"abc"', '4'],
  )
})

test('/logo/{channelId} is 304 for who has it, and HEAD has no body', async () => {
  const get = logoHouse()
  assert.equal((await get('/logo/c1', { 'if-none-match': '"abc"' })).status, 304)
  const head = await get('/logo/c1', {}, 'HEAD')
  assert.deepEqual([head.status, await head.text(), head.headers.get('content-type')], [200, '', 'image/png'])
})

for (const { path, headers, status, code } of [
  { path: '/logo/c2', status: 404, code: 'logo/none' },
  { path: '/logo/c3', status: 404, code: 'lineup/unknown-channel' },
  { path: '/logo/c9', status: 404, code: 'lineup/unknown-channel' },
  { path: '/logo/1', status: 404, code: 'lineup/unknown-channel' },
  { path: '/logo/c01', status: 404, code: 'lineup/unknown-channel' },
  { path: '/logo/c1', headers: STRANGER, status: 401, code: 'access/sign-in' },
]) {
  test(`${path} is ${status} ${code} with an empty body`, async () => {
    const response = await logoHouse()(path, headers)
    assert.deepEqual(
      [response.status, response.headers.get('x-downlink-error'), await response.text()],
      [status, code, ''],
    )
  })
}
