import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash32, mix32 } from '../../../core/linear/hash.ts'
import vectors from './vectors.json' with { type: 'json' }

for (const { number, hash } of vectors.mix32)
  test(`mix32() of ${number} is as published`, () => {
    assert.equal(mix32(number), hash)
  })

for (const { text, seed, hash } of vectors.hash32)
  test(`hash32() of "${text}" with seed ${seed} is as published`, () => {
    assert.equal(hash32(text, seed), hash)
  })
