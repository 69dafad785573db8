import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { START } from '../../../../core/linear/pool/cursor.ts'
import type { Draw } from '../../../../core/linear/pool/cursor.ts'
import { drawn, inSequence, ranked, rotated, shuffled, shuffledGroups } from '../../../../core/linear/pool/orders.ts'
import { roundSeed } from '../../../../core/linear/hash.ts'
import vectors from '../vectors.json' with { type: 'json' }

const take = (draw: Draw, count: number, from = START): string[] => {
  const found: string[] = []
  let cursor = from
  for (let index = 0; index < count; index++) {
    const next = draw.next(cursor)
    if (next === null) break
    found.push(next.id)
    cursor = next.cursor
  }
  return found
}
const after = (draw: Draw, count: number) => {
  let cursor = START
  for (let index = 0; index < count; index++) cursor = draw.next(cursor)?.cursor ?? cursor
  return cursor
}
const RULES = { seed: 1, reshuffles: true }
const anyIds = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 40 })

for (const { ids, seed, round, order } of vectors.ranked)
  test(`ranked() of ${ids} in round ${round} is as published`, () => {
    assert.equal(ranked([...ids], roundSeed(seed, round)).join(''), order)
  })

test('ranked() never moves others when one is added', () => {
  fc.assert(
    fc.property(anyIds, fc.nat(), (ids, seed) => {
      const [added = '', ...rest] = ids
      assert.deepEqual(
        ranked(ids, seed).filter((id) => id !== added),
        ranked(rest, seed),
      )
    }),
  )
})

describe('shuffled()', () => {
  test('shows each once a round, and none twice running', () => {
    fc.assert(
      fc.property(anyIds, fc.nat(), (ids, seed) => {
        const found = take(shuffled(ids, { seed, reshuffles: true }), ids.length * 4)
        for (let round = 0; round < 4; round++)
          assert.deepEqual(found.slice(round * ids.length, (round + 1) * ids.length).toSorted(), ids.toSorted())
        if (ids.length > 1) assert.ok(found.every((id, index) => id !== found[index + 1]))
      }),
    )
  })

  test('draws every round anew, or repeats the first', () => {
    const ids = [...'abcdefgh']
    assert.equal(take(shuffled(ids, RULES), 16).join(''), 'fgchbdeagbhadecf')
    assert.equal(take(shuffled(ids, { ...RULES, reshuffles: false }), 16).join(''), 'fgchbdeafgchbdea')
  })

  test('goes on with the next in the order when the last one is gone', () => {
    const cursor = after(shuffled([...'abcdefgh'], RULES), 3)
    assert.equal(cursor.last, 'c')
    assert.equal(take(shuffled([...'abdefgh'], RULES), 3, cursor).join(''), 'hbd')
  })

  test('says what has been shown before', () => {
    const draw = shuffled([...'abc'], RULES)
    assert.equal(draw.next(after(draw, 2))?.isRepeat, false)
    assert.equal(draw.next(after(draw, 3))?.isRepeat, true)
  })
})

test('inSequence() goes round, and on from the place of one that is gone', () => {
  const draw = inSequence([...'abcd'])
  assert.equal(take(draw, 6).join(''), 'abcdab')
  assert.equal(take(inSequence([...'acd']), 3, after(draw, 2)).join(''), 'cda')
  assert.equal(take(inSequence([...'ab']), 3, after(draw, 4)).join(''), 'aba')
})

test('drawn() never gives the same twice running, and gives all their share', () => {
  const found = take(drawn([...'abcdef'], { seed: 7 }), 6000)
  assert.ok(found.every((id, index) => id !== found[index + 1]))
  for (const id of 'abcdef') {
    const share = found.filter((one) => one === id).length
    assert.ok(share > 900 && share < 1100, `${id} ${share}`)
  }
})

test('drawn() changes few draws when one is added', () => {
  const [before, now] = [drawn([...'abcdefghij'], { seed: 7 }), drawn([...'abcdefghijk'], { seed: 7 })]
  const same = Array.from({ length: 1000 }, (_, round) => {
    const cursor = { ...START, round }
    return before.next(cursor)?.id === now.next(cursor)?.id
  }).filter(Boolean)
  assert.ok(same.length > 850, String(same.length))
})

const GROUPS = new Map([
  ['A', ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']],
  ['B', ['b1', 'b2', 'b3']],
  ['C', ['c1']],
])

test('rotated() lets series take turns by their length, each in order', () => {
  const found = take(rotated(GROUPS, RULES), 10)
  for (const [name, ids] of GROUPS)
    assert.deepEqual(
      found.filter((id) => id.startsWith(name.toLowerCase())),
      ids,
    )
  const places = found.flatMap((id, index) => (id.startsWith('b') ? [index] : []))
  assert.ok(places.every((place, index) => index === 0 || place - (places[index - 1] ?? 0) >= 2))
})

test('shuffledGroups() keeps series together and in order', () => {
  const found = take(shuffledGroups(GROUPS, RULES), 10)
  const names = found.map((id) => id[0])
  assert.equal(new Set(names.filter((name, index) => name !== names[index - 1])).size, 3)
  assert.deepEqual(
    found.filter((id) => id.startsWith('a')),
    GROUPS.get('A'),
  )
})

test('a pool without media gives nothing', () => {
  for (const draw of [inSequence([]), shuffled([], RULES), drawn([], RULES), rotated(new Map(), RULES)])
    assert.equal(draw.next(START), null)
})
