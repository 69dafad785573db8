import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Account } from '../../../core/access/accounts.ts'
import type { FixedAccount } from '../../../core/access/fixed-accounts.ts'
import { createFrontPeople } from '../../../core/access/front-people.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { readPeopleSnapshot, writePeopleSnapshot } from '../../../core/access/people-snapshot.ts'
import type { KnownPeople } from '../../../core/access/people-snapshot.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createTokens } from '../../../core/access/token-desk.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'
import { Failure } from '../../../core/errors.ts'
import { Secret } from '../../../core/secret.ts'
import { createMemoryAccounts, createMemoryTokens } from '../../fakes/access-store.ts'

const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
const mint = createTokenMint(ring)
const KIDS = { ...NO_LIMITS, groups: ['Kids'], adultLock: true, maxStreams: 1 }
const person = (name: string, changes: Partial<Account> = {}): Account => ({
  name,
  role: 'viewer',
  passwordHash: 'scrypt$32768$8$3$salt$hunter2',
  createdAt: 0,
  generation: 1,
  limits: NO_LIMITS,
  ...changes,
})
const fixed: FixedAccount = {
  name: 'admin',
  role: 'admin',
  password: new Secret('correct-horse-battery'),
  limits: NO_LIMITS,
}
const from = '203.0.113.9'

/** A house and a front that hears of it when `tell` is called, or when it looks again itself. */
function open({ isOld = false, own = [] as readonly FixedAccount[] } = {}) {
  const clock = { now: Date.UTC(2026, 10, 21) }
  const now = () => clock.now
  const accounts = createMemoryAccounts([person('Anna', { limits: KIDS }), person('Jo', { role: 'admin' })])
  const tokens = createTokens({ mint, store: createMemoryTokens(), random: systemRandom, now })
  const state: { people: KnownPeople | null; revoked: ReadonlySet<string>; looks: number; asleep: boolean } = {
    people: null,
    revoked: new Set(),
    looks: 0,
    asleep: false,
  }
  const tell = async (): Promise<void> => {
    if (state.asleep) return
    state.revoked = new Set(await tokens.revokedIds())
    const text = writePeopleSnapshot(await accounts.listAccounts(), await tokens.list())
    if (!isOld) state.people = readPeopleSnapshot(JSON.parse(text))
  }
  const front = createFrontPeople({
    ring,
    fixed: own,
    news: {
      people: () => state.people,
      revoked: () => state.revoked,
      lookAgain: () => (state.looks++, tell()),
    },
    random: systemRandom,
    now,
  })
  const add = async (kind: 'viewing' | 'app' | 'api', owner: string | null) => {
    const { record, token } = await tokens.add({ kind, name: 'Kodi', owner })
    return { id: record.id, text: token.reveal() }
  }
  return { clock, accounts, tokens, state, tell, add, ...front }
}

test('writePeopleSnapshot() has no password, no hash of one, and no name that somebody gave a device', async () => {
  const { add, tokens, accounts } = open()
  const { text: app } = await add('app', 'Anna')
  const text = writePeopleSnapshot(await accounts.listAccounts(), await tokens.list())
  assert.doesNotMatch(text, /scrypt|hunter2|Kodi/)
  assert.ok(!text.includes(app))
  assert.equal(text, writePeopleSnapshot(await accounts.listAccounts(), await tokens.list()))
})

test('writePeopleSnapshot() leaves tokens out whose owner is gone', async () => {
  const { add, tokens } = open()
  await add('viewing', 'Anna')
  const known = readPeopleSnapshot(JSON.parse(writePeopleSnapshot([person('Jo')], await tokens.list())))
  assert.equal(known.byId.size, 0)
})

for (const json of [
  null,
  {},
  { format: 2, people: [], tokens: [] },
  { format: 1, people: [{ name: 'A' }], tokens: [] },
])
  test(`readPeopleSnapshot() refuses ${JSON.stringify(json)}`, () => assert.throws(() => readPeopleSnapshot(json)))

test('a front knows an app password, its person and the token', async () => {
  const { add, tell, pairs } = open()
  const { id, text } = await add('app', 'Anna')
  await tell()
  const found = await pairs.check({ name: 'ANNA', password: text, address: from })
  assert.deepEqual(found, { name: 'Anna', role: 'viewer', limits: KIDS, knownBy: 'house', tokenId: id })
  assert.equal(await pairs.check({ name: 'Jo', password: text, address: from }), null)
})

