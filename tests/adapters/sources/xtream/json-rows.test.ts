import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonRows } from '../../../../adapters/sources/xtream/json-rows.ts'
import { failsWith } from '../failure.ts'

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string, size = 7): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  for await (const part of jsonRows(chunksOf(text, size), 'the list')) rows.push(...part.map(({ value }) => value))
  return rows
}

test('jsonRows() gives what JSON.parse gives, for every list and any cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 64 }),
      fc.constantFrom(undefined, 2),
      async (list, size, indent) => {
        const text = JSON.stringify(list, null, indent)
        assert.deepEqual(await read(text, size), JSON.parse(text))
      },
    ),
  )
})

test('jsonRows() takes an object for a list of its values', async () => {
  const rows: unknown[] = []
  const text = '{"0": {"a": ":,}"}, "1" :[2]}'
  for await (const part of jsonRows(chunksOf(text, 3), 'the list')) rows.push(...part)
  assert.deepEqual(rows, [
    { key: '0', value: { a: ':,}' } },
    { key: '1', value: [2] },
  ])
})

for (const text of ['[]', '{}', 'false', 'null', '""', ' [ ] ', '\ufeff[]']) {
  test(`jsonRows() takes ${JSON.stringify(text)} for an empty list`, async () => assert.deepEqual(await read(text), []))
}

for (const text of ['', '<html>', 'true', '[1}', '{"a"}', '[1] 2', '[1 2]', '"text"', '[{"a":}]']) {
  test(`jsonRows() refuses ${JSON.stringify(text)}`, () => assert.rejects(read(text), failsWith('source/bad-answer')))
}

test('jsonRows() tells a list that was cut short from one that ended', async () => {
  const text = JSON.stringify([{ name: 'a]"' }, { name: 'b' }])
  for (let length = 1; length < text.length; length++)
    await assert.rejects(read(text.slice(0, length)), { message: /cut the list short/ })
})
