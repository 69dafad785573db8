import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64Url, toBase64Url } from '../../../core/access/base64url.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { createSessionMint } from '../../../core/access/session.ts'
import { createLinkSigner, opensPath } from '../../../core/access/signed-link.ts'
import type { LinkScope } from '../../../core/access/signed-link.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'

const keyText = (fill: number): string => toBase64Url(new Uint8Array(32).fill(fill))
const ring = createKeyRing(parseLinkKeys(`k1:${keyText(1)}`))
const signer = createLinkSigner(ring)
const mint = createTokenMint(ring)
const jti = toBase64Url(new Uint8Array(16).fill(7))

test('fromBase64Url() undoes toBase64Url() for all bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) =>
      assert.deepEqual(fromBase64Url(toBase64Url(bytes)), new Uint8Array(bytes)),
    ),
  )
})

for (const text of ['a', 'ab=', 'a b', 'a+b', 'a/b', 'AB', 'AAB']) {
  test(`fromBase64Url() refuses "${text}"`, () => assert.equal(fromBase64Url(text), null))
}

for (const { name, text } of [
  { name: 'nothing', text: '' },
  { name: 'a key without id', text: keyText(1) },
  { name: 'an id without key', text: 'k1:' },
  { name: 'an id with a dot', text: `k.1:${keyText(1)}` },
  { name: 'a key of 31 bytes', text: `k1:${toBase64Url(new Uint8Array(31))}` },
  { name: 'something that is not base64url', text: `k1:${'*'.repeat(43)}` },
  { name: 'one id for two keys', text: `k1:${keyText(1)},k1:${keyText(2)}` },
  { name: 'an empty entry', text: `k1:${keyText(1)},` },
]) {
  test(`parseLinkKeys() refuses ${name}`, () => {
    assert.throws(
      () => parseLinkKeys(text),
      (error: unknown) =>
        error instanceof SyntaxError && !(text.length > 20 && error.message.includes(text.slice(3, 20))),
    )
  })
}

test('parseLinkKeys() takes keys with padding and blanks between them', () => {
  assert.deepEqual(
    parseLinkKeys(`k1:${keyText(1)}=, k2:${keyText(2)}`).map(({ kid }) => kid),
    ['k1', 'k2'],
  )
})

test('createKeyRing() signs with the first key and verifies with all', async () => {
  const old = createTokenMint(createKeyRing(parseLinkKeys(`old:${keyText(1)}`)))
  const both = createTokenMint(createKeyRing(parseLinkKeys(`new:${keyText(2)},old:${keyText(1)}`)))
  assert.equal(await both.read('viewing', await old.print('viewing', 'abcdefgh')), 'abcdefgh')
  assert.match(await both.print('viewing', 'abcdefgh'), /^new\./)
  assert.equal(await old.read('viewing', await both.print('viewing', 'abcdefgh')), null)
})

test('createKeyRing() refuses a token whose kid names another of our keys', async () => {
  const both = createTokenMint(createKeyRing(parseLinkKeys(`a:${keyText(1)},b:${keyText(2)}`)))
  const token = await both.print('viewing', 'abcdefgh')
  assert.equal(await both.read('viewing', token.replace(/^a/, 'b')), null)
})

test('a MAC made for one purpose opens nothing of another', async () => {
  const token = await mint.print('viewing', 'abcdefgh')
  assert.equal(await mint.read('api', token), null)
  assert.equal(await mint.read('viewing', await mint.print('api', 'abcdefgh')), null)
  assert.equal(await createSessionMint({ ring, now: () => 0 }).read(token), null)
})

const anyScope: fc.Arbitrary<LinkScope> = fc.oneof(
  fc.constant<LinkScope>({ kind: 'house' }),
  fc.record(
    {
      kind: fc.constant('channel' as const),
      channelId: fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((key) => `c${key}`),
      user: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })),
    },
    { noNullPrototype: true },
  ),
)

test('createLinkSigner() reads what it signs', async () => {
  await fc.assert(
    fc.asyncProperty(anyScope, fc.integer({ min: 0, max: 4_000_000_000 }), async (scope, expires) => {
      assert.deepEqual(await signer.read(await signer.sign(scope, { expires, jti })), { scope, jti, expires })
    }),
    { numRuns: 50 },
  )
})

