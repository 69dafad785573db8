import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAccountStatus } from '../../../../adapters/sources/xtream/account-status.ts'
import { createPanelClock } from '../../../../adapters/sources/xtream/panel-clock.ts'
import { readListing } from '../../../../adapters/sources/xtream/short-guide.ts'
import { readFilm, readSeries } from '../../../../adapters/sources/xtream/vod-details.ts'
import { failsWith } from '../failure.ts'

const NOW = Date.UTC(2026, 2, 1, 12)

for (const { name, user, server = {}, limit, expires } of [
  {
    name: 'numbers that are texts',
    user: { auth: 1, status: 'Active', exp_date: '1800000000', max_connections: '2' },
    limit: 2,
    expires: 1_800_000_000_000,
  },
  {
    name: 'texts that are numbers',
    user: { auth: '1', exp_date: 1800000000, max_connections: 2 },
    limit: 2,
    expires: 1_800_000_000_000,
  },
  {
    name: 'no end and no limit',
    user: { auth: true, exp_date: null, max_connections: '0' },
    limit: null,
    expires: null,
  },
  {
    name: 'words for never',
    user: { auth: 1, exp_date: 'Unlimited', max_connections: null },
    limit: null,
    expires: null,
  },
  {
    name: 'a date as text',
    user: { auth: 1, exp_date: '2026-04-01 00:00:00' },
    limit: null,
    expires: Date.UTC(2026, 3, 1),
  },
  { name: 'other casing', user: { auth: 1, status: 'ACTIVE', exp_date: '' }, server: [], limit: null, expires: null },
]) {
  test(`readAccountStatus() reads ${name}`, () => {
    const status = readAccountStatus({ user_info: user, server_info: server }, NOW)
    assert.deepEqual([status.maxConnections, status.expiresAt], [limit, expires])
  })
}

for (const { name, json, code } of [
  { name: 'a wrong password', json: { user_info: { auth: 0 } }, code: 'source/login' },
  { name: 'an account that is banned', json: { user_info: { auth: 1, status: 'Banned' } }, code: 'source/expired' },
  {
    name: 'an account that is over',
    json: { user_info: { auth: 1, exp_date: NOW / 1000 - 1 } },
    code: 'source/expired',
  },
  { name: 'something else', json: [], code: 'source/bad-answer' },
  { name: 'nothing', json: null, code: 'source/bad-answer' },
] as const) {
  test(`readAccountStatus() fails for ${name}`, () => {
    assert.throws(() => readAccountStatus(json, NOW), failsWith(code))
  })
}

test('a panel clock writes catch-up times in its own zone, in summer and in winter', () => {
  const clock = createPanelClock({ timezone: 'Europe/London', timestampNow: null, timeNow: '' })
  assert.equal(clock.archiveStart(Date.UTC(2026, 0, 15, 20, 0)), '2026-01-15:20-00')
  assert.equal(clock.archiveStart(Date.UTC(2026, 6, 15, 20, 0)), '2026-07-15:21-00')
})

test('a panel clock reads what it wrote, over the change of the hour', () => {
  const clock = createPanelClock({ timezone: 'Europe/Berlin', timestampNow: null, timeNow: '' })
  // 25 October 2026: 03:00 summer time is 02:00 again; one of the two hours that read alike is lost in any notation.
  for (let at = Date.UTC(2026, 9, 24); at < Date.UTC(2026, 9, 27); at += 1_800_000) {
    const [date = '', time = ''] = clock.archiveStart(at).split(/:(.*)/s)
    const back = clock.parse(`${date} ${time.replace('-', ':')}:00`) ?? 0
    const isTwofold = at >= Date.UTC(2026, 9, 25, 0) && at < Date.UTC(2026, 9, 25, 2)
    assert.ok(back === at || (isTwofold && Math.abs(back - at) === 3_600_000), `${date} ${time}`)
  }
})

test('a panel clock without a known zone goes by the difference of its two times', () => {
  const timestampNow = Date.UTC(2026, 2, 1, 12, 0, 37) / 1000
  const clock = createPanelClock({ timezone: 'Mars/Base', timestampNow, timeNow: '2026-03-01 17:30:02' })
  assert.equal(clock.archiveStart(NOW), '2026-03-01:17-30')
  assert.equal(clock.parse('2026-03-01 17:30:00'), NOW)
})

test('a panel clock that stands counts as UTC', () => {
  const clock = createPanelClock({ timezone: '', timestampNow: NOW / 1000, timeNow: '1970-01-01 00:00:00' })
  assert.equal(clock.archiveStart(NOW), '2026-03-01:12-00')
})

