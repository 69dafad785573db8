import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { findsOf, needsOf, withFinds } from '../../../ui/src/schedule/finds.ts'

const doc = (items: readonly string[], at = '20:15') =>
  readChannelDoc({
    id: 'own',
    name: 'Own',
    pools: [
      { id: 'films', items, query: { kinds: ['film'] } },
      { id: 'mine', items: ['x1'] },
    ],
    slots: [{ at, show: { pool: 'films' } }],
  })

test('what filters found is put into the pools that have the same filter, and nowhere else', () => {
  const finds = findsOf(doc(['a', 'b']))
  const filled = withFinds(doc([]), finds)
  assert.deepEqual(
    filled.revisions[0].pools.map(({ items }) => items),
    [['a', 'b'], ['x1']],
  )
})

test('times do not ask the library anew, pools do', () => {
  assert.equal(needsOf(doc([])), needsOf(doc(['a'], '21:00')))
  const other = readChannelDoc({ id: 'own', name: 'Own', pools: [{ id: 'films', query: { kinds: ['episode'] } }] })
  assert.notEqual(needsOf(doc([])), needsOf(other))
})
