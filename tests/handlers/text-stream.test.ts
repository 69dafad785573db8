import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textStream } from '../../handlers/text-stream.ts'

test('textStream() gives all pieces in UTF-8, also those of a generator that waits', async () => {
  async function* pieces() {
    yield 'Ä'
    await Promise.resolve()
    yield '\u{1f4fa}'
  }
  assert.equal(await new Response(textStream(pieces())).text(), 'Ä\u{1f4fa}')
})

test('textStream() lets others have their turn before a long text is over', async () => {
  const started = performance.now()
  let turns = 0
  function* pieces() {
    // A text that takes 100 ms, or until somebody else had a turn.
    while (performance.now() - started < 100 && turns === 0) yield 'x'
  }
  const timer = setInterval(() => turns++)
  await new Response(textStream(pieces())).text()
  clearInterval(timer)
  assert.ok(turns > 0)
})

test('textStream() ends the pieces when the reader leaves', async () => {
  let isOver = false
  function* pieces() {
    try {
      for (;;) yield 'x'
    } finally {
      isOver = true
    }
  }
  const reader = textStream(pieces()).getReader()
  await reader.read()
  await reader.cancel()
  assert.ok(isOver)
})
