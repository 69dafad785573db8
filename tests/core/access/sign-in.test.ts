import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Account, PasswordHasher } from '../../../core/access/accounts.ts'
import { createEndedSessions } from '../../../core/access/ended-sessions.ts'
import { withFixedAccounts } from '../../../core/access/fixed-accounts.ts'
import { fixedAdmin } from '../../../core/access/fixed-admin.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { createSessionMint } from '../../../core/access/session.ts'
import { createSetupCode } from '../../../core/access/setup-code.ts'
import { createSignIn } from '../../../core/access/sign-in.ts'
import { createThrottle } from '../../../core/access/throttle.ts'
import { Failure } from '../../../core/errors.ts'
import { Secret } from '../../../core/secret.ts'
import { createMemoryAccounts } from '../../fakes/access-store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
const counted = () => {
  let drawn = 0
  return (count: number) => Uint8Array.from({ length: count }, () => drawn++ % 256)
}
const plainHasher: PasswordHasher = {
  hash: (password) => Promise.resolve(`plain:${password}`),
  verify: (password, hash) => Promise.resolve(hash === `plain:${password}`),
}
const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code

function openHouse(accounts: Account[] = []) {
  const clock = { now: 1_790_000_000_000 }
  const now = () => clock.now
  const random = counted()
  const store = createMemoryAccounts(accounts)
  const setup = createSetupCode({ random, now })
  const desk = createSignIn({
    accounts: store,
    hasher: plainHasher,
    sessions: createSessionMint({ ring, now }),
    ended: createEndedSessions(now),
    setup,
    random,
    now,
  })
  return { clock, store, setup, desk }
}
const anna: Account = {
  name: 'Anna',
  role: 'viewer',
  passwordHash: 'plain:correct horse',
  createdAt: 0,
  generation: 1,
  limits: NO_LIMITS,
}
const login = (password: string, address = '192.168.1.20', name = 'anna') => ({ name, password, address })

