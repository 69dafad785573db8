import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { catalogue } from '../../../ui/src/text/catalogue.ts'
import {
  counted,
  formatAgo,
  formatBytes,
  formatClockRange,
  formatNumber,
  formatShare,
} from '../../../ui/src/text/format.ts'
import { applyLanguage, locale, wantedLanguage } from '../../../ui/src/text/language.ts'

const storage = (value: string | null) => ({ getItem: () => value })

afterEach(() => applyLanguage('en', ['en-GB']))

for (const [stored, wished, found] of [
  [null, ['de-AT', 'en'], 'de'],
  [null, ['fr-FR', 'de'], 'de'],
  [null, ['fr-FR'], 'en'],
  [null, [], 'en'],
  ['en', ['de-DE'], 'en'],
  ['klingon', ['de-DE'], 'de'],
] as const) {
  test(`wantedLanguage() is ${found} for ${stored ?? 'nothing'} kept and ${wished.join(', ') || 'nothing'} wished`, () =>
    assert.equal(wantedLanguage(storage(stored), wished), found))
}

test('catalogue() gives the texts of the language that is shown', () => {
  const words = catalogue({
    en: { save: 'Save', rows: (n: number) => counted(n, 'row', 'rows') },
    de: { save: 'Speichern', rows: (n) => counted(n, 'Zeile', 'Zeilen') },
  })
  assert.equal(words().rows(1), '1 row')
  assert.equal(words().rows(12_345), '12,345 rows')
  applyLanguage('de', ['de-DE'])
  assert.equal(words().save, 'Speichern')
  assert.equal(words().rows(12_345), '12.345 Zeilen')
})

test('applyLanguage() takes the variant of the language that the browser wishes for', () => {
  applyLanguage('de', ['en-US', 'de-AT', 'de'])
  assert.equal(locale(), 'de-AT')
  applyLanguage('de', ['en-US'])
  assert.equal(locale(), 'de')
})

test('numbers, bytes and shares follow the language', () => {
  applyLanguage('de', ['de-DE'])
  assert.equal(formatNumber(1234.5, 1), '1.234,5')
  assert.equal(formatBytes(1_644_000_000), '1,6 GB')
  assert.match(formatShare(0.42), /^42\s%$/)
})

test('formatAgo() takes the largest unit that fits', () => {
  const now = Date.UTC(2026, 2, 3, 12)
  assert.equal(formatAgo(now - 90_000, now), '1 min ago')
  assert.equal(formatAgo(now + 7_200_000, now), 'in 2 hr')
  assert.equal(formatAgo(now, now), 'now')
  applyLanguage('de', ['de-DE'])
  assert.equal(formatAgo(now - 90_000, now), 'vor 1 Min.')
})

test('formatClockRange() writes both ends', () => {
  const start = new Date(2026, 2, 3, 20, 15).getTime()
  assert.match(formatClockRange(start, start + 5_400_000), /20:15.*21:45/)
})
