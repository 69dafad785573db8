import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { createCallSeal, createMemoryNonces } from '../../../core/access/sealed-call.ts'

const OLD = 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const NEW = 'k2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8'
const FOREIGN = 'k1:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8'

/** A side with these keys; its clock and its randomness are the test's. */
function side(keys: string, clock = { now: 1_790_000_000_000 }) {
  let count = 0
  const now = (): number => clock.now
  const ring = createKeyRing(parseLinkKeys(keys))
  const random = (size: number): Uint8Array => new Uint8Array(size).fill((count += 1))
  const seal = createCallSeal({ ring, purpose: 'lease', now, random, nonces: createMemoryNonces(now) })
  return { clock, ring, ...seal }
}

test('seal() makes the header of docs/signed-links.md', async () => {
  assert.equal(
    await side(OLD).seal('{"call":"list","now":1790000000000}'),
    'Downlink-Call k1.1790000000000.AQEBAQEBAQEBAQEBAQEBAQ.ryabFoATvxPFjgLlnfwboXFS3rsSVDDdFI7GQK7kH8A',
  )
})

test('opens() takes a call of any known key, once', async () => {
  const [adapter, front] = [side(NEW), side(`${OLD},${NEW}`)]
  const header = await adapter.seal('{}')
  assert.equal(await front.opens(header, '{}'), true)
  assert.equal(await front.opens(header, '{}'), false)
  assert.equal(await front.opens(await adapter.seal('{}'), '{}'), true)
})

test('opens() refuses what was changed, what others sealed, and what is no seal', async () => {
  const front = side(OLD)
  const header = await side(OLD).seal('{}')
  const [scheme = '', token = ''] = header.split(' ')
  const [kid, at, nonce, mac = ''] = token.split('.')
  for (const [wrong, body] of [
    [header, '{ }'],
    [await side(FOREIGN).seal('{}'), '{}'],
    [await side(NEW).seal('{}'), '{}'],
    [`${scheme} ${kid}.${Number(at) + 1}.${nonce}.${mac}`, '{}'],
    [`${scheme} ${kid}.${at}.${nonce?.replace(/^./, 'B')}.${mac}`, '{}'],
    [`${scheme} ${kid}.${at}.${nonce}.${mac.slice(0, -1)}`, '{}'],
    [`Bearer ${token}`, '{}'],
    ['', '{}'],
    [undefined, '{}'],
  ] as const)
    assert.equal(await front.opens(wrong, body), false, wrong)
  // None of these has used the right one up.
  assert.equal(await front.opens(header, '{}'), true)
})

test('opens() refuses a call that was sealed with the key for something else', async () => {
  const { ring } = side(OLD)
  const front = side(OLD)
  const other = createCallSeal({
    ring: { ...ring, sign: (_, text) => ring.sign('link', text) },
    purpose: 'lease',
    now: () => front.clock.now,
    random: (size) => new Uint8Array(size),
    nonces: createMemoryNonces(() => 0),
  })
  assert.equal(await front.opens(await other.seal('{}'), '{}'), false)
})

test('opens() takes clocks that are half a minute apart, and a replay never', async () => {
  const clock = { now: 1_790_000_000_000 }
  for (const [apart, isGood] of [
    [30_000, true],
    [-30_000, true],
    [30_001, false],
    [-30_001, false],
  ] as const) {
    const [adapter, front] = [side(OLD), side(OLD, clock)]
    adapter.clock.now = clock.now + apart
    const header = await adapter.seal('{}')
    assert.equal(await front.opens(header, '{}'), isGood, String(apart))
    for (const later of isGood ? [1, 29_999, 30_000, 30_001, 60_001] : []) {
      front.clock.now = clock.now + later
      assert.equal(await front.opens(header, '{}'), false, `${apart} and ${later}`)
    }
    clock.now = 1_790_000_000_000
  }
})
