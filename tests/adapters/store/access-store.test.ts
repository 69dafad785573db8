import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Account, TokenRecord } from '../../../core/access/accounts.ts'
import { makeDataFolder } from './data-folder.ts'

const owner: Account = {
  name: 'Änne',
  role: 'admin',
  passwordHash: 'h',
  createdAt: 5,
  generation: 1,
  limits: NO_LIMITS,
}
const token = (id: string, given: Partial<TokenRecord> = {}): TokenRecord => ({
  id,
  kind: 'viewing',
  name: `Name of ${id}`,
  account: null,
  owner: null,
  digest: null,
  scope: 'write',
  createdAt: 10,
  slate: false,
  lastSeen: null,
  ...given,
})

test('accounts are found without regard to case and survive a restart', async () => {
  await using folder = await makeDataFolder()
  await (await folder.open()).access.accounts.putAccount(owner)
  const { accounts } = (await folder.open()).access
  assert.deepEqual(await accounts.account('äNNE'), owner)
  assert.equal(await accounts.account('Anne'), null)
})

test('addFirstAdmin() makes one owner, also of two at once', async () => {
  await using folder = await makeDataFolder()
  const { accounts } = (await folder.open()).access
  assert.equal(await accounts.hasAdmin(), false)
  const made = await Promise.all([accounts.addFirstAdmin(owner), accounts.addFirstAdmin({ ...owner, name: 'Bob' })])
  assert.deepEqual(made, [true, false])
  assert.equal(await accounts.hasAdmin(), true)
  assert.deepEqual(
    (await accounts.listAccounts()).map(({ name }) => name),
    ['Änne'],
  )
})

test('putAccount() replaces an account of the same name', async () => {
  await using folder = await makeDataFolder()
  const { accounts } = (await folder.open()).access
  await accounts.putAccount(owner)
  await accounts.putAccount({ ...owner, name: 'ÄNNE', passwordHash: 'new', generation: 2 })
  const all = await accounts.listAccounts()
  assert.deepEqual(
    all.map(({ name, passwordHash, generation }) => [name, passwordHash, generation]),
    [['ÄNNE', 'new', 2]],
  )
})

test('removeAccount() says whether there was one', async () => {
  await using folder = await makeDataFolder()
  const { accounts } = (await folder.open()).access
  await accounts.putAccount(owner)
  assert.deepEqual([await accounts.removeAccount('ÄNNE'), await accounts.removeAccount('ÄNNE')], [true, false])
})

test('tokens are listed oldest first until they are revoked', async () => {
  await using folder = await makeDataFolder()
  const { tokens } = (await folder.open()).access
  await tokens.add(token('second', { createdAt: 20, kind: 'api' }))
  await tokens.add(token('first', { createdAt: 10 }))
  assert.deepEqual(
    (await tokens.list()).map(({ id }) => id),
    ['first', 'second'],
  )
  assert.deepEqual(await tokens.token('second'), token('second', { createdAt: 20, kind: 'api' }))
  assert.deepEqual(
    [await tokens.revoke('first', 30), await tokens.revoke('first', 31), await tokens.revoke('no', 32)],
    [true, false, false],
  )
  assert.deepEqual(
    (await tokens.list()).map(({ id }) => id),
    ['second'],
  )
  assert.equal(await tokens.token('first'), null)
})

test('revokedIds() are kept for ever, oldest first, and never given again', async () => {
  await using folder = await makeDataFolder()
  const { tokens } = (await folder.open()).access
  for (const id of ['a-token1', 'b-token1']) await tokens.add(token(id))
  await tokens.revoke('b-token1', 1)
  await tokens.revoke('a-token1', 2)
  const reopened = (await folder.open()).access.tokens
  assert.deepEqual(await reopened.revokedIds(), ['b-token1', 'a-token1'])
  await assert.rejects(reopened.add(token('a-token1')))
})

test('tokenOfAccount() finds the viewing token of an account, not its others', async () => {
  await using folder = await makeDataFolder()
  const { tokens } = (await folder.open()).access
  await tokens.add(token('api-one', { kind: 'api', account: 'Änne', createdAt: 1 }))
  await tokens.add(token('revoked', { account: 'Änne', createdAt: 2 }))
  await tokens.add(token('own', { account: 'ÄNNE', createdAt: 3 }))
  await tokens.revoke('revoked', 9)
  assert.equal((await tokens.tokenOfAccount('änne'))?.id, 'own')
  assert.equal(await tokens.tokenOfAccount('bob'), null)
})

test('seen() notes the last use', async () => {
  await using folder = await makeDataFolder()
  const { tokens } = (await folder.open()).access
  await tokens.add(token('a-token1'))
  await tokens.seen('a-token1', 99)
  assert.equal((await tokens.token('a-token1'))?.lastSeen, 99)
})

test('ended sessions are remembered until they have expired', async () => {
  await using folder = await makeDataFolder() // its clock says 1000
  const { endedSessions } = (await folder.open()).access
  await endedSessions.end('old', 999)
  await endedSessions.end('new', 2000)
  await endedSessions.end('new', 2000)
  assert.deepEqual(
    [await endedSessions.ended('old'), await endedSessions.ended('new'), await endedSessions.ended('no')],
    [false, true, false],
  )
})
