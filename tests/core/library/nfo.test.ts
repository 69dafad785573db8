import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readNfo } from '../../../core/library/nfo.ts'
import { wordsWithNotes } from '../../../core/library/words-with-notes.ts'
import { wordsOfPath } from '../../../core/library/names/words-of-path.ts'
import { plainText } from '../../../core/plain-text.ts'
import { anyText } from '../any-text.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string) => readNfo(bytes(text))

const FILM = `<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<!DOCTYPE movie [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY lol "lollol">]>
<movie>
  <title>Léon &amp; Mathilda</title>
  <ratings><rating name="imdb"><value>8.5</value></rating></ratings>
  <year>1994</year><premiered>1994-09-14</premiered>
  <plot>First line.
  Second &lt;line&gt;.</plot>
  <mpaa>DE:FSK 16 / US:R</mpaa>
  <genre>Crime / Drama</genre><genre>Thriller</genre><genre>Drama</genre>
  <actor><name>Jean Reno</name><title>not the title</title></actor>
  <fileinfo><streamdetails><video><codec>h264</codec></video></streamdetails></fileinfo>
</movie>
https://www.imdb.com/title/tt0110413/`

test('readNfo() reads a film, and only what is said of the film itself', () => {
  assert.deepEqual(read(FILM), [
    {
      about: 'film',
      title: 'Léon & Mathilda',
      series: null,
      season: null,
      episode: null,
      year: 1994,
      airedOn: '1994-09-14',
      plot: 'First line. Second <line>.',
      genres: ['Crime', 'Drama', 'Thriller'],
      rating: { system: 'FSK', value: 'FSK 16' },
    },
  ])
})

const EPISODES = `<episodedetails><title>One</title><showtitle>Show</showtitle><season>1</season><episode>3</episode>
<aired>2001-02-03</aired><plot>A.</plot></episodedetails>
<episodedetails><title>Two</title><season>1</season><episode>4</episode><plot>B.</plot></episodedetails>`

test('readNfo() reads several episodes one behind the other', () => {
  assert.deepEqual(
    read(EPISODES).map(({ title, season, episode, series }) => [title, season, episode, series]),
    [
      ['One', 1, 3, 'Show'],
      ['Two', 1, 4, null],
    ],
  )
})

test('readNfo() expands nothing that a document type defines', () => {
  const [note] = read('<!DOCTYPE movie [<!ENTITY x "many">]><movie><title>&x; &#65;</title></movie>')
  assert.equal(note?.title, '&x; A')
})

for (const [rating, told] of [
  ['Rated PG-13 for violence', { system: 'MPAA', value: 'PG-13' }],
  ['US:TV-MA', { system: 'VCHIP', value: 'TV-MA' }],
  ['FSK ab 12', { system: 'FSK', value: 'FSK ab 12' }],
  ['15', { system: null, value: '15' }],
  ['Not Rated', null],
  ['', null],
] as const) {
  test(`readNfo() reads the rating "${rating}"`, () => {
    assert.deepEqual(read(`<movie><mpaa>${rating}</mpaa></movie>`)[0]?.rating, told)
  })
}

for (const [name, text] of [
  ['a web address', 'https://www.themoviedb.org/movie/603'],
  ['another document', '<html><title>x</title></html>'],
  ['nothing', ''],
  ['a note that does not end', '<movie><title>x'],
] as const) {
  test(`readNfo() gives no note for ${name}`, () => assert.deepEqual(read(text), []))
}

test('readNfo() gives no note for a text of more than 1 MiB, and at most 100 notes', () => {
  assert.deepEqual(read(`<movie><title>x</title><plot>${'a'.repeat(1024 * 1024)}</plot></movie>`), [])
  assert.equal(read('<episodedetails><title>x</title></episodedetails>'.repeat(500)).length, 100)
})

test('readNfo() passes over numbers and days that are none', () => {
  const [note] = read(
    '<episodedetails><season>-1</season><episode>x</episode><aired>2001-02-30</aired><year>0</year></episodedetails>',
  )
  assert.deepEqual([note?.season, note?.episode, note?.airedOn, note?.year], [null, null, null, null])
})

test('readNfo() takes any bytes, and gives clean texts', () => {
  const part = fc.oneof(
    anyText,
    fc.constantFrom('<movie>', '</movie>', '<title>', '</title>', '<plot>', '<![CDATA[', '&lt;'),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      for (const { title, plot } of read(parts.join(''))) {
        if (title !== null) assert.equal(title, plainText(title))
        if (plot !== null) assert.equal(plot, plainText(plot))
      }
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => void readNfo(noise)))
})

test('wordsWithNotes() trusts the note of a film more than its name', () => {
  const words = wordsWithNotes(wordsOfPath('Filme/leon.mkv'), { own: read(FILM), series: null })
  assert.deepEqual([words.kind, words.title, words.year, words.genres.length], ['film', 'Léon & Mathilda', 1994, 3])
})

test('wordsWithNotes() tells a file with several episodes by all of their notes', () => {
  const words = wordsWithNotes(wordsOfPath('X/Season 9/a.mkv'), { own: read(EPISODES), series: null })
  assert.deepEqual(
    [words.series, words.season, words.episode, words.lastEpisode, words.title, words.plot, words.airedOn],
    ['Show', 1, 3, 4, 'One / Two', 'A. B.', '2001-02-03'],
  )
})

test('wordsWithNotes() gives an episode the name, genres and rating of its series', () => {
  const series = read(
    '<tvshow><title>The Show</title><genre>Comedy</genre><mpaa>TV-PG</mpaa><year>1990</year></tvshow>',
  )[0]
  const words = wordsWithNotes(wordsOfPath('show/Season 1/E02 - T.mkv'), { own: [], series: series ?? null })
  assert.deepEqual(
    [words.series, words.title, words.genres, words.rating?.value, words.year],
    ['The Show', 'T', ['Comedy'], 'TV-PG', 1990],
  )
})

test('wordsWithNotes() leaves a filler one, and gives it its title', () => {
  const words = wordsWithNotes(wordsOfPath('Trailers/a.mkv'), { own: read(FILM), series: null })
  assert.deepEqual([words.kind, words.title], ['filler', 'Léon & Mathilda'])
})
