import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChangeBell } from '../../../adapters/library/change-bell.ts'

/** A clock that goes on in steps of a second, and what is due by it. */
function aClock() {
  let now = 0
  const due = new Map<object, { readonly at: number; readonly work: () => void }>()
  return {
    timers: {
      set(work: () => void, ms: number): unknown {
        const timer = {}
        due.set(timer, { at: now + ms, work })
        return timer
      },
      clear: (timer: unknown): void => void due.delete(timer as object),
      every: () => null,
      clearEvery: () => {},
    },
    second(): void {
      now += 1000
      for (const [timer, { at, work }] of due) if (at <= now && due.delete(timer)) work()
    },
    waiting: () => due.size,
  }
}

function aBell() {
  const clock = aClock()
  const bell = createChangeBell(clock.timers)
  const rings: number[] = []
  let second = 0
  bell.onChange(() => rings.push(second))
  return {
    bell,
    rings,
    waiting: clock.waiting,
    seconds(count: number, each: () => void = () => {}): void {
      for (let left = count; left > 0; left--) {
        each()
        second++
        clock.second()
      }
    },
  }
}

test('changed() rings once, soon, for many changes', () => {
  const { bell, rings, seconds } = aBell()
  for (let times = 0; times < 100; times++) bell.changed()
  seconds(10)
  assert.deepEqual(rings, [2])
})

test('changed() rings ever more seldom while changes come without end, and soon again after a rest', () => {
  const { bell, rings, seconds } = aBell()
  seconds(100, bell.changed)
  assert.deepEqual(rings, [2, 6, 14, 30, 62, 94])
  seconds(100)
  rings.length = 0
  bell.changed()
  seconds(3)
  assert.equal(rings.length, 1)
})

test('settled() rings soon after the last of many changes', () => {
  const { bell, rings, seconds } = aBell()
  seconds(40, bell.changed)
  rings.length = 0
  bell.settled()
  seconds(3)
  assert.deepEqual(rings, [42])
})

test('a bell that was disposed is silent', () => {
  const { bell, rings, seconds, waiting } = aBell()
  bell.changed()
  bell[Symbol.dispose]()
  seconds(10)
  assert.deepEqual([rings, waiting()], [[], 0])
})
