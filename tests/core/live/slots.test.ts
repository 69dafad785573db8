import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSlotLedger } from '../../../core/live/slots.ts'
import type { Slot } from '../../../core/live/slots.ts'
import type { SlotRule } from '../../../core/live/upstream.ts'
import { fakeStream } from './fake-house.ts'

function ledgerOf(rule: Partial<SlotRule> & { readonly total: number | null }) {
  const now = { ms: 1000 }
  const { total, ...rest } = rule
  return {
    now,
    ledger: createSlotLedger(
      () => ({ slots: () => total, ...rest }),
      () => now.ms,
    ),
  }
}

const source = fakeStream('a').sourceId

test('SlotLedger lets streams of one transponder share a tuner', () => {
  const { ledger } = ledgerOf({ total: 1 })
  const first = ledger.reserve(fakeStream('a', 'tp'))
  const second = ledger.reserve(fakeStream('b', 'tp'))
  assert.ok(first !== null && second !== null)
  assert.equal(ledger.used(source), 1)
  assert.equal(ledger.reserve(fakeStream('c', 'other')), null)
  first.release()
  first.release()
  assert.equal(ledger.used(source), 1)
  second.release()
  assert.equal(ledger.used(source), 0)
})

test('SlotLedger gives every open stream a connection of its own where the source does not share', () => {
  const { ledger } = ledgerOf({ total: 2, sharesSlots: false })
  assert.ok(ledger.reserve(fakeStream('a')) !== null)
  assert.ok(ledger.reserve(fakeStream('a')) !== null)
  assert.equal(ledger.reserve(fakeStream('a')), null)
  assert.equal(ledger.used(source), 2)
})

test('SlotLedger says when a source may be asked that still counts the connection before', () => {
  const { ledger, now } = ledgerOf({ total: 1, sharesSlots: false, closingMs: 800 })
  ledger.reserve(fakeStream('a'))?.release()
  now.ms += 300
  const next = ledger.reserve(fakeStream('b'))
  assert.equal(next?.readyAt, 1800)
  assert.equal(ledger.reserve(fakeStream('c')), null)
  next?.release()
  now.ms = 5000
  assert.equal(ledger.reserve(fakeStream('c'))?.readyAt, 5000)
})

test('SlotLedger takes a tuned transponder again at once', () => {
  const { ledger, now } = ledgerOf({ total: 1 })
  ledger.reserve(fakeStream('a', 'tp'))?.release()
  assert.equal(ledger.reserve(fakeStream('b', 'tp'))?.readyAt, now.ms)
})

test('SlotLedger never gives more slots than the source has, closing ones included, and loses none', () => {
  const step = fc.record(
    { act: fc.constantFrom('reserve', 'release', 'wait'), item: fc.integer({ min: 0, max: 5 }) },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      (steps, total, shares) => {
        const { ledger, now } = ledgerOf({ total, sharesSlots: shares, closingMs: 100 })
        const held: { slot: Slot; from: number; to: number }[] = []
        for (const { act, item } of steps) {
          if (act === 'wait') now.ms += item * 30
          else if (act === 'release') {
            const open = held.filter(({ to }) => to === Infinity)
            const one = open[item % Math.max(open.length, 1)]
            if (one === undefined) continue
            one.slot.release()
            one.to = now.ms
          } else {
            const slot = ledger.reserve(fakeStream(`i${item}`, `key${item % 3}`))
            if (slot !== null) held.push({ slot, from: slot.readyAt, to: Infinity })
          }
          // What the source sees: a connection counts from being asked until 100 ms behind its end.
          const seen = held.filter(({ from, to }) => from <= now.ms && to + 100 > now.ms)
          const count = shares ? new Set(seen.map(({ slot }) => slot.key)).size : seen.length
          assert.ok(count <= total, `${count} of ${total}`)
        }
        for (const { slot } of held) slot.release()
        assert.equal(ledger.used(source), 0)
        now.ms += 1000
        const all = Array.from({ length: total }, (_, index) => ledger.reserve(fakeStream(`z${index}`)))
        assert.ok(all.every((slot) => slot !== null))
      },
    ),
  )
})
