import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphsOf } from '../../../adapters/ffmpeg/bitmap-font.ts'
import { drawText, wrapText } from '../../../adapters/ffmpeg/slate-picture.ts'

const drawn = (text: string): readonly string[] =>
  glyphsOf(text).map((rows) =>
    rows.map((row) => row.toString(2).padStart(GLYPH_WIDTH, '0').replaceAll('0', '.').replaceAll('1', '#')).join('\n'),
  )

test('glyphsOf() puts an accent above a capital', () => {
  assert.deepEqual(drawn('Ä'), ['.....\n.#.#.\n.....\n.###.\n#...#\n#...#\n#...#\n#####\n#...#\n#...#\n.....'])
})

test('glyphsOf() takes the dot off an i that has an accent', () => {
  const [plain = [], acute = []] = glyphsOf('iî')
  assert.equal(plain[3], 0b00100)
  assert.deepEqual(acute.slice(2, 4), [0b00100, 0b01010])
})

for (const { text, letters } of [
  { text: 'a\u0308b', letters: 2 },
  { text: '…', letters: 3 },
  { text: '\u200bx', letters: 1 },
  { text: '👨‍👩‍👧', letters: 3 },
  { text: '', letters: 0 },
]) {
  test(`glyphsOf() makes ${letters} letters of ${JSON.stringify(text)}`, () => {
    const glyphs = glyphsOf(text)
    assert.equal(glyphs.length, letters)
    assert.ok(glyphs.every((rows) => rows.length === GLYPH_HEIGHT))
  })
}

test('glyphsOf() has a picture of its own for every letter of Latin-1', () => {
  const unknown = JSON.stringify(glyphsOf('你')[0])
  const letters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter((one) =>
    /[!-~\p{L}]/u.test(one),
  )
  assert.deepEqual(
    letters.filter((letter) => JSON.stringify(glyphsOf(letter)[0]) === unknown),
    [],
  )
})

for (const { name, text, lines } of [
  { name: 'breaks at blanks', text: 'one two three', lines: ['one two', 'three'] },
  { name: 'breaks a word that is too long', text: 'abcdefghijkl', lines: ['abcdefgh', 'ijkl'] },
  {
    name: 'ends in dots what is too much',
    text: 'aaaaaaa bbbbbbb ccccccc ddddddd',
    lines: ['aaaaaaa', 'bbbbbbb', 'ccccc...'],
  },
  { name: 'gives nothing for nothing', text: '  ', lines: [] },
]) {
  test(`wrapText() ${name}`, () => {
    assert.deepEqual(wrapText(text, 8, 3), lines)
  })
}

test('drawText() gives three planes for any text, also one wider than the picture', () => {
  const size = { width: 64, height: 36 }
  assert.equal(drawText({ headline: 'x'.repeat(300), lines: ['y'.repeat(900)] }, size).length, (64 * 36 * 3) / 2)
})
