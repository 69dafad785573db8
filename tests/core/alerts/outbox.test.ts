import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert } from '../../../core/alerts/alert.ts'
import { Outbox } from '../../../core/alerts/outbox.ts'
import type { Target } from '../../../core/alerts/target.ts'
import { quietMinutes, wants } from '../../../core/alerts/target.ts'
import { Failure } from '../../../core/errors.ts'
import { anAlert, aTarget, memoryOutbox, T0 } from './samples.ts'

const NEVER = new AbortController().signal

/** An outbox whose clock and far side the test moves. */
function mailing(target: Target = aTarget()) {
  const store = memoryOutbox()
  const far = { now: T0, isDown: false, minute: 12 * 60, sent: [] as (readonly Alert[])[] }
  let last = 0
  const outbox = new Outbox({
    store,
    targets: () => [target],
    async send(_, alerts) {
      if (far.isDown) throw new Failure('source/unreachable', 'It does not answer')
      far.sent.push(alerts)
    },
    minuteOfDay: () => far.minute,
    newId: () => `m${(last += 1)}`,
    now: () => far.now,
  })
  const after = async (seconds: number): Promise<void> => {
    far.now += seconds * 1000
    await outbox.work(NEVER)
  }
  return { outbox, store, far, after }
}

test('a burst is one message', async () => {
  const { outbox, far, after } = mailing()
  for (let index = 0; index < 30; index++) outbox.add({ opened: [anAlert({ id: `a${index}` })], resolved: [] })
  await after(10)
  assert.equal(far.sent.length, 0)
  await after(10)
  assert.deepEqual(
    far.sent.map((alerts) => alerts.length),
    [30],
  )
})

test('an alert that is over before it was told is told as over', async () => {
  const { outbox, far, after } = mailing()
  outbox.add({ opened: [anAlert()], resolved: [] })
  outbox.add({ opened: [], resolved: [anAlert({ state: 'resolved' })] })
  await after(20)
  assert.deepEqual(
    far.sent.map((alerts) => alerts.map(({ state }) => state)),
    [['resolved']],
  )
})

test('what is not taken is tried again, ever later, and dropped in the end', async () => {
  const { outbox, store, far, after } = mailing()
  far.isDown = true
  outbox.add({ opened: [anAlert()], resolved: [] })
  await after(20)
  assert.deepEqual(
    store.tries.map(({ outcome, code }) => [outcome, code]),
    [['late', 'source/unreachable']],
  )
  await after(20)
  assert.equal(store.tries.length, 1, 'not before its time')
  for (let tries = 0; tries < 20; tries++) await after(20_000)
  assert.equal(store.tries.length, 8)
  assert.equal(store.tries.at(-1)?.outcome, 'dropped')
  assert.equal(store.kept.size, 0)
})

test('a message that waits is sent when the far side is back, also by the next run', async () => {
  const { outbox, store, far, after } = mailing()
  far.isDown = true
  outbox.add({ opened: [anAlert()], resolved: [] })
  await after(20)
  far.isDown = false
  await after(40)
  assert.deepEqual([far.sent.length, store.kept.size, store.tries.at(-1)?.outcome], [1, 0, 'sent'])
})

test('in quiet hours only what is critical is told', async () => {
  const { outbox, far, after } = mailing(aTarget({ quietHours: { from: '22:00', to: '07:00' } }))
  far.minute = 23 * 60
  outbox.add({ opened: [anAlert({ severity: 'warning' })], resolved: [] })
  await after(3600)
  assert.equal(far.sent.length, 0)
  outbox.add({ opened: [anAlert({ id: 'a2', severity: 'critical' })], resolved: [] })
  await after(20)
  assert.deepEqual(
    far.sent.map((alerts) => alerts.map(({ id }) => id)),
    [['a1', 'a2']],
  )
})

test('a digest waits for its time', async () => {
  const { outbox, far, after } = mailing(aTarget({ digestMinutes: 60 }))
  outbox.add({ opened: [anAlert({ severity: 'info' })], resolved: [] })
  await after(1800)
  outbox.add({ opened: [anAlert({ id: 'a2', severity: 'info' })], resolved: [] })
  await after(1700)
  assert.equal(far.sent.length, 0)
  await after(200)
  assert.deepEqual(
    far.sent.map((alerts) => alerts.length),
    [2],
  )
})

test('messages that wait are never more than there is room for', () => {
  const { store, far } = mailing()
  let last = 0
  const busy = new Outbox({
    store,
    targets: () => Array.from({ length: 600 }, (_, index) => aTarget({ id: `t${index}` })),
    send: () => Promise.resolve(),
    minuteOfDay: () => 0,
    newId: () => `n${(last += 1)}`,
    now: () => far.now,
  })
  busy.add({ opened: [anAlert()], resolved: [] })
  assert.equal(store.kept.size, 500)
})

for (const { hours, at, minutes } of [
  { hours: { from: '22:00', to: '07:00' }, at: 23 * 60, minutes: 8 * 60 },
  { hours: { from: '22:00', to: '07:00' }, at: 6 * 60 + 59, minutes: 1 },
  { hours: { from: '22:00', to: '07:00' }, at: 7 * 60, minutes: 0 },
  { hours: { from: '13:00', to: '14:30' }, at: 13 * 60, minutes: 90 },
  { hours: { from: '13:00', to: '13:00' }, at: 13 * 60, minutes: 0 },
  { hours: null, at: 0, minutes: 0 },
]) {
  test(`quietMinutes() of ${JSON.stringify(hours)} at minute ${at} is ${minutes}`, () => {
    assert.equal(quietMinutes(hours, at), minutes)
  })
}

test('wants() goes by severity, rule and what is over', () => {
  assert.equal(wants(aTarget({ leastSeverity: 'critical' }), anAlert({ severity: 'warning' })), false)
  assert.equal(wants(aTarget({ kinds: ['disk-low'] }), anAlert()), false)
  assert.equal(wants(aTarget({ tellResolved: false }), anAlert({ state: 'resolved' })), false)
  assert.equal(wants(aTarget({ enabled: false }), anAlert()), false)
  assert.equal(wants(aTarget(), anAlert()), true)
})
