import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PageReader } from '../../handlers/gateway.ts'
import { fakeHouse, STRANGER } from '../fakes/gateway.ts'

const HTML = '<!doctype html><title>downlink</title><script type="module" src="./assets/a-1.js"></script>'
const packed = new Uint8Array(
  await new Response(new Blob([HTML]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
)
const pages: PageReader = {
  page(path) {
    if (path === '/index.html')
      return { bytes: packed, contentType: 'text/html; charset=utf-8', gzip: true, tag: 'html-1' }
    if (path === '/assets/a-1.png')
      return { bytes: new Uint8Array([1, 2, 3]), contentType: 'image/png', gzip: false, tag: 'png-1' }
    return null
  },
}
const unpacked = ({ body }: Response): Response =>
  new Response(body?.pipeThrough(new DecompressionStream('gzip')) ?? null)
const open = (mediaOrigins: readonly string[] = []) => fakeHouse({ gateway: { pages, mediaOrigins } })

for (const path of [
  '/',
  '/setup',
  '/status',
  '/guide',
  '/channels',
  '/groups',
  '/streams',
  '/dashboard',
  '/alerts',
  '/player/receiver/c1',
]) {
  test(`the page ${path} is shown to everybody; what is in it asks the API`, async () => {
    const response = await open().get(path, STRANGER)
    assert.equal(response.status, 200)
    assert.match(await response.text(), /^<!doctype html><title>downlink/)
    assert.equal(response.headers.get('cache-control'), 'no-cache')
  })
}

for (const [path, script, tag] of [
  ['/', './assets/a-1.js', '"html-1"'],
  ['/status', './assets/a-1.js', '"html-1"'],
  ['/player/receiver/c1', '../../assets/a-1.js', '"html-1-2"'],
] as const) {
  test(`the page ${path} finds its files below any prefix of a proxy`, async () => {
    for (const accept of ['', 'gzip']) {
      const response = await open().get(path, { 'accept-encoding': accept })
      const body = response.headers.get('content-encoding') === 'gzip' ? unpacked(response) : response
      assert.ok((await body.text()).includes(`src="${script}"`))
      assert.equal(response.headers.get('etag'), tag)
    }
  })
}

for (const path of [
  '/index.html',
  '/player',
  '/player/receiver',
  '/player/a/b/c',
  '/channels/c1',
  '/nothing',
  '/assets/',
  '/assets/none.js',
  '/assets/a/b.js',
  '/setup/',
]) {
  test(`${path} is no page`, async () => assert.equal((await open().get(path)).status, 404))
}

test('pages are sent compressed to those who take it, and unpacked to others', async () => {
  const compressed = await open().get('/', { 'accept-encoding': 'gzip, br' })
  assert.equal(compressed.headers.get('content-encoding'), 'gzip')
  assert.deepEqual(new Uint8Array(await compressed.arrayBuffer()), packed)
  for (const accept of ['', 'identity', 'br', 'gzip;q=0']) {
    const plain = await open().get('/', { 'accept-encoding': accept })
    assert.equal(plain.headers.get('content-encoding'), null)
    assert.equal(await plain.text(), HTML)
  }
})

test('pages answer 304 to their own ETag', async () => {
  assert.equal((await open().get('/', { 'if-none-match': '"html-1"' })).status, 304)
})

test('assets may be kept for ever: their names carry a hash', async () => {
  const response = await open().get('/assets/a-1.png')
  assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.equal(response.headers.get('content-type'), 'image/png')
  assert.equal(response.headers.get('content-length'), '3')
})

test('pages and API forbid scripts of others, frames, guessing of types and Referer', async () => {
  for (const path of ['/', '/api/v1/session']) {
    const { headers } = await open().get(path)
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'self'/)
    assert.match(policy, /script-src 'self'(;|$)/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe|\*/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.equal(headers.get('strict-transport-security'), null)
  }
})

test('pages of a front may play from the adapter', async () => {
  const policy = (await open(['https://home.example.org']).get('/')).headers.get('content-security-policy') ?? ''
  assert.match(policy, /connect-src 'self' https:\/\/home\.example\.org(;|$)/)
  assert.match(policy, /media-src 'self' blob: https:\/\/home\.example\.org(;|$)/)
})

test('without a built web interface there are no pages', async () => {
  assert.equal((await fakeHouse().get('/')).status, 404)
})