const utc = createPanelClock({ timezone: 'UTC', timestampNow: null, timeNow: '' })
const base64 = (text: string): string => Buffer.from(text).toString('base64')

for (const { name, listing, title, stop = NOW + 3_600_000 } of [
  {
    name: 'base64 and time stamps',
    listing: {
      title: base64('Zürich &amp; Köln'),
      start_timestamp: String(NOW / 1000),
      stop_timestamp: NOW / 1000 + 3600,
    },
    title: 'Zürich & Köln',
  },
  {
    name: 'plain text and panel times',
    listing: { title: 'Tagesschau', start: '2026-03-01 12:00:00', end: '2026-03-01 13:00:00' },
    title: 'Tagesschau',
  },
  {
    name: 'a plain word that is base64 by chance',
    listing: { title: 'News', start: '2026-03-01 12:00:00', end: NOW / 1000 + 3600 },
    title: 'News',
  },
  {
    name: 'an end that is an instant beside a text',
    listing: { title: base64('Film'), start: '2026-03-01 12:00:00', end: 1772370000, stop: '2026-03-01 13:00:00' },
    title: 'Film',
    stop: 1772370000_000,
  },
]) {
  test(`readListing() reads ${name}`, () => {
    const programme = readListing(listing, utc)
    assert.deepEqual([programme?.title, programme?.start, programme?.stop], [title, NOW, stop])
  })
}

for (const [name, listing] of [
  ['no title', { title: '', start_timestamp: 1, stop_timestamp: 2 }],
  ['no end', { title: 'x', start_timestamp: NOW / 1000 }],
  ['an end before the start', { title: 'x', start_timestamp: 20, stop_timestamp: 10 }],
  ['no object', 'nonsense'],
] as const) {
  test(`readListing() leaves out a programme with ${name}`, () => assert.equal(readListing(listing, utc), null))
}

const episode = (id: string, number: number | string, more: object = {}) => ({
  id,
  episode_num: number,
  title: `E${number}`,
  ...more,
})

for (const { name, episodes, seasons = [], expected } of [
  {
    name: 'an object by season',
    episodes: { 2: [episode('b', 1)], 1: [episode('a', '1')] },
    expected: [
      [1, ['a']],
      [2, ['b']],
    ],
  },
  {
    name: 'a list of lists from season 0',
    episodes: [[episode('s', 1)], [episode('a', 1)]],
    expected: [
      [0, ['s']],
      [1, ['a']],
    ],
  },
  {
    name: 'a plain list',
    episodes: [episode('b', 2, { season: 1 }), episode('a', 1, { season: '1' })],
    expected: [[1, ['a', 'b']]],
  },
  { name: 'nothing', episodes: [], expected: [] },
  { name: 'null', episodes: null, expected: [] },
  { name: 'a season without episodes', episodes: {}, seasons: [{ season_number: 3 }], expected: [[3, []]] },
  { name: 'two episodes of one number', episodes: { 1: [episode('a', 1), episode('b', 1)] }, expected: [[1, ['a']]] },
  { name: 'an episode without an id', episodes: { 1: [{ episode_num: 1 }] }, expected: [] },
]) {
  test(`readSeries() reads episodes from ${name}`, () => {
    const series = readSeries({ info: [], seasons, episodes })
    const found = series.seasons.map((season) => [season.number, season.episodes.map(({ fileId }) => fileId)])
    assert.deepEqual(found, expected)
  })
}

test('readFilm() takes an empty list for "no details"', () => {
  const film = readFilm({ info: [] })
  assert.deepEqual([film.name, film.container, film.info.plot, film.info.durationSeconds], ['', null, null, null])
})

test('readFilm() reads lengths, people and pictures in any spelling', () => {
  const { info, container } = readFilm({
    info: {
      duration: '01:30:05',
      actors: 'A, B',
      genre: 'Drama / Crime',
      releasedate: '2019-05-01',
      rating: '7.1',
      movie_image: 'n/a',
      cover_big: 'http://p.example/1.jpg',
    },
    movie_data: { container_extension: 'MKV' },
  })
  assert.deepEqual(
    [info.durationSeconds, info.cast, info.genres, info.year, info.rating, info.posterUrl, container],
    [5405, ['A', 'B'], ['Drama', 'Crime'], 2019, 7.1, 'http://p.example/1.jpg', 'mkv'],
  )
})

test('readFilm() refuses an end of the file name that is a path', () => {
  assert.equal(readFilm({ movie_data: { container_extension: '../x' } }).container, null)
})
