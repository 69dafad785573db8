import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeEntities, decodeEscaped } from '../../../../core/entities.ts'
import { episodeOf } from '../../../../core/guide/episode-text.ts'
import { readEvent } from '../../../../adapters/sources/enigma2/event.ts'
import { categoriesOf } from '../../../../core/guide/dvb-genre.ts'

const plain = {
  id: 1,
  begin_timestamp: 1_700_000_000,
  duration_sec: 3600,
  title: 'Film',
  shortdesc: '',
  longdesc: '',
  genreid: 0,
}

test('readEvent() reads an event', () => {
  assert.deepEqual(readEvent({ ...plain, shortdesc: 'Untertitel', longdesc: 'Lang', genreid: 0x14 }), {
    start: 1_700_000_000_000,
    stop: 1_700_003_600_000,
    title: 'Film',
    subtitle: 'Untertitel',
    description: 'Lang',
    season: null,
    episode: null,
    categories: ['Movie', 'Comedy'],
    repeat: false,
  })
})

test('readEvent() takes numbers as text, as old web interfaces send them', () => {
  const event = readEvent({ ...plain, begin_timestamp: '1700000000', duration_sec: '60', genreid: '64' })
  assert.deepEqual([event?.start, event?.stop, event?.categories], [1_700_000_000_000, 1_700_000_060_000, ['Sports']])
})

for (const { name, event } of [
  { name: 'null', event: null },
  {
    name: 'the place of an empty service',
    event: { ...plain, id: null, begin_timestamp: 0, duration_sec: 0, title: 'N/A' },
  },
  { name: 'a title "N/A"', event: { ...plain, title: 'N/A' } },
  { name: 'an event without any text', event: { ...plain, title: ' ' } },
  { name: 'a text', event: 'N/A' },
]) {
  test(`readEvent() skips ${name}`, () => {
    assert.equal(readEvent(event), null)
  })
}

test('readEvent() keeps the start where a length is missing or negative', () => {
  for (const duration_sec of [0, -5, 'N/A', null]) {
    const event = readEvent({ ...plain, duration_sec })
    assert.equal(event?.stop, event?.start)
  }
})

for (const { name, title = 'T', shortdesc, longdesc, want } of [
  {
    name: 'a short text that repeats the title',
    title: 'Film',
    shortdesc: 'Film',
    longdesc: 'L',
    want: ['Film', null, 'L'],
  },
  { name: 'a short text alone', shortdesc: 'S', longdesc: '', want: ['T', 'S', null] },
  { name: 'a long text that is the short one', shortdesc: 'S', longdesc: ' S ', want: ['T', 'S', null] },
  {
    name: 'a short text that is a description',
    shortdesc: 'x '.repeat(80),
    longdesc: '',
    want: ['T', null, 'x '.repeat(80).trim()],
  },
  {
    name: 'a long text that goes on from the short one',
    shortdesc: 'x '.repeat(80),
    longdesc: `${'x '.repeat(80)}y`,
    want: ['T', null, `${'x '.repeat(80)}y`],
  },
  {
    name: 'two long texts',
    shortdesc: 'x '.repeat(80),
    longdesc: 'y',
    want: ['T', null, `${'x '.repeat(80).trim()}\ny`],
  },
  { name: 'no title', title: '', shortdesc: 'S', longdesc: 'L', want: ['S', null, 'L'] },
  {
    name: 'escaped text',
    title: 'A &amp; B &lt;x&gt; &#x27;y&#x27;',
    shortdesc: '&quot;S&quot;',
    longdesc: '',
    want: ["A & B <x> 'y'", '"S"', null],
  },
  {
    name: 'text that was escaped by the broadcaster too',
    title: 'Fünf &amp;amp; sechs',
    shortdesc: '',
    longdesc: '',
    want: ['Fünf & sechs', null, null],
  },
  {
    name: 'emphasis and line breaks',
    title: '\u0086T\u0087',
    shortdesc: '',
    longdesc: 'eins\u008azwei\nd\u0005rei',
    want: ['T', null, 'eins\nzwei\ndrei'],
  },
]) {
  test(`readEvent() reads ${name}`, () => {
    const event = readEvent({ ...plain, title, shortdesc, longdesc })
    assert.deepEqual([event?.title, event?.subtitle, event?.description], want)
  })
}

for (const { text, season, episode } of [
  { text: 'S01E02', season: 1, episode: 2 },
  { text: 'Der Fall (S3 E12)', season: 3, episode: 12 },
  { text: 'Staffel 2, Folge 5', season: 2, episode: 5 },
  { text: '4. Staffel, Folge 17: Sturm', season: 4, episode: 17 },
  { text: 'Folge 5, Staffel 2', season: 2, episode: 5 },
  { text: 'Season 2 Episode 5', season: 2, episode: 5 },
  { text: 'Saison 2 : Épisode 5', season: 2, episode: 5 },
  { text: 'Das Erbe (2/6)', season: null, episode: 2 },
  { text: 'Das Erbe (Teil 2/3)', season: null, episode: 2 },
  { text: 'Folge 13: Sturmwarnung', season: null, episode: 13 },
  { text: 'S01E02 und S01E03', season: null, episode: null },
  { text: 'Vom 24/12', season: null, episode: null },
  { text: '(9/3)', season: null, episode: null },
  { text: '(1/1)', season: null, episode: null },
  { text: 'Folge 3/4', season: null, episode: null },
  { text: 'Die Folge 5 ist morgen', season: null, episode: null },
  { text: 'Mercedes S500E20X', season: null, episode: null },
]) {
  test(`episodeOf() reads "${text}"`, () => {
    assert.deepEqual(episodeOf(['Titel', text]), { season, episode })
  })
}

test('episodeOf() trusts what two texts say alike, and nothing where they differ', () => {
  assert.deepEqual(episodeOf(['S1E2', 'Staffel 1, Folge 2']), { season: 1, episode: 2 })
  assert.deepEqual(episodeOf(['(1/2)', '(2/2)']), { season: null, episode: null })
})

for (const { id, isEpisode = false, words } of [
  { id: 0, words: [] },
  { id: 0x10, words: ['Movie'] },
  { id: 0x10, isEpisode: true, words: ['Series'] },
  { id: 0x15, words: ['Series', 'Soap'] },
  { id: 0x23, words: ['Documentary'] },
  { id: 0x43, words: ['Sports', 'Football'] },
  { id: 0x50, words: ['Kids', 'Children'] },
  { id: 0xf3, words: [] },
]) {
  test(`categoriesOf() names 0x${id.toString(16)}${isEpisode ? ' of an episode' : ''}`, () => {
    assert.deepEqual(categoriesOf(id, isEpisode), words)
  })
}

test('decodeEntities() undoes one level and leaves alone what it does not know', () => {
  assert.equal(decodeEntities('&amp;lt; &#228; &#xe4; &unknown; & &#99999999;'), '&lt; ä ä &unknown; & &#99999999;')
  assert.equal(decodeEntities('&#x110000;'), '&#x110000;')
})

test('decodeEscaped() undoes a second level only where there is one', () => {
  assert.equal(decodeEscaped('&amp;lt;n/a&amp;gt;'), '<n/a>')
  assert.equal(decodeEscaped('Tom &amp; Jerry'), 'Tom & Jerry')
})
