import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { narrowed, readHistoryFilter, writeHistoryFilter } from '../../ui/src/streams/history-filter.ts'

test('readHistoryFilter() undoes writeHistoryFilter() for every filter', () => {
  const filter = fc.record(
    {
      person: fc.string(),
      channel: fc.string(),
      source: fc.string(),
      reason: fc.string(),
      offset: fc.integer({ min: 0, max: 999_999 }),
    },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(filter, (one) => {
      const query = Object.fromEntries(new URLSearchParams(writeHistoryFilter(one)))
      assert.deepEqual(readHistoryFilter(query), one)
    }),
  )
})

test('readHistoryFilter() takes no offset that no page has', () => {
  for (const offset of ['-25', 'x', '1e9', '5000000', '']) assert.ok(readHistoryFilter({ offset }).offset <= 1, offset)
})

test('narrowed() begins with the newest again, unless it turns a page', () => {
  const filter = readHistoryFilter({ person: 'anna', offset: '50' })
  assert.equal(writeHistoryFilter(narrowed(filter, { channel: 'c1' })), 'person=anna&channel=c1')
  assert.equal(writeHistoryFilter(narrowed(filter, { offset: 75 })), 'person=anna&offset=75')
})
