import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSse } from '../../../ui/src/live/sse.ts'

const TEXT =
  'event: lineup\ndata: {"revision":"7"}\n\n: still here\n\nevent: note\ndata: one\ndata: two\nid: 4\n\ndata: plain\n\n'
const EVENTS = [
  { kind: 'lineup', data: '{"revision":"7"}' },
  { kind: 'note', data: 'one\ntwo' },
  { kind: 'message', data: 'plain' },
]

test('readSse() reads events, and leaves out comments', () => assert.deepEqual(readSse()(TEXT), EVENTS))

test('readSse() reads the same wherever the text is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(TEXT.length), { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      (cuts, lineEnd) => {
        const text = TEXT.replaceAll('\n', lineEnd)
        const read = readSse()
        const borders = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        const events = borders.flatMap((from, index) => read(text.slice(from, borders[index + 1] ?? text.length)))
        // The last CR may be half of a CRLF: what it ends is known with the next letter.
        assert.deepEqual([...events, ...read(lineEnd === '\r' ? ':\r' : '')], EVENTS)
      },
    ),
  )
})

test('readSse() refuses a line without end', () => {
  const read = readSse()
  assert.throws(() => read('data: ' + 'x'.repeat(2 ** 21)), RangeError)
})
