import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { DEFAULT_LOOKS, looksSchema } from '../../../core/linear/looks.ts'

const logo = { file: 'brand/logo.png' }
const rhythm = { kind: 'periodic', everyMs: 600_000, holdMs: 20_000 }

test('looksSchema gives the defaults for a document that says nothing', () => {
  assert.deepEqual(v.parse(looksSchema, {}), DEFAULT_LOOKS)
})

test('looksSchema fills up a logo that only has a file', () => {
  assert.deepEqual(v.parse(looksSchema, { logo }).logo, {
    file: 'brand/logo.png',
    place: 'top-right',
    widthPercent: 9,
    marginXPercent: 4,
    marginYPercent: 5,
    opacityPercent: 75,
    timing: { kind: 'always' },
    hideDuringFiller: true,
  })
})

test('looksSchema keeps loudness that is switched off', () => {
  assert.deepEqual(v.parse(looksSchema, { loudness: { targetLufs: null } }).loudness, { targetLufs: null, peakDb: -1 })
})

for (const { name, looks, says } of [
  { name: 'an absolute path', looks: { logo: { file: '/etc/passwd' } }, says: /file in the folder/ },
  { name: 'a path that leaves the folder', looks: { logo: { file: 'a/../../b.png' } }, says: /file in the folder/ },
  { name: 'a drive letter', looks: { logo: { file: 'C:logo.png' } }, says: /file in the folder/ },
  { name: 'a backslash', looks: { logo: { file: 'a\\b.png' } }, says: /file in the folder/ },
  {
    name: 'a period shorter than its picture',
    looks: { logo: { ...logo, timing: { ...rhythm, everyMs: 10_000 } } },
    says: /everyMs/,
  },
  {
    name: 'a fade longer than its picture',
    looks: { logo: { ...logo, timing: { ...rhythm, fadeMs: 15_000 } } },
    says: /twice/,
  },
  { name: 'a crawl with a line break', looks: { crawl: { lines: ['a\nb'] } }, says: /line breaks/ },
  {
    name: 'a crawl that is a book',
    looks: { crawl: { lines: Array(20).fill('x'.repeat(400)) } },
    says: /2000 letters/,
  },
  { name: 'a key nobody knows', looks: { crawlers: {} }, says: /crawlers/ },
  { name: 'a language by its name', looks: { languages: ['Deutsch'] }, says: /two or three letters/ },
]) {
  test(`looksSchema refuses ${name}`, () => {
    const { issues = [] } = v.safeParse(looksSchema, looks)
    assert.match(issues.map((issue) => v.flatten([issue]) && JSON.stringify(v.flatten([issue]))).join(' '), says)
  })
}
