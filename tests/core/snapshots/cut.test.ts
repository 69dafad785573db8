import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cutByContent } from '../../../core/snapshots/cut.ts'

const KIB = 1024

/** Lines of a guide that look like each other, but are not the same. */
function guide(lines: number, seed = 1): string[] {
  let state = seed
  return Array.from({ length: lines }, (_, key) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return `{"key":${key},"programmes":[[${state},${state + 3600},"Programme ${state.toString(36)}"]]}\n`.repeat(8)
  })
}

async function cut(texts: Iterable<string>): Promise<Uint8Array[]> {
  const utf8 = new TextEncoder()
  const chunks = (async function* () {
    for (const text of texts) yield utf8.encode(text)
  })()
  return Array.fromAsync(cutByContent(chunks))
}

const digest = async (piece: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(piece))).toString('hex')

test('cutByContent() loses and adds nothing, however the bytes come', async () => {
  const text = guide(3000).join('')
  const whole = await cut([text])
  assert.equal(Buffer.concat(whole).toString(), text)
  assert.ok(whole.length > 2)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1000, max: 300_000 }), async (length) => {
      const parts = Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
        text.slice(index * length, (index + 1) * length),
      )
      assert.deepEqual(
        (await cut(parts)).map((piece) => piece.length),
        whole.map((piece) => piece.length),
      )
    }),
    { numRuns: 3 },
  )
})

test('cutByContent() gives pieces of 256 KiB to 1 MiB, the last one aside', async () => {
  const same = 'a'.repeat(64 * KIB)
  for (const texts of [guide(6000), Array.from({ length: 50 }, () => same)]) {
    const pieces = await cut(texts)
    for (const piece of pieces.slice(0, -1)) assert.ok(piece.length >= 256 * KIB && piece.length <= 1024 * KIB)
    assert.ok((pieces.at(-1)?.length ?? 0) <= 1024 * KIB)
  }
})

test('cutByContent() shares nearly all pieces with a text in which a line was put in', async () => {
  const lines = guide(10_000)
  const before = new Set(await Promise.all((await cut(lines)).map(digest)))
  const after = await Promise.all((await cut([...lines.slice(0, 40), 'a new line\n', ...lines.slice(40)])).map(digest))
  assert.ok(before.size > 4, String(before.size))
  assert.ok(after.filter((piece) => !before.has(piece)).length <= 2)
})

test('cutByContent() makes nothing of nothing', async () => {
  assert.deepEqual(await cut([]), [])
})
