import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createFileLine } from '../../../runtime/play/file-line.ts'
import type { PlayedFile } from '../../../runtime/play/file-line.ts'

const START = 1_700_000_000_000

const file = (title: string, durationMs: number): PlayedFile => ({
  path: `/films/${title}.mkv`,
  title,
  loudness: null,
  facts: { durationMs, container: 'matroska', video: null, audio: [], subtitles: [], chaptersMs: [] },
})

const told = (items: readonly { readonly start: number; readonly media: string | null; readonly kind: string }[]) =>
  items.map(({ start, media, kind }) => [start - START, media ?? kind])

test('files begin when somebody first looks, follow each other, and end', () => {
  const line = createFileLine([file('a', 1000.7), file('b', 2000)], { loop: false, now: () => START })
  assert.equal(line.endsAt(), null)
  assert.deepEqual(told(line.items(START, START + 10)), [[0, 'off']])
  line.begin()
  assert.deepEqual(told(line.items(START - 5, START + 5000)), [
    [-5, 'off'],
    [0, '0'],
    [1000, '1'],
    [3000, 'off'],
  ])
  assert.equal(line.endsAt(), START + 3000)
  assert.equal(line.file('1')?.path, '/films/b.mkv')
  assert.equal(line.file('2'), null)
})

test('with loop they begin again and never end', () => {
  const line = createFileLine([file('a', 1000), file('b', 2000)], { loop: true, now: () => START })
  line.begin()
  assert.deepEqual(told(line.items(START + 2999, START + 4001)), [
    [1000, '1'],
    [3000, '0'],
    [4000, '1'],
  ])
  assert.equal(line.endsAt(), null)
})

test('the items of a window overlap it, in order and without holes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      fc.integer({ min: -2000, max: 30_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      (lengths, loop, offset, span) => {
        const files = lengths.map((length, index) => file(String(index), length))
        const line = createFileLine(files, { loop, now: () => START })
        line.begin()
        const [from, to] = [START + offset, START + offset + span]
        const items = line.items(from, to)
        assert.ok((items[0]?.start ?? Infinity) <= from)
        assert.ok((items.at(-1)?.stop ?? 0) >= to)
        for (const [index, item] of items.entries()) {
          assert.ok(item.start < to && item.stop > from)
          assert.equal(items[index + 1]?.start ?? item.stop, item.stop)
        }
      },
    ),
  )
})
