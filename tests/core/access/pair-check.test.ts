import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Account } from '../../../core/access/accounts.ts'
import { createPairCheck } from '../../../core/access/pair-check.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { Failure } from '../../../core/errors.ts'
import { createMemoryAccounts } from '../../fakes/access-store.ts'

const MINUTE = 60_000
const anna: Account = {
  name: 'Anna',
  role: 'viewer',
  passwordHash: 'plain:correct horse',
  createdAt: 0,
  generation: 1,
  limits: NO_LIMITS,
}

/** A house with Anna; `slow` counts how often a password was looked at the slow way. */
function open() {
  const clock = { now: 1_790_000_000_000 }
  const store = createMemoryAccounts([anna])
  const seen = { slow: 0, hashes: [] as string[] }
  const pairs = createPairCheck({
    accounts: store,
    hasher: {
      hash: () => Promise.resolve('decoy'),
      verify(password, hash) {
        seen.slow++
        seen.hashes.push(hash)
        return Promise.resolve(hash === `plain:${password}`)
      },
    },
    tokens: null,
    random: systemRandom,
    now: () => clock.now,
  })
  const check = async (name: string, password: string, address = '192.168.1.20') =>
    (await pairs.check({ name, password, address }))?.name ?? null
  return { clock, store, seen, check }
}
const throttled = (error: unknown): boolean => error instanceof Failure && error.code === 'access/throttled'

test('check() gives whose pair it is, without regard to the case of the name', async () => {
  const { check } = open()
  assert.equal(await check('anna', 'correct horse'), 'Anna')
  assert.equal(await check('ANNA', 'correct horse'), 'Anna')
  assert.equal(await check('anna', 'Correct Horse'), null)
})

test('check() looks at an unknown name as long as at a wrong password', async () => {
  const { check, seen } = open()
  assert.equal(await check('nobody', 'correct horse'), null)
  assert.equal(await check('anna', 'wrong'), null)
  assert.deepEqual(seen.hashes, ['decoy', 'plain:correct horse'])
})

test('check() remembers a right pair for ten minutes, and a wrong one never', async () => {
  const { check, clock, seen } = open()
  for (let turn = 0; turn < 100; turn++) await check('anna', 'correct horse')
  assert.equal(seen.slow, 1)
  clock.now += 10 * MINUTE
  assert.equal(await check('anna', 'correct horse'), 'Anna')
  assert.equal(seen.slow, 2)
  await check('anna', 'wrong')
  await check('anna', 'wrong')
  assert.equal(seen.slow, 4)
})

test('check() forgets a pair at once when the password changes or the account goes', async () => {
  const { check, store } = open()
  await check('anna', 'correct horse')
  store.put({ ...anna, passwordHash: 'plain:battery', generation: 2 })
  assert.equal(await check('anna', 'correct horse'), null)
  assert.equal(await check('anna', 'battery'), 'Anna')
  store.remove('anna')
  assert.equal(await check('anna', 'battery'), null)
})

test('check() slows guessing down, by name and by address', async () => {
  const { check, clock } = open()
  for (let turn = 0; turn < 5; turn++) assert.equal(await check('anna', `guess ${turn}`), null)
  await assert.rejects(check('anna', 'correct horse'), throttled)
  assert.equal(await check('anna', 'correct horse', '192.168.1.21'), 'Anna')
  clock.now += MINUTE
  assert.equal(await check('anna', 'correct horse'), 'Anna')
  for (let turn = 0; turn < 44; turn++) await check(`name ${turn}`, 'guess', '2001:db8::1')
  for (let turn = 0; turn < 6; turn++) await check(`other ${turn}`, 'guess', '2001:db8::2')
  await assert.rejects(check('one more', 'guess', '2001:db8::3'), throttled)
})

test('check() lets a known pair through while somebody else guesses at its name', async () => {
  const { check } = open()
  await check('anna', 'correct horse')
  for (let turn = 0; turn < 5; turn++) await check('anna', `guess ${turn}`)
  await assert.rejects(check('anna', 'guess again'), throttled)
  assert.equal(await check('anna', 'correct horse'), 'Anna')
})

test('check() takes many questions at once for one try', async () => {
  const { check, seen } = open()
  const answers = await Promise.all(Array.from({ length: 20 }, () => check('anna', 'correct horse')))
  assert.deepEqual([new Set(answers), seen.slow], [new Set(['Anna']), 1])
})

test('check() keeps no more than a thousand pairs', async () => {
  const { check, store, seen } = open()
  for (let index = 0; index < 1001; index++) store.put({ ...anna, name: `user${index}` })
  for (let index = 0; index < 1001; index++)
    await check(`user${index}`, 'correct horse', `10.0.${index >> 6}.${index & 63}`)
  seen.slow = 0
  await check('user1000', 'correct horse')
  assert.equal(seen.slow, 0)
  await check('user0', 'correct horse')
  assert.equal(seen.slow, 1)
})
