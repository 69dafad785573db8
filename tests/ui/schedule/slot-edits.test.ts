import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readChannelDoc } from '../../../core/linear/document.ts'
import type { ChannelDoc } from '../../../core/linear/document.ts'
import { revise, revisionOn } from '../../../ui/src/schedule/revising.ts'
import { addSlot, freshName, moveSlot, removeSlot } from '../../../ui/src/schedule/slot-edits.ts'
import type { Wish } from '../../../ui/src/schedule/slot-edits.ts'

const DOC = readChannelDoc({
  id: 'own',
  name: 'Own',
  anchorDay: '2026-11-02',
  pools: [{ id: 'films', query: { kinds: ['film'] } }],
  slots: [
    { id: 'day', at: '06:00', show: { pool: 'films' } },
    { id: 'prime', at: '20:15', days: ['fri'], show: { pool: 'films' } },
  ],
})
const [PLAN] = DOC.revisions
const slotOf = (plan: typeof PLAN, id: string) => plan.slots.find((one) => one.id === id)
/** What is edited can be kept: the document is still a good one. */
const good = (doc: ChannelDoc) => assert.deepEqual(readChannelDoc(JSON.parse(JSON.stringify(doc))), doc)
const withPlan = (plan: typeof PLAN): ChannelDoc => ({ ...DOC, revisions: [plan] })

describe('edits of the week', () => {
  test('a slot of every day moves on the clock, one of a day through the week', () => {
    const day = moveSlot(PLAN, 'day', { day: 3, minute: 425 }, null)
    assert.deepEqual([slotOf(day, 'day')?.at, slotOf(day, 'day')?.days], ['07:05', null])
    const prime = moveSlot(PLAN, 'prime', { day: 5, minute: 1200 }, null)
    assert.deepEqual([slotOf(prime, 'prime')?.at, slotOf(prime, 'prime')?.days], ['20:00', ['sat']])
    good(withPlan(day))
    good(withPlan(prime))
  })

  test('one day of a slot moves alone, and gets a slot of its own', () => {
    const plan = moveSlot(PLAN, 'day', { day: 6, minute: 600 }, 6)
    assert.deepEqual(slotOf(plan, 'day')?.days, ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'])
    assert.deepEqual([slotOf(plan, '1000')?.at, slotOf(plan, '1000')?.days], ['10:00', ['sun']])
    good(withPlan(plan))
    assert.deepEqual(slotOf(moveSlot(PLAN, 'prime', { day: 4, minute: 0 }, 4), 'prime')?.at, '00:00')
  })

  test('a slot goes, on one day or for good', () => {
    assert.deepEqual(
      removeSlot(PLAN, 'prime', null).slots.map(({ id }) => id),
      ['day'],
    )
    assert.deepEqual(slotOf(removeSlot(PLAN, 'day', 0), 'day')?.days?.length, 6)
    assert.equal(slotOf(removeSlot(PLAN, 'prime', 4), 'prime'), undefined)
  })

  test('what comes from the library makes its pool, or takes the one that is there', () => {
    const films: Wish = { kind: 'query', name: 'Films', query: { kinds: ['film'] }, mode: 'shuffle' }
    const same = addSlot(PLAN, films, { day: 0, minute: 720 }, true)
    assert.equal(same.pools.length, 1)
    assert.deepEqual(slotOf(same, '1200')?.show, { kind: 'pool', pool: 'films' })
    const series: Wish = {
      kind: 'query',
      name: 'Größte Höhe!',
      query: { series: ['Größte Höhe!'] },
      mode: 'sequence',
    }
    const more = addSlot(same, series, { day: 2, minute: 720 }, false)
    assert.deepEqual(slotOf(more, '1200-2')?.show, { kind: 'pool', pool: 'grosste-hohe' })
    assert.deepEqual(slotOf(more, '1200-2')?.days, ['wed'])
    const film = addSlot(more, { kind: 'media', name: 'M', item: 'abc' }, { day: 2, minute: 900 }, false)
    assert.equal(slotOf(film, '1500')?.count, 1)
    good(withPlan(film))
  })

  test('names become ids', () => {
    assert.equal(freshName([], '¿?'), 'pool')
    assert.equal(freshName([{ id: 'a-b' }], ' A & b '), 'a-b-2')
    assert.equal(freshName([], 'x'.repeat(80)).length, 40)
  })
})

describe('revisions', () => {
  const later = { ...PLAN, from: '2026-12-24', slots: [] }
  const doc: ChannelDoc = { ...DOC, revisions: [PLAN, later] }

  test('a day has the last one that has begun', () => {
    assert.equal(revisionOn(doc, '2026-10-01'), 0)
    assert.equal(revisionOn(doc, '2026-12-23'), 0)
    assert.equal(revisionOn(doc, '2026-12-24'), 1)
  })

  test('a change from a day on leaves what was before, and what comes later', () => {
    const edited = removeSlot(PLAN, 'prime', null)
    const next = revise(doc, 0, edited, '2026-11-22')
    assert.deepEqual(
      next.revisions.map(({ from, slots }) => [from, slots.length]),
      [
        ['2026-11-02', 2],
        ['2026-11-22', 1],
        ['2026-12-24', 0],
      ],
    )
    good(next)
    const now = revise(doc, 0, edited, Date.UTC(2026, 10, 21, 20))
    assert.equal(now.revisions[1]?.from, Date.UTC(2026, 10, 21, 20))
    good(now)
  })

  test('one that has not begun yet is changed where it stands', () => {
    const next = revise(doc, 1, { ...later, slots: PLAN.slots }, '2026-11-22')
    assert.deepEqual(
      next.revisions.map(({ from, slots }) => [from, slots.length]),
      [
        ['2026-11-02', 2],
        ['2026-12-24', 2],
      ],
    )
  })
})
