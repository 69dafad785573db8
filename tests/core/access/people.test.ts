import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import { createPairCheck } from '../../../core/access/pair-check.ts'
import { createPeopleDesk, revisionOf } from '../../../core/access/people.ts'
import { digestOf, newSecretText } from '../../../core/access/random-secret.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { createAccess } from '../../../core/access/access.ts'
import { createTokens } from '../../../core/access/token-desk.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'
import { Failure } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import { createMemoryAccounts, createMemoryTokens } from '../../fakes/access-store.ts'

const failsWith = (code: FailureCode) => (error: unknown) => error instanceof Failure && error.code === code
const hasher = {
  hash: (password: string) => Promise.resolve(`plain:${password}`),
  verify: (password: string, hash: string) => Promise.resolve(hash === `plain:${password}`),
}
const jo = { name: 'Jo', role: 'admin', password: 'correct horse', limits: NO_LIMITS } as const
const anna = { name: 'Anna', role: 'viewer', password: 'battery staple', limits: NO_LIMITS } as const

/** A house with an admin and a viewer. */
async function open() {
  const clock = { now: 1_790_000_000_000 }
  const now = () => clock.now
  const accounts = createMemoryAccounts()
  const mint = createTokenMint(createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`)))
  const tokens = createTokens({ mint, store: createMemoryTokens(), random: systemRandom, now })
  const desk = createPeopleDesk({ accounts, hasher, tokens, now })
  const pairs = createPairCheck({ accounts, tokens, hasher, random: systemRandom, now })
  const access = createAccess({
    tokens,
    signIn: null,
    accounts,
    now,
  })
  await desk.add(jo)
  await desk.add(anna)
  const check = async (name: string, password: string) => {
    const found = await pairs.check({ name, password, address: '192.168.1.20' })
    return found?.name ?? null
  }
  return { clock, desk, tokens, access, check }
}

test('newSecretText() has 26 of 32 signs, evenly', () => {
  const seen = new Set<string>()
  for (let count = 0; count < 200; count++) for (const sign of newSecretText('app', systemRandom)) seen.add(sign)
  assert.equal(seen.size, 32)
  assert.match(newSecretText('app', systemRandom), /^[a-km-np-z2-9]{26}$/)
  assert.match(newSecretText('api', systemRandom), /^dl_[a-km-np-z2-9]{26}$/)
})

test('digestOf() is for one kind only', async () => {
  const text = newSecretText('app', systemRandom)
  assert.notEqual(await digestOf('app', text), null)
  assert.equal(await digestOf('api', text), null)
  assert.equal(await digestOf('app', 'battery staple'), null)
})

test('add() refuses a name that somebody has, in any case, and bad names and passwords', async () => {
  const { desk } = await open()
  await assert.rejects(desk.add({ ...anna, name: 'ANNA' }), failsWith('access/name-taken'))
  for (const name of ['', 'live', 'a/b', 'a:b', 'x'.repeat(41)])
    await assert.rejects(desk.add({ ...anna, name }), failsWith('http/bad-request'))
  await assert.rejects(desk.add({ ...anna, name: 'Bob', password: 'short' }), failsWith('http/bad-request'))
})

test('change() keeps what is not told, and refuses an old revision', async () => {
  const { desk } = await open()
  const before = await desk.find('anna')
  const after = await desk.change('anna', { limits: { maxStreams: 2 } }, revisionOf(before))
  assert.deepEqual([after.limits.maxStreams, after.role, after.generation], [2, 'viewer', before.generation])
  await assert.rejects(desk.change('anna', { role: 'admin' }, revisionOf(before)), failsWith('access/user-changed'))
})

test('change() of a password ends what signed in with the old one', async () => {
  const { desk, check } = await open()
  const before = await desk.find('anna')
  assert.equal(await check('anna', 'battery staple'), 'Anna')
  const after = await desk.change('anna', { password: 'another one' }, null)
  assert.ok(after.generation > before.generation)
  assert.equal(await check('anna', 'battery staple'), null)
  assert.equal(await check('anna', 'another one'), 'Anna')
})

test('the last admin stays, also when two changes come at once', async () => {
  const { desk } = await open()
  await assert.rejects(desk.remove('jo', null), failsWith('access/last-admin'))
  await assert.rejects(desk.change('jo', { role: 'viewer' }, null), failsWith('access/last-admin'))
  await desk.change('anna', { role: 'admin' }, null)
  const both = await Promise.allSettled([desk.remove('jo', null), desk.remove('anna', null)])
  assert.deepEqual(
    both.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
})

test('somebody of the same name later is somebody else', async () => {
  const { desk, clock } = await open()
  const { generation } = await desk.find('anna')
  await desk.remove('anna', null)
  clock.now += 1
  assert.notEqual((await desk.add(anna)).generation, generation)
})

test('an app password signs in its owner and nobody else, until it is revoked', async () => {
  const { tokens, check } = await open()
  const { token, record } = await tokens.add({ kind: 'app', name: 'TiviMate', owner: 'Anna' })
  assert.equal(await check('ANNA', token.reveal()), 'Anna')
  assert.equal(await check('Jo', token.reveal()), null)
  await tokens.revoke(record.id)
  assert.equal(await check('Anna', token.reveal()), null)
})

test('an app password of nobody is refused', async () => {
  const { tokens } = await open()
  await assert.rejects(tokens.add({ kind: 'app', name: 'TiviMate' }), failsWith('http/bad-request'))
})

test('nothing of a person opens after they expire', async () => {
  const { desk, tokens, access, check, clock } = await open()
  const app = (await tokens.add({ kind: 'app', name: 'TiviMate', owner: 'Anna' })).token.reveal()
  const link = (await tokens.add({ kind: 'viewing', name: 'Kodi', owner: 'Anna' })).token.reveal()
  const api = (await tokens.add({ kind: 'api', name: 'script', owner: 'Anna' })).token.reveal()
  const all = async () => [
    await check('Anna', 'battery staple'),
    await check('Anna', app),
    (await access.viewingToken(link))?.person?.name ?? null,
    (await access.apiToken(api))?.role ?? null,
  ]
  await desk.change('anna', { limits: { expiresAt: clock.now + 1000 } }, null)
  assert.deepEqual(await all(), ['Anna', 'Anna', 'Anna', 'viewer'])
  clock.now += 1000
  assert.deepEqual(await all(), [null, null, null, null])
})

test('remove() revokes the tokens of that person and no others', async () => {
  const { desk, tokens, access } = await open()
  const hers = (await tokens.add({ kind: 'viewing', name: 'Kodi', owner: 'Anna' })).token.reveal()
  const nobodys = (await tokens.add({ kind: 'viewing', name: 'Kitchen' })).token.reveal()
  await desk.remove('anna', null)
  assert.equal(await access.viewingToken(hers), null)
  assert.equal((await access.viewingToken(nobodys))?.name, 'Kitchen')
})
