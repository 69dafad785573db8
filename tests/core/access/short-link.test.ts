import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createShortLinks } from '../../../core/access/short-link.ts'
import type { ShortLink } from '../../../core/access/short-link.ts'
import { createTokens } from '../../../core/access/token-desk.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'
import { createMemoryTokens } from '../../fakes/access-store.ts'
import { createMemoryShortLinks } from '../../fakes/short-link-store.ts'

const HOUR = 3_600_000
const HOME = '192.168.1.9'

async function aDesk() {
  const clock = { now: 1_000_000 }
  const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
  const mint = createTokenMint(ring)
  const store = createMemoryTokens()
  const kept = new Map<string, ShortLink>()
  const ports = { ring, mint, random: systemRandom, now: () => clock.now }
  const tokens = createTokens({ ...ports, store })
  const links = createShortLinks({ ...ports, tokens: store, store: createMemoryShortLinks(kept) })
  const { record, token } = await tokens.add({ kind: 'viewing', name: 'TV' })
  return { clock, tokens, links, kept, id: record.id, token: token.reveal() }
}

test('a short link is eight signs that can be typed, and leads to its token', async () => {
  const { links, id, token, clock } = await aDesk()
  const { code, expiresAt } = await links.make(id)
  assert.match(code.reveal(), /^[0-9a-hjkmnp-tv-z]{8}$/)
  assert.equal(expiresAt, clock.now + 24 * HOUR)
  assert.equal((await links.open(code.reveal(), HOME))?.token.reveal(), token)
})

test('a code may be typed in capitals, with dashes, and with letters that look like digits', async () => {
  const { links, id, token, kept } = await aDesk()
  let code = ''
  // Codes are drawn: this one should have a digit that is mistaken for a letter.
  while (!/[01]/.test(code)) code = (await links.make(id)).code.reveal()
  const typed = code.replaceAll('0', 'O').replaceAll('1', 'l').toUpperCase()
  assert.equal((await links.open(`${typed.slice(0, 4)}-${typed.slice(4)}`, HOME))?.token.reveal(), token)
  assert.equal(kept.size, 1)
})

test('the store holds no code, and one link a token', async () => {
  const { links, id, kept } = await aDesk()
  const first = (await links.make(id)).code.reveal()
  const second = (await links.make(id)).code.reveal()
  assert.equal(kept.size, 1)
  assert.ok(!JSON.stringify([...kept]).includes(second))
  assert.equal(await links.open(first, HOME), null)
})

test('a short link ends after a day that nobody used it, and a month after its last use', async () => {
  const { links, id, clock, token } = await aDesk()
  const unused = (await links.make(id)).code.reveal()
  clock.now += 24 * HOUR
  assert.equal(await links.open(unused, HOME), null)
  const used = (await links.make(id)).code.reveal()
  for (let fetched = 0; fetched < 3; fetched++) {
    assert.equal((await links.open(used, HOME))?.token.reveal(), token)
    clock.now += 29 * 24 * HOUR
  }
  clock.now += 2 * 24 * HOUR
  assert.equal(await links.open(used, HOME), null)
})

test('a short link ends with its token', async () => {
  const { links, tokens, id } = await aDesk()
  const code = (await links.make(id)).code.reveal()
  assert.equal(await links.leadsTo(code, id), true)
  await tokens.revoke(id)
  assert.equal(await links.open(code, HOME), null)
  assert.equal(await links.leadsTo(code, id), false)
})

test('short links are made for viewing tokens only', async () => {
  const { links, tokens } = await aDesk()
  const { record } = await tokens.add({ kind: 'api', name: 'Program' })
  for (const id of [record.id, 'nothing']) await assert.rejects(links.make(id), { code: 'http/not-found' })
})

test('guessing is slowed down for an address, and having a code does not help', async () => {
  const { links, id, clock } = await aDesk()
  const code = (await links.make(id)).code.reveal()
  let opened = 0
  const guess = async (): Promise<void> => {
    for (let count = 0; count < 15; count++) {
      await links.open('00000000', HOME)
      if ((await links.open(code, HOME)) !== null) opened += 1
    }
  }
  await assert.rejects(guess, { code: 'access/throttled' })
  assert.equal(opened, 10)
  assert.notEqual(await links.open(code, '192.168.1.10'), null)
  clock.now += 60_000
  assert.notEqual(await links.open(code, HOME), null)
  await assert.rejects(links.open(code, HOME), { code: 'access/throttled' })
})

test('guessing is slowed down for all addresses together', async () => {
  const { links } = await aDesk()
  const guess = async (): Promise<void> => {
    for (let count = 0; count < 101; count++) await links.open('00000000', `10.0.${count}.1`)
  }
  await assert.rejects(guess, { code: 'access/throttled' })
})

for (const code of ['', 'short', 'much-too-long-a-code', '../../etc', 'ÄÖÜÄÖÜÄÖ'])
  test(`"${code}" leads nowhere`, async () => assert.equal(await (await aDesk()).links.open(code, HOME), null))
