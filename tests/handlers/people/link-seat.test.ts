import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Caller } from '../../../core/access/caller.ts'
import { linkSeat, printLinkSeat, readLinkSeat } from '../../../core/access/link-seat.ts'
import type { LinkSeat } from '../../../core/access/link-seat.ts'
import { fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'

const LIMITS = { ...NO_LIMITS, maxStreams: 2 }

/** Who the adapter takes somebody for who comes by a link of a front. */
async function comeBy(
  user: string | null,
  seat?: LinkSeat,
  change: (house: ReturnType<typeof fakeHouse>) => unknown = () => {},
) {
  const house = fakeHouse({ accounts: [{ ...VIEWER, limits: LIMITS }] })
  await change(house)
  const scope = { kind: 'channel', channelId: 'c1', user, ...(seat !== undefined && { seat }) } as const
  const token = await house.signer.sign(scope, { expires: house.clock.now / 1000 + 60, jti: 'A'.repeat(22) })
  const response = await house.get(`/s/${token}/live/c1.ts`, STRANGER)
  const caller = response.status === 200 ? ((await response.json()) as Caller) : null
  return { status: response.status, code: response.headers.get('x-downlink-error'), caller }
}

test('a link with a seat brings the person of the house and the device of the front', async () => {
  const { caller } = await comeBy('Anna', { account: 'anna', device: 'tv' })
  assert.deepEqual(caller?.person, { name: 'Anna', role: 'viewer', limits: LIMITS })
  assert.deepEqual([caller?.device, caller?.user, caller?.role], ['tv', 'Anna', null])
})

test('a link with a seat of somebody who is gone, or has expired, is refused like any wrong link', async () => {
  const seat = { account: 'anna', device: 'tv' }
  const gone = await comeBy('Anna', seat, ({ accounts }) => accounts.remove('anna'))
  const expired = await comeBy('Anna', seat, ({ accounts, clock }) =>
    accounts.put({ ...VIEWER, limits: { ...LIMITS, expiresAt: clock.now } }),
  )
  for (const { status, code } of [gone, expired]) assert.deepEqual([status, code], [403, 'access/bad-link'])
})

test('a link with a seat of somebody whom the front alone knows brings the limit that it tells', async () => {
  const { caller } = await comeBy('Ben', { account: 'ben', device: 'tv', limit: 1 })
  assert.deepEqual(caller?.person, { name: 'ben', role: 'viewer', limits: { ...NO_LIMITS, maxStreams: 1 } })
  const known = await comeBy('Anna', { account: 'anna', device: 'tv', limit: 9 })
  assert.equal(known.caller?.person?.limits.maxStreams, 2)
})

test('a link without a seat finds the person by the user, as fronts of old write it', async () => {
  const { caller } = await comeBy('Anna')
  assert.equal(caller?.person?.name, 'Anna')
  assert.equal((await comeBy('Nobody')).caller?.person, undefined)
  assert.equal((await comeBy(null)).caller?.user, null)
})

test('a link by a viewing token shows what the token is called, and that it was used', async () => {
  const seat = { account: 'anna', device: 'tv' }
  const house = fakeHouse({ accounts: [VIEWER] })
  const { record } = await house.tokens.add({ kind: 'viewing', name: 'Kitchen', owner: 'Anna' })
  const scope = { kind: 'channel', channelId: 'c1', user: record.id, seat } as const
  const token = await house.signer.sign(scope, { expires: house.clock.now / 1000 + 60, jti: 'A'.repeat(22) })
  const caller = (await (await house.get(`/s/${token}/live/c1.ts`)).json()) as Caller
  assert.equal(caller.user, 'Kitchen')
  assert.equal((await house.tokens.list())[0]?.lastSeen, house.clock.now)
})

test('linkSeat() is told only where the house tells its people', () => {
  const person = { name: 'Anna', role: 'viewer', limits: LIMITS } as const
  assert.equal(linkSeat({ person, device: 'tv' }), undefined)
  assert.equal(linkSeat({}), undefined)
  assert.deepEqual(linkSeat({ person: { ...person, knownBy: 'house' }, device: 'tv' }), {
    account: 'anna',
    device: 'tv',
  })
  assert.deepEqual(linkSeat({ person: { ...person, knownBy: 'front' }, device: 'tv' }), {
    account: 'anna',
    device: 'tv',
    limit: 2,
  })
})

for (const seat of [
  { account: 'anna', device: '' },
  { account: 'a'.repeat(40), device: 'd'.repeat(32) },
  { account: 'anna', device: 'tv', limit: null },
  { account: 'anna', device: 'tv', limit: 3 },
])
  test(`readLinkSeat() reads what printLinkSeat() writes: ${JSON.stringify(printLinkSeat(seat)).slice(0, 30)}`, () => {
    assert.deepEqual(readLinkSeat(printLinkSeat(seat)), seat)
  })

for (const value of [
  null,
  'anna',
  [],
  ['anna'],
  ['', 'tv'],
  ['a'.repeat(41), 'tv'],
  ['anna', 'd'.repeat(33)],
  ['anna', 1],
  ['anna', 'tv', 0],
  ['anna', 'tv', 1.5],
  ['anna', 'tv', '2'],
  ['anna', 'tv', 2, 3],
])
  test(`readLinkSeat() refuses ${JSON.stringify(value).slice(0, 40)}`, () => assert.equal(readLinkSeat(value), null))
