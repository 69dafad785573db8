import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, prefixOf } from '../../ui/src/api/base.ts'

for (const [script, prefix] of [
  ['https://tv.example.org/assets/index-abc.js', ''],
  ['https://example.org/tv/assets/index-abc.js', '/tv'],
  ['https://example.org/a/b/assets/home-abc.js', '/a/b'],
  ['http://localhost:5173/src/api/base.ts', ''],
] as const) {
  test(`prefixOf() finds "${prefix}" in ${script}`, () => assert.equal(prefixOf(script), prefix))
}

test('at() leaves paths alone where there is no prefix', () => assert.equal(at('/status'), '/status'))
