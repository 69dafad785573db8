import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Account } from '../../../core/access/accounts.ts'
import { createAccess } from '../../../core/access/access.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createTokens } from '../../../core/access/token-desk.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'
import { Failure } from '../../../core/errors.ts'
import { createMemoryAccounts, createMemoryTokens } from '../../fakes/access-store.ts'

const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
const mint = createTokenMint(ring)
const anna: Account = { name: 'Anna', role: 'viewer', passwordHash: '', createdAt: 0, generation: 1, limits: NO_LIMITS }

function openDesk() {
  const clock = { now: 1_790_000_000_000 }
  const store = createMemoryTokens()
  const tokens = createTokens({ mint, store, random: systemRandom, now: () => clock.now })
  return {
    clock,
    store,
    tokens,
    access: createAccess({ tokens, signIn: null, accounts: createMemoryAccounts([anna]), now: () => clock.now }),
  }
}

test('add() gives a token that opens what its kind is for and nothing else', async () => {
  const { tokens, access } = openDesk()
  const viewing = (await tokens.add({ kind: 'viewing', name: ' Kodi ' })).token.reveal()
  const api = (await tokens.add({ kind: 'api', name: 'Prometheus' })).token.reveal()
  assert.equal((await access.viewingToken(viewing))?.name, 'Kodi')
  const holder = await access.apiToken(api)
  assert.deepEqual([holder?.name, holder?.role, holder?.scope], ['Prometheus', 'admin', 'write'])
  assert.equal(await access.apiToken(viewing), null)
  assert.equal(await access.viewingToken(api), null)
})

for (const name of ['', '   ', 'x'.repeat(65), 'a\nb', 'a\u0000b']) {
  test(`add() refuses the name ${JSON.stringify(name.slice(0, 10))}`, async () => {
    const refusal = openDesk().tokens.add({ kind: 'viewing', name })
    await assert.rejects(refusal, (error: unknown) => error instanceof Failure && error.code === 'http/bad-request')
  })
}

test('a new token prints as *** until somebody reveals it', async () => {
  const added = await openDesk().tokens.add({ kind: 'viewing', name: 'Kodi' })
  assert.equal(JSON.parse(JSON.stringify(added)).token, '***')
})

test('revoke() ends a token, once, and lists its id for fronts', async () => {
  const { tokens, access } = openDesk()
  const { record, token } = await tokens.add({ kind: 'viewing', name: 'Kodi' })
  assert.equal(await tokens.revoke(record.id), true)
  assert.equal(await tokens.revoke(record.id), false)
  assert.equal(await access.viewingToken(token.reveal()), null)
  assert.deepEqual(await tokens.list(), [])
  assert.deepEqual(await tokens.revokedIds(), [record.id])
})

test('viewingToken() refuses a well-signed token that the store does not know', async () => {
  assert.equal(await openDesk().access.viewingToken(await mint.print('viewing', 'not-in-the-store')), null)
})

test('viewingToken() notes its use once a minute', async () => {
  const { tokens, access, clock } = openDesk()
  const token = (await tokens.add({ kind: 'viewing', name: 'Kodi' })).token.reveal()
  const lastSeen = async () => (await tokens.list())[0]?.lastSeen
  const start = clock.now
  await access.viewingToken(token)
  clock.now += 59_999
  await access.viewingToken(token)
  assert.equal(await lastSeen(), start)
  clock.now += 1
  await access.viewingToken(token)
  assert.equal(await lastSeen(), start + 60_000)
})

test('tokenOfAccount() gives the same token each time, even to two first calls at once', async () => {
  const { tokens, access } = openDesk()
  const [one, two] = await Promise.all([access.tokenOfAccount('Anna'), access.tokenOfAccount('anna')])
  assert.equal(one, two)
  assert.equal(await access.tokenOfAccount('ANNA'), one)
  assert.equal((await tokens.list()).length, 1)
  assert.equal((await access.viewingToken(one ?? ''))?.name, 'Anna')
})

test('tokenOfAccount() gives a new token after the old one was revoked', async () => {
  const { tokens, access } = openDesk()
  const old = await access.tokenOfAccount('Anna')
  await tokens.revoke((await tokens.list())[0]?.id ?? '')
  assert.notEqual(await access.tokenOfAccount('Anna'), old)
})
