import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createM3uReader } from '../../../../core/lineup/m3u/reader.ts'
import type { M3uEntry, M3uHead, M3uProblem } from '../../../../core/lineup/m3u/entry.ts'
import { Failure } from '../../../../core/errors.ts'
import { BROKEN_LISTS } from '../../../fakes/lists/broken-lists.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function read(bytes: Uint8Array, pieces: number = bytes.length) {
  const entries: M3uEntry[] = []
  const problems: M3uProblem[] = []
  const heads: M3uHead[] = []
  const reader = createM3uReader({
    head: (head) => void heads.push(head),
    entry: (entry) => void entries.push(entry),
    problem: (problem) => void problems.push(problem),
  })
  for (let at = 0; at < bytes.length; at += pieces) reader.push(bytes.subarray(at, at + pieces))
  reader.end()
  return { entries, problems, heads }
}

const brief = ({ name, url }: M3uEntry): readonly string[] => [name, url]
const failureOf = (text: string): unknown => {
  try {
    read(bytesOf(text))
  } catch (error) {
    return error instanceof Failure ? error.code : error
  }
  return null
}

for (const { name, text, entries, problems = [] } of BROKEN_LISTS) {
  test(`createM3uReader() reads a list with ${name}`, () => {
    const found = read(bytesOf(text))
    assert.equal(found.entries.length, entries.length)
    for (const [index, expected] of entries.entries()) assert.partialDeepStrictEqual(found.entries[index], expected)
    assert.deepEqual(
      found.problems.map(({ line }) => line),
      problems,
    )
  })

  test(`createM3uReader() reads the same in any pieces and with any line ends: ${name}`, () => {
    const whole = read(bytesOf(text)).entries.map(brief)
    for (const ending of ['\n', '\r\n', '\r'])
      for (const pieces of [1, 7, 1000])
        assert.deepEqual(read(bytesOf(text.replaceAll('\n', ending)), pieces).entries.map(brief), whole)
  })
}

test('createM3uReader() tells the guides of the head, each once', () => {
  const { heads } = read(
    bytesOf('#EXTM3U url-tvg="http://g/b.xml" x-tvg-url="http://g/a.xml, http://g/b.xml"\n#EXTINF:-1,A\nhttp://a/\n'),
  )
  assert.deepEqual(heads[0]?.guideUrls, ['http://g/a.xml', 'http://g/b.xml'])
})

const LIST = '#EXTM3U\n#EXTINF:-1 group-title="Österreich",Zürich\nhttp://a/\n'
const wide = (isLittle: boolean): Uint8Array => {
  const bytes = new Uint8Array(2 * LIST.length + 2)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0xfeff, isLittle)
  for (let index = 0; index < LIST.length; index++) view.setUint16(2 * index + 2, LIST.charCodeAt(index), isLittle)
  return bytes
}

for (const { name, bytes } of [
  { name: 'UTF-8', bytes: bytesOf(LIST) },
  { name: 'UTF-8 with a byte order mark', bytes: bytesOf(`\ufeff${LIST}`) },
  { name: 'Windows-1252', bytes: Uint8Array.from(LIST, (letter) => letter.charCodeAt(0)) },
  { name: 'UTF-16, little end first', bytes: wide(true) },
  { name: 'UTF-16, big end first', bytes: wide(false) },
]) {
  for (const pieces of [1, 5, 1000])
    test(`createM3uReader() reads ${name} in pieces of ${pieces}`, () => {
      const { entries } = read(bytes, pieces)
      assert.deepEqual([entries[0]?.name, entries[0]?.groups], ['Zürich', ['Österreich']])
    })
}

for (const { name, text, code } of [
  { name: 'nothing', text: '', code: 'source/bad-answer' },
  { name: 'blank lines', text: '\r\n \n', code: 'source/bad-answer' },
  { name: 'a web page', text: '\n <!doctype html><title>x</title>', code: 'source/bad-answer' },
  { name: 'an error in JSON', text: '{"error":"expired"}', code: 'source/bad-answer' },
  { name: 'some text', text: 'Service unavailable\nTry later', code: 'source/bad-answer' },
  { name: 'a head alone', text: '#EXTM3U\n', code: 'source/bad-answer' },
  {
    name: 'the playlist of a stream',
    text: '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n',
    code: 'source/not-supported',
  },
  {
    name: 'variants of a stream',
    text: '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n',
    code: 'source/not-supported',
  },
]) {
  test(`createM3uReader() says that it is no list: ${name}`, () => {
    assert.equal(failureOf(text), code)
  })
}

test('createM3uReader() survives any text, and tells every line at most once', () => {
  const words = fc.constantFrom(
    '#EXTINF:',
    '-1',
    ' tvg-id="',
    'group-title=',
    '"',
    "'",
    ',',
    '\n',
    '\r',
    'http://a/',
    '|User-Agent=',
    '#EXTVLCOPT:',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), fc.integer({ min: 1, max: 50 }), (parts, pieces) => {
      const bytes = bytesOf(`#EXTM3U\n#EXTINF:-1,A\nhttp://a/\n${parts.join('')}`)
      try {
        const { entries, problems } = read(bytes, pieces)
        const lines = [...entries, ...problems].map(({ line }) => line)
        assert.equal(new Set(lines).size, lines.length)
        for (const { name } of entries) assert.notEqual(name, '')
      } catch (error) {
        assert.ok(error instanceof Failure, String(error))
      }
    }),
  )
})

test('createM3uReader() reads what a well-formed list says', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9ÄÖÜß +&.:;()-]{0,20}[A-Za-z0-9]$/)
  const entry = fc.record({ name: word, id: word, group: word }, { noNullPrototype: true })
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1 }), (list) => {
      const text = list
        .map(
          ({ name, id, group }, index) =>
            `#EXTINF:-1 tvg-id="${id}" group-title="${group}",${name}\nhttp://a/${index}\n`,
        )
        .join('')
      const { entries, problems } = read(bytesOf(`#EXTM3U\n${text}`))
      assert.deepEqual(problems, [])
      assert.deepEqual(
        entries.map(({ tvgId, url }) => [tvgId, url]),
        list.map(({ id }, index) => [id.trim(), `http://a/${index}`]),
      )
    }),
  )
})
