import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeOf, printFilter, readFilter } from '../../ui/src/logs/filter.ts'

const query = { level: 'warn', source: 'box', from: '2026-11-21T11:30:00.000Z', to: '2026-11-21T13:30:00Z' }

test('readFilter() takes the times of an address, and printFilter() writes them', () => {
  const filter = readFilter(query)
  assert.deepEqual([filter.from, filter.to], ['2026-11-21T11:30:00.000Z', '2026-11-21T13:30:00.000Z'])
  assert.deepEqual(readFilter(Object.fromEntries(printFilter(filter))), filter)
  assert.equal(readFilter({ from: 'yesterday' }).from, '')
})

test('judgeOf() lets no line through that is not of the time', () => {
  const suits = judgeOf(readFilter(query))
  const line = (at: string, sourceId = 'box') =>
    ({ id: 1, at: Date.parse(at), level: 'warn', event: 'lost', facts: { sourceId } }) as const
  assert.equal(suits(line('2026-11-21T12:00:00Z')), true)
  assert.equal(suits(line('2026-11-21T12:00:00Z', 'panel')), false)
  assert.equal(suits(line('2026-11-21T11:29:59Z')), false)
  assert.equal(suits(line('2026-11-21T13:30:00Z')), false)
})
