import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, systemRandom } from '../../../core/access/random.ts'

test('newId() never starts with a dash, which the command line would read as an option', () => {
  const draws = [
    Uint8Array.from([0xf8, ...Array(11).fill(1)]),
    Uint8Array.from([0xfc, ...Array(11).fill(2)]),
    new Uint8Array(12),
  ]
  assert.equal(
    newId(() => draws.shift() ?? new Uint8Array(12)),
    'AAAAAAAAAAAAAAAA',
  )
  assert.equal(draws.length, 0)
})

test('newId() gives 16 characters of base64url', () => {
  assert.match(newId(systemRandom), /^[A-Za-z0-9][A-Za-z0-9_-]{15}$/)
})
