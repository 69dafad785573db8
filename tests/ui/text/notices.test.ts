import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { HOUSE_NOTICES } from '../../../core/notices/house.ts'
import { notice } from '../../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'
import { applyLanguage } from '../../../ui/src/text/language.ts'
import { GERMAN } from '../../../ui/src/text/notices-german.ts'
import { fetchSentences, noticeText, sentencesNow } from '../../../ui/src/text/notices.ts'

beforeEach(() => applyLanguage('de', ['de-DE']))
afterEach(() => applyLanguage('en', ['en-GB']))

const ends = notice(SOURCE_NOTICES, 'account/ends', { day: '2026-12-01' }, { source: 'Panel' })

test('noticeText() speaks German, with days as people write them', () => {
  assert.deepEqual(noticeText(ends, GERMAN), {
    text: 'Quelle „Panel“: Das Konto läuft am 01.12.2026 ab; beim Anbieter verlängern',
    english: null,
  })
  assert.match(noticeText(ends, GERMAN, false).text ?? '', /^Das Konto/)
})

test('noticeText() says the failure behind it in German and leaves what came in English beside it', () => {
  const rest = { mac: 1, until: '2026-11-21 20:15 UTC', detail: 'The portal refuses MAC 1' }
  const { text, english } = noticeText(
    notice(SOURCE_NOTICES, 'portal/mac-rests', rest, { source: 'P', failure: 'source/device' }),
    GERMAN,
    false,
  )
  assert.match(
    text ?? '',
    /^MAC 1 ruht bis 21\.11\.2026, \d\d:\d\d: Die Quelle lehnt dieses Gerät ab\. .*zurückzusetzen/,
  )
  assert.equal(english, 'The portal refuses MAC 1')
})

test('noticeText() writes large numbers with their marks', () => {
  const { text } = noticeText(notice(SOURCE_NOTICES, 'list/films', { count: 12_345 }), GERMAN)
  assert.match(text ?? '', /^12\.345 Filme/)
})

test('noticeText() shows a code of another version as it came', () => {
  assert.deepEqual(noticeText({ ...ends, code: 'account/new' }, GERMAN), { text: null, english: ends.text })
})

test('noticeText() shows the English of the gateway on English pages, without a source that stands above', () => {
  applyLanguage('en', ['en-GB'])
  assert.deepEqual(noticeText(ends, null, false), {
    text: 'The account ends on 2026-12-01; renew it with the provider',
    english: null,
  })
  const alone = notice(HOUSE_NOTICES, 'seats/alone', { detail: 'The store is away' })
  assert.equal(noticeText(alone, null).text, alone.text)
})

test('fetchSentences() brings the sentences of a German page, once', async () => {
  assert.equal(sentencesNow().isOnTheWay, true)
  await fetchSentences()
  assert.equal(sentencesNow().isOnTheWay, false)
  assert.equal(sentencesNow().sentences, GERMAN)
  applyLanguage('en', ['en-GB'])
  assert.deepEqual(sentencesNow(), { sentences: null, isOnTheWay: false })
})
