import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { printEvidence, readEvidence } from '../../../../core/lineup/match/evidence.ts'

test('readEvidence() undoes printEvidence()', () => {
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^[A-Z]{2}$/), (text, country) => {
      // A name that ends like a sentence of its own is read as that.
      fc.pre(!text.includes('"'))
      assert.deepEqual(readEvidence(printEvidence('guide-and-name', { id: text })), {
        kind: 'guide-and-name',
        facts: { id: text },
      })
      assert.deepEqual(readEvidence(printEvidence('guide', { id: text })), { kind: 'guide', facts: { id: text } })
      assert.deepEqual(readEvidence(printEvidence('name', { name: text })), { kind: 'name', facts: { name: text } })
      const elsewhere = { name: text, country, own: 'DE' }
      assert.deepEqual(readEvidence(printEvidence('name-elsewhere', elsewhere)), {
        kind: 'name-elsewhere',
        facts: elsewhere,
      })
      assert.deepEqual(readEvidence(printEvidence('place', { name: text })), { kind: 'place', facts: { name: text } })
    }),
  )
})

test('readEvidence() leaves other sentences alone', () => {
  for (const text of ['', 'Same colour', 'Same name "rtl" of the moon']) assert.equal(readEvidence(text), null)
})

test('readEvidence() reads what older houses have kept', () =>
  assert.deepEqual(readEvidence('Same broadcast service'), { kind: 'old-service', facts: {} }))
