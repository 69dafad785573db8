import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { createDraft } from '../../../ui/src/schedule/draft.ts'
import { moveSlot, removeSlot } from '../../../ui/src/schedule/slot-edits.ts'

const SAVED = readChannelDoc({
  id: 'own',
  name: 'Own',
  anchorDay: '2026-11-02',
  pools: [{ id: 'films', query: {} }],
  slots: [{ id: 'prime', at: '20:15', show: { pool: 'films' } }],
})
const begin = () => createDraft(SAVED, { today: '2026-11-21', from: '2026-11-22' })

test('nothing is changed before the first edit', () => {
  const draft = begin()
  assert.equal(draft.doc.value.revisions.length, 1)
  assert.equal(draft.isDirty.value, false)
  draft.change((plan) => moveSlot(plan, 'prime', { day: 0, minute: 1215 }, null))
  assert.equal(draft.isDirty.value, false, 'a move to where it was is none')
  assert.equal(draft.canUndo.value, false)
})

test('edits make a revision from the chosen day, are taken back and made again', () => {
  const draft = begin()
  draft.change((plan) => moveSlot(plan, 'prime', { day: 0, minute: 1200 }, null))
  draft.change((plan) => removeSlot(plan, 'prime', null))
  assert.deepEqual(
    draft.doc.value.revisions.map(({ from, slots }) => [from, slots.length]),
    [
      ['2026-11-02', 1],
      ['2026-11-22', 0],
    ],
  )
  draft.undo()
  assert.equal(draft.doc.value.revisions[1]?.slots[0]?.at, '20:00')
  draft.from.value = '2026-12-01'
  assert.equal(draft.doc.value.revisions[1]?.from, '2026-12-01')
  draft.undo()
  assert.equal(draft.isDirty.value, false)
  draft.redo()
  draft.redo()
  assert.equal(draft.plan.value.slots.length, 0)
  draft.redo()
  assert.equal(draft.canRedo.value, false)
})

test('settings hold at all times and need no revision', () => {
  const draft = begin()
  draft.set({ name: 'Mine', number: '7' })
  assert.equal(draft.doc.value.name, 'Mine')
  assert.equal(draft.doc.value.revisions.length, 1)
  assert.ok(draft.isDirty.value)
  draft.begin(draft.doc.value)
  assert.equal(draft.isDirty.value, false)
  assert.equal(draft.settings.value.number, '7')
})