test('a front knows the person of a viewing token and of an API token', async () => {
  const { add, tell, access } = open()
  const [viewing, api, nobodys] = [await add('viewing', 'Anna'), await add('api', 'Jo'), await add('viewing', null)]
  await tell()
  assert.deepEqual((await access.viewingToken(viewing.text))?.person?.limits, KIDS)
  assert.equal((await access.viewingToken(nobodys.text))?.person, undefined)
  const holder = await access.apiToken(api.text)
  assert.deepEqual([holder?.role, holder?.scope, holder?.person?.name], ['admin', 'write', 'Jo'])
  assert.equal(await access.apiToken(viewing.text), null)
  assert.equal(await access.viewingToken(api.text), null)
})

test('a front gives people their own viewing token, the same as at home', async () => {
  const { tokens, tell, access } = open()
  const own = await tokens.tokenOfAccount('Anna')
  await tell()
  assert.equal(await access.tokenOfAccount('anna'), own)
  assert.equal((await access.viewingToken(own))?.person?.name, 'Anna')
})

test('what ends at home ends at the front with the next news: tokens, expiry, people', async () => {
  const { add, tell, access, pairs, tokens, accounts, clock } = open()
  const [link, app, other] = [await add('viewing', 'Anna'), await add('app', 'Anna'), await add('viewing', 'Jo')]
  await tell()
  const opens = async () => [
    (await access.viewingToken(link.text)) !== null,
    (await pairs.check({ name: 'anna', password: app.text, address: from })) !== null,
    (await access.viewingToken(other.text)) !== null,
  ]
  assert.deepEqual(await opens(), [true, true, true])
  await tokens.revoke(other.id)
  await tell()
  assert.deepEqual(await opens(), [true, true, false])
  accounts.put(person('Anna', { limits: { ...KIDS, expiresAt: clock.now + 1000 } }))
  await tell()
  assert.deepEqual(await opens(), [true, true, false])
  clock.now += 1000 // the adapter need not tell that
  assert.deepEqual(await opens(), [false, false, false])
  accounts.put(person('Anna'))
  await tell()
  assert.deepEqual(await opens(), [true, true, false])
  accounts.remove('anna')
  await tell()
  assert.deepEqual(await opens(), [false, false, false])
})

test('a front asks once more about a token of ours that it does not know, and never about others', async () => {
  const { add, tell, access, state } = open()
  await tell()
  const { text } = await add('viewing', 'Anna')
  assert.deepEqual((await access.viewingToken(text))?.person?.limits, KIDS)
  assert.equal(state.looks, 1)
  assert.equal(await access.viewingToken(`${text.slice(0, -2)}AA`), null)
  assert.equal(state.looks, 1)
})

test('a front opens nothing to a token of ours that nobody at home has heard of', async () => {
  const { tell, access } = open()
  await tell()
  assert.equal(await access.viewingToken(await mint.print('viewing', 'not-in-the-store')), null)
})

test('a front of an older adapter goes by the MAC and the revoked ids', async () => {
  const { add, tell, access, tokens } = open({ isOld: true })
  const { id, text } = await add('viewing', null)
  await tell()
  assert.deepEqual(await access.viewingToken(text), { id, name: id, slate: false })
  await tokens.revoke(id)
  await tell()
  assert.equal(await access.viewingToken(text), null)
  assert.equal(await access.apiToken(await mint.print('api', 'abcdefgh')), null)
})

test('the account of the front itself has a token that stays the same and that the front takes', async () => {
  const { tell, access, pairs } = open({ own: [fixed] })
  await tell()
  const token = (await access.tokenOfAccount('Admin')) ?? ''
  assert.equal(await access.tokenOfAccount('admin'), token)
  assert.equal((await access.viewingToken(token))?.person?.name, 'admin')
  const found = await pairs.check({ name: 'admin', password: 'correct-horse-battery', address: from })
  assert.equal(found?.role, 'admin')
})

test('somebody of the front and of the house has the limits of the house', async () => {
  const { tell, pairs, access } = open({ own: [{ ...fixed, name: 'anna', role: 'admin' }] })
  await tell()
  const found = await pairs.check({ name: 'anna', password: 'correct-horse-battery', address: from })
  assert.deepEqual([found?.role, found?.limits], ['viewer', KIDS])
  assert.notEqual(await access.tokenOfAccount('anna'), null)
})

test('a front slows down guessing, the same for names that there are and that there are not', async () => {
  const { tell, pairs } = open({ own: [fixed] })
  await tell()
  for (const name of ['Anna', 'admin', 'nobody']) {
    for (let count = 0; count < 5; count++)
      assert.equal(await pairs.check({ name, password: `guess ${count}`, address: from }), null)
    await assert.rejects(
      pairs.check({ name, password: 'guess', address: from }),
      (error: unknown) => error instanceof Failure && error.code === 'access/throttled',
    )
  }
})