test('createLinkSigner() refuses a token with any one character changed, added or taken away', async () => {
  const token = await signer.sign({ kind: 'channel', channelId: 'c12', user: 'Jo' }, { expires: 1_790_000_000, jti })
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom(...'.-_Aa09=%/ \n\u0000é'),
      fc.constantFrom('change', 'add', 'drop'),
      async (at, character, how) => {
        const changed =
          token.slice(0, at) + (how === 'drop' ? '' : character) + token.slice(how === 'add' ? at : at + 1)
        fc.pre(changed !== token)
        assert.equal(await signer.read(changed), null)
      },
    ),
    { numRuns: 300 },
  )
})

test('readers of tokens answer null to any text and never throw', async () => {
  const sessions = createSessionMint({ ring, now: () => 0 })
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^k1\.[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{43}$/),
    fc.stringMatching(/^k1\.\d{10}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{4,8}\.[A-Za-z0-9_-]{43}$/),
  )
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      assert.equal(await signer.read(text), null)
      assert.equal(await mint.read('viewing', text), null)
      assert.equal(await sessions.read(text), null)
    }),
  )
})

test('createLinkSigner() reads no token beyond 1024 characters', async () => {
  assert.equal(await signer.read(`k1.1790000000.${jti}.${'A'.repeat(2000)}.${'A'.repeat(43)}`), null)
})

for (const scope of [
  ['channel', '12', null],
  ['channel', 'c012', null],
  ['channel', 'c12/', null],
  ['channel', 'c12'],
  ['channel', 'c12', 7],
  ['channel', 'c12', null, 'more'],
  ['house', 'x'],
  ['other'],
  { kind: 'house' },
  null,
]) {
  test(`createLinkSigner() refuses a well-signed token with the scope ${JSON.stringify(scope)}`, async () => {
    const text = toBase64Url(new TextEncoder().encode(JSON.stringify(scope)))
    const mac = toBase64Url(await ring.sign('link', `link/v1\nk1\n1790000000\n${jti}\n${text}`))
    assert.equal(await signer.read(`k1.1790000000.${jti}.${text}.${mac}`), null)
  })
}

test('createLinkSigner() does not sign what it could not read', async () => {
  await assert.rejects(
    signer.sign({ kind: 'channel', channelId: 'c12/../c13', user: null }, { expires: 1, jti }),
    TypeError,
  )
  await assert.rejects(
    signer.sign({ kind: 'channel', channelId: 'c12', user: 'x'.repeat(101) }, { expires: 1, jti }),
    TypeError,
  )
})

const channel: LinkScope = { kind: 'channel', channelId: 'c1', user: null }
for (const { scope, path, opens } of [
  { scope: channel, path: '/live/c1.ts', opens: true },
  { scope: channel, path: '/live/c1.m3u8', opens: true },
  { scope: channel, path: '/hls/c1/v12/video.m3u8', opens: true },
  { scope: channel, path: '/hls/c1', opens: false },
  { scope: channel, path: '/hls/c10/video.m3u8', opens: false },
  { scope: channel, path: '/live/c10.ts', opens: false },
  { scope: channel, path: '/live/c1.mp4', opens: false },
  { scope: channel, path: '/live/1.ts', opens: false },
  { scope: channel, path: '/snapshot/lineup', opens: false },
  { scope: channel, path: '/logo/c1', opens: false },
  { scope: channel, path: '/', opens: false },
  { scope: { kind: 'house' } as const, path: '/snapshot/lineup', opens: true },
  { scope: { kind: 'house' } as const, path: '/snapshot/guide', opens: true },
  { scope: { kind: 'house' } as const, path: '/snapshot/other', opens: false },
  { scope: { kind: 'house' } as const, path: '/logo/c1', opens: true },
  { scope: { kind: 'house' } as const, path: '/live/c1.ts', opens: false },
]) {
  test(`opensPath() says ${opens} for ${scope.kind} and ${path}`, () => assert.equal(opensPath(scope, path), opens))
}

test('createSessionMint() reads its cookie until it expires', async () => {
  let now = 1000
  const sessions = createSessionMint({ ring, now: () => now })
  const session = { id: 'abc', user: 'Jörg', generation: 3, expiresAt: 5000 }
  const cookie = await sessions.print(session)
  assert.deepEqual(await sessions.read(cookie), session)
  now = 5000
  assert.equal(await sessions.read(cookie), null)
})