test('createSetupCode() prints 60 bits in three groups', () => {
  const { text } = createSetupCode({ random: counted(), now: () => 0 })
  assert.match(text, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
})

test('createSetupCode() is redeemed once, however it is typed', () => {
  const code = createSetupCode({
    random: () => Uint8Array.from([0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17]),
    now: () => 0,
  })
  assert.equal(code.text, '0123-ABCD-EFGH')
  assert.equal(code.redeem(' oi23 abcd efgh '), true)
  assert.equal(code.redeem('0123-ABCD-EFGH'), false)
})

/** Whether the right code is taken after this many wrong ones. */
const tryTimes = (wrong: number): boolean => {
  const code = createSetupCode({ random: counted(), now: () => 0 })
  for (let n = 0; n < wrong; n++) assert.equal(code.redeem(n % 2 === 0 ? '' : 'ZZZZ-ZZZZ-ZZZZ'), false)
  return code.redeem(code.text)
}

test('createSetupCode() is dead after ten wrong tries', () => {
  assert.equal(tryTimes(9), true)
  assert.equal(tryTimes(10), false)
})

test('createSetupCode() is dead after an hour', () => {
  let now = 0
  const code = createSetupCode({ random: counted(), now: () => now })
  now = HOUR
  assert.equal(code.redeem(code.text), false)
})

test('createThrottle() gives its tries at once and then one after each refill', () => {
  let now = 0
  const throttle = createThrottle({ now: () => now, tries: 3, refillMs: 1000, capacity: 10 })
  const taken = () => [1, 2, 3, 4].map(() => throttle.take('a'))
  assert.deepEqual(taken(), [true, true, true, false])
  now = 999
  assert.equal(throttle.take('a'), false)
  now = 2000
  assert.deepEqual(taken(), [true, true, false, false])
  now = 100_000
  assert.deepEqual(taken(), [true, true, true, false])
})

test('createThrottle() counts keys apart, and forgives one', () => {
  const throttle = createThrottle({ now: () => 0, tries: 1, refillMs: 1000, capacity: 10 })
  assert.equal(throttle.take('a'), true)
  assert.equal(throttle.take('b'), true)
  assert.equal(throttle.take('a', 'c'), false)
  assert.equal(throttle.take('c'), true)
  throttle.forgive('a')
  assert.equal(throttle.take('a'), true)
})

test('createThrottle() forgets the key that tried longest ago when it is full', () => {
  const throttle = createThrottle({ now: () => 0, tries: 1, refillMs: 1000, capacity: 2 })
  for (const key of ['a', 'b', 'a', 'c']) throttle.take(key)
  assert.equal(throttle.take('a'), false)
  assert.equal(throttle.take('b'), true)
})

test('setUp() makes the first admin and signs in', async () => {
  const { desk, setup, store } = openHouse()
  assert.equal(await desk.needsSetup(), true)
  const session = await desk.setUp({ code: setup.text, name: 'Jo', password: 'long enough', address: '' })
  assert.equal((await desk.session(session.cookie.reveal()))?.role, 'admin')
  assert.equal((await store.account('jo'))?.passwordHash, 'plain:long enough')
  assert.equal(await desk.needsSetup(), false)
})

test('setUp() refuses a wrong code, and any code once there is an admin', async () => {
  const { desk, setup } = openHouse()
  const attempt = { name: 'Jo', password: 'long enough', address: '' }
  await assert.rejects(desk.setUp({ ...attempt, code: 'WRONG' }), failsWith('access/setup-code'))
  await desk.setUp({ ...attempt, code: setup.text })
  await assert.rejects(desk.setUp({ ...attempt, code: setup.text }), failsWith('access/setup-done'))
})

for (const { name, password } of [
  { name: '', password: 'long enough' },
  { name: 'api', password: 'long enough' },
  { name: 'tuner0', password: 'long enough' },
  { name: 'a/b', password: 'long enough' },
  { name: 'x'.repeat(41), password: 'long enough' },
  { name: 'Jo', password: 'short' },
  { name: 'Jo', password: 'x'.repeat(257) },
]) {
  test(`setUp() refuses the name "${name.slice(0, 10)}" with a password of ${password.length} characters, and keeps the code`, async () => {
    const { desk, setup } = openHouse()
    await assert.rejects(desk.setUp({ code: setup.text, name, password, address: '' }), failsWith('http/bad-request'))
    assert.equal(setup.redeem(setup.text), true)
  })
}

test('signIn() takes the name without regard to case and shows it as it is written', async () => {
  const { desk } = openHouse([anna])
  const { cookie, user, role } = await desk.signIn(login('correct horse', '', 'ANNA'))
  assert.deepEqual({ user, role }, { user: 'Anna', role: 'viewer' })
  const person = { name: 'Anna', role: 'viewer', limits: NO_LIMITS }
  assert.deepEqual(await desk.session(cookie.reveal()), { user: 'Anna', role: 'viewer', person })
})

test('signIn() refuses a wrong password and an unknown name in the same words', async () => {
  const { desk } = openHouse([anna])
  const messageOf = (attempt: ReturnType<typeof login>) =>
    desk.signIn(attempt).then(
      () => assert.fail(),
      (error: Error) => error.message,
    )
  assert.equal(await messageOf(login('wrong')), await messageOf(login('wrong', '', 'nobody')))
})

test('signIn() slows down after five wrong passwords, for that name from that address only', async () => {
  const { desk, clock } = openHouse([anna, { ...anna, name: 'Bert' }])
  for (let n = 0; n < 5; n++) await assert.rejects(desk.signIn(login('wrong')), failsWith('access/wrong-password'))
  await assert.rejects(desk.signIn(login('correct horse')), failsWith('access/throttled'))
  await desk.signIn(login('correct horse', '192.168.1.21'))
  await desk.signIn(login('correct horse', '192.168.1.20', 'bert'))
  clock.now += 30_000
  await desk.signIn(login('correct horse'))
})

test('signIn() counts a whole IPv6 /64 as one address', async () => {
  const { desk } = openHouse([anna])
  for (let n = 0; n < 5; n++)
    await assert.rejects(desk.signIn(login('wrong', `2001:db8::${n}`)), failsWith('access/wrong-password'))
  await assert.rejects(desk.signIn(login('wrong', '2001:db8::ffff')), failsWith('access/throttled'))
  await assert.rejects(desk.signIn(login('wrong', '2001:db8:0:1::1')), failsWith('access/wrong-password'))
})

test('signIn() slows down an address that tries many names', async () => {
  const { desk } = openHouse([anna])
  for (let n = 0; n < 50; n++)
    await assert.rejects(desk.signIn(login('wrong', '203.0.113.9', `name${n}`)), failsWith('access/wrong-password'))
  await assert.rejects(desk.signIn(login('wrong', '203.0.113.9', 'another')), failsWith('access/throttled'))
})

test('session() ends on sign-out, and no other session with it', async () => {
  const { desk } = openHouse([anna])
  const one = await desk.signIn(login('correct horse'))
  const two = await desk.signIn(login('correct horse'))
  await desk.signOut(one.cookie.reveal())
  assert.equal(await desk.session(one.cookie.reveal()), null)
  assert.notEqual(await desk.session(two.cookie.reveal()), null)
})

test('session() ends after 30 days, with the account, and with a new password', async () => {
  const { desk, clock, store } = openHouse([anna])
  const cookie = (await desk.signIn(login('correct horse'))).cookie.reveal()
  store.put({ ...anna, generation: 2 })
  assert.equal(await desk.session(cookie), null)
  store.put(anna)
  assert.notEqual(await desk.session(cookie), null)
  store.remove('anna')
  assert.equal(await desk.session(cookie), null)
  store.put(anna)
  clock.now += 30 * DAY
  assert.equal(await desk.session(cookie), null)
})

test('session() and signOut() take any text for a cookie', async () => {
  const { desk } = openHouse([anna])
  for (const cookie of ['', 'x', 'k1.e30.x', 'a'.repeat(5000)]) {
    assert.equal(await desk.session(cookie), null)
    await desk.signOut(cookie)
  }
})

const atZero = () => 0

function fixedDesk(password: string) {
  const { accounts, hasher } = withFixedAccounts([fixedAdmin(new Secret(password))], {
    ring,
    stored: createMemoryAccounts([anna]),
    hasher: plainHasher,
  })
  const sessions = createSessionMint({ ring, now: atZero })
  return createSignIn({
    accounts,
    hasher,
    sessions,
    ended: createEndedSessions(atZero),
    setup: null,
    random: counted(),
    now: atZero,
  })
}

test('withFixedAccounts() signs in the admin of the configuration beside the stored accounts', async () => {
  const desk = fixedDesk('from the file')
  assert.equal(await desk.needsSetup(), false)
  assert.equal((await desk.signIn(login('from the file', '', 'Admin'))).role, 'admin')
  assert.equal((await desk.signIn(login('correct horse'))).role, 'viewer')
  await assert.rejects(desk.signIn(login('correct horse', '', 'admin')), failsWith('access/wrong-password'))
})

test('withFixedAccounts() ends the sessions of an old password', async () => {
  const { cookie } = await fixedDesk('from the file').signIn(login('from the file', '', 'admin'))
  assert.notEqual(await fixedDesk('from the file').session(cookie.reveal()), null)
  assert.equal(await fixedDesk('another password').session(cookie.reveal()), null)
})
