import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogDesk } from '../../../core/logs/log-desk.ts'
import { createLogRing } from '../../../core/logs/log-ring.ts'

function aDesk() {
  const clock = { now: 0 }
  const ring = createLogRing()
  const desk = createLogDesk({ ring, level: () => 'info', now: () => clock.now })
  const add = (count: number, level: 'info' | 'warn' = 'info'): void => {
    for (let one = 0; one < count; one++)
      ring.add({ at: clock.now, level, event: `e${ring.newest() + 1}`, facts: '{}' })
  }
  return { clock, desk, add }
}

test('read() gives windows that stay where they are while lines come', () => {
  const { desk, add } = aDesk()
  add(10)
  const first = desk.read({ offset: 0, limit: 4 })
  add(5)
  const second = desk.read({ offset: 4, limit: 4, until: first.until })
  assert.deepEqual([first.until, first.total, second.total], [10, 10, 10])
  assert.deepEqual(
    [...first.lines, ...second.lines].map(({ id }) => id),
    [10, 9, 8, 7, 6, 5, 4, 3],
  )
})

test('news() gives the last lines in order, and says how many were too many', () => {
  const { desk, add } = aDesk()
  add(3)
  add(5, 'warn')
  add(1)
  const { lines, leftOut, newest } = desk.news(2, 'warn', 3)
  assert.deepEqual(
    lines.map(({ id }) => id),
    [6, 7, 8],
  )
  assert.deepEqual([leftOut, newest], [2, 9])
})

test('follow() lasts a minute, and remembers where it began', () => {
  const { clock, desk, add } = aDesk()
  add(2)
  assert.equal(desk.followed('jo'), null)
  assert.equal(desk.follow('jo', 'info'), 60_000)
  add(2)
  clock.now = 50_000
  desk.follow('jo', 'debug')
  clock.now = 109_999
  assert.deepEqual(desk.followed('jo'), { level: 'debug', after: 2, until: 110_000 })
  clock.now = 110_000
  assert.equal(desk.followed('jo'), null)
  assert.equal(desk.followed('anna'), null)
})
