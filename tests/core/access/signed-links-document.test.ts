import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as v from 'valibot'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { createLinkSigner } from '../../../core/access/signed-link.ts'
import type { LinkScope } from '../../../core/access/signed-link.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'

// The vectors are computed here a second time, by the sentences of the document and not by our code.
const Seat = v.union([
  v.strictTuple([v.string(), v.string()]),
  v.strictTuple([v.string(), v.string(), v.nullable(v.number())]),
])
const Vectors = v.strictObject({
  key: v.string(),
  subKeys: v.record(v.string(), v.string()),
  links: v.array(
    v.strictObject({
      scope: v.array(v.union([v.nullable(v.string()), Seat])),
      expires: v.number(),
      jti: v.string(),
      token: v.string(),
    }),
  ),
  tokens: v.array(v.strictObject({ kind: v.picklist(['viewing', 'api']), id: v.string(), token: v.string() })),
})
const page = readFileSync(new URL('../../../docs/signed-links.md', import.meta.url), 'utf8')
const vectors = v.parse(Vectors, JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? 'null'))
const [kid = '', keyText = ''] = vectors.key.split(':')
const utf8 = new TextEncoder()

const toBytes = (text: string) =>
  new Uint8Array(Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)))
const toText = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

async function subKey(purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', toBytes(keyText), 'HKDF', false, ['deriveBits'])
  const info = utf8.encode(`downlink/v1/${purpose}`)
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }, key, 256),
  )
}

async function mac(purpose: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', await subKey(purpose), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return toText(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text))))
}

const ring = createKeyRing(parseLinkKeys(vectors.key))

test('docs/signed-links.md has vectors of every kind', () => {
  assert.deepEqual(
    vectors.links.map(({ scope }) => scope[0]),
    ['channel', 'channel', 'channel', 'vod', 'vod', 'vod', 'house'],
  )
  assert.deepEqual(
    vectors.tokens.map(({ kind }) => kind),
    ['viewing', 'api'],
  )
  assert.equal(toHex(toBytes(keyText)), Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0')).join(''))
})

test('docs/signed-links.md derives sub-keys as it says', async () => {
  for (const [purpose, hex] of Object.entries(vectors.subKeys)) assert.equal(toHex(await subKey(purpose)), hex, purpose)
})

function toScope([kind, ...fields]: (typeof vectors.links)[number]['scope']): LinkScope {
  if (kind === 'house') return { kind }
  const [place = '', item = ''] = fields.map((field) => (typeof field === 'string' ? field : ''))
  const [user = null, told] = fields.slice(kind === 'vod' ? 2 : 1)
  assert.ok(user === null || typeof user === 'string')
  const [account, device, limit] = Array.isArray(told) ? told : []
  const seat =
    account === undefined || device === undefined
      ? {}
      : { seat: { account, device, ...(limit !== undefined && { limit }) } }
  return kind === 'vod'
    ? { kind, sourceId: place, item, user, ...seat }
    : { kind: 'channel', channelId: place, user, ...seat }
}

for (const { scope, expires, jti, token } of vectors.links) {
  const name = JSON.stringify(scope)
  test(`docs/signed-links.md lays out the link ${name} as it says`, async () => {
    const scopeText = toText(utf8.encode(name))
    const text = ['link/v1', kid, expires, jti, scopeText].join('\n')
    assert.equal(token, [kid, expires, jti, scopeText, await mac('link', text)].join('.'))
  })
  test(`createLinkSigner() writes and reads the document's link ${name}`, async () => {
    const ours = toScope(scope)
    assert.equal(await createLinkSigner(ring).sign(ours, { expires, jti }), token)
    assert.deepEqual(await createLinkSigner(ring).read(token), { scope: ours, jti, expires })
  })
}

for (const { kind, id, token } of vectors.tokens) {
  test(`docs/signed-links.md lays out the ${kind} token as it says`, async () => {
    assert.equal(token, [kid, id, await mac(`${kind}-token`, [`${kind}-token/v1`, kid, id].join('\n'))].join('.'))
  })
  test(`createTokenMint() writes and reads the document's ${kind} token`, async () => {
    assert.equal(await createTokenMint(ring).print(kind, id), token)
    assert.equal(await createTokenMint(ring).read(kind, token), id)
  })
}
