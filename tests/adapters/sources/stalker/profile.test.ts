import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expiryOf } from '../../../../adapters/sources/stalker/expiry.ts'
import { portalText, readProfile } from '../../../../adapters/sources/stalker/profile.ts'

for (const { text, at } of [
  { text: '2026-03-05 23:59:00', at: '2026-03-05T23:59:00.000Z' },
  { text: '2026-03-05', at: '2026-03-05T00:00:00.000Z' },
  { text: '05.03.2026', at: '2026-03-05T00:00:00.000Z' },
  { text: 'March 5, 2026, 11:59 pm', at: '2026-03-05T23:59:00.000Z' },
  { text: 'March 5, 2026, 12:05 am', at: '2026-03-05T00:05:00.000Z' },
  { text: '1772755140', at: '2026-03-05T23:59:00.000Z' },
]) {
  test(`expiryOf() reads "${text}"`, () => assert.equal(new Date(expiryOf(text)?.at ?? 0).toISOString(), at))
}

test('expiryOf() tells "never" from what is no date', () => {
  for (const text of ['Unlimited', '0000-00-00 00:00:00']) assert.deepEqual(expiryOf(text), { at: null, text })
  for (const text of ['', '+49 30 123456', 'soon', '2026-99-99']) assert.equal(expiryOf(text), null)
})

for (const { name, js, kind } of [
  { name: 'a good one', js: { id: '1', status: 0 }, kind: 'ok' },
  { name: 'a good one written as text', js: { id: '1', status: '0', blocked: '0' }, kind: 'ok' },
  {
    name: 'a whole default profile that is a refusal',
    js: { id: null, status: '1', watchdog_timeout: 90 },
    kind: 'refused',
  },
  { name: 'a bare refusal', js: { status: 1 }, kind: 'refused' },
  { name: 'a portal that is off', js: { status: 0, portal_disabled: true }, kind: 'refused' },
  { name: 'a wish for a password', js: { status: 2, template: 'x' }, kind: 'wants-login' },
  { name: 'nothing', js: false, kind: 'refused' },
  { name: 'an empty list for an empty object', js: [], kind: 'refused' },
]) {
  test(`readProfile() reads ${name}`, () => assert.equal(readProfile(js).kind, kind))
}

test('readProfile() gives the time between two reports within reason, and the end of the account', () => {
  const read = (fields: object) => {
    const profile = readProfile({ id: '1', status: 0, ...fields })
    assert.ok(profile.kind === 'ok')
    return profile
  }
  assert.equal(read({}).watchdogSeconds, 120)
  assert.equal(read({ watchdog_timeout: '97' }).watchdogSeconds, 97)
  assert.equal(read({ watchdog_timeout: 1 }).watchdogSeconds, 30)
  assert.equal(read({ expire_billing_date: '2026-03-05' }).expiry?.at, Date.UTC(2026, 2, 5))
})

test('readProfile() says what the portal says, without its markup and without the MAC', () => {
  const js = {
    status: 1,
    msg: 'device conflict',
    block_msg: 'Your STB 00:1a:79:AA:BB:CC is damaged.<br/> Call the provider.',
  }
  assert.deepEqual(readProfile(js), {
    kind: 'refused',
    reason: 'it says "device conflict; Your STB … is damaged. Call the provider."',
  })
  assert.equal(portalText('x'.repeat(1000)).length, 160)
})
