import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainText } from '../../../../core/plain-text.ts'
import { MEDIA_KINDS } from '../../../../core/library/media-item.ts'
import { wordsOfPath } from '../../../../core/library/names/words-of-path.ts'
import { anyText } from '../../any-text.ts'

// path → title, year
const FILMS: readonly [path: string, title: string, year: number | null][] = [
  ['The.Matrix.1999.1080p.BluRay.x264-GRP.mkv', 'The Matrix', 1999],
  ['Movies/The Matrix (1999)/The Matrix (1999) 1080p.mkv', 'The Matrix', 1999],
  ['Movies/Matrix, The (1999).mkv', 'The Matrix', 1999],
  ['Filme/Der Untergang German DL 1080p BluRay.mkv', 'Der Untergang', null],
  ['Filme/The English.mkv', 'The English', null],
  ['2001 A Space Odyssey (1968).mkv', '2001 A Space Odyssey', 1968],
  ['Blade.Runner.2049.2017.2160p.mkv', 'Blade Runner 2049', 2017],
  ['1917 (2019)/movie.mkv', '1917', 2019],
  ['1917 (2019).mkv', '1917', 2019],
  ['Wonder.Woman.1984.2020.mkv', 'Wonder Woman 1984', 2020],
  ['S.W.A.T.2003.mkv', 'S.W.A.T', 2003],
  ['Mr. & Mrs. Smith (2005) [1080p] {tmdb-787}.mp4', 'Mr. & Mrs. Smith', 2005],
  ['Kevin_-_Allein_zu_Haus_(1990).mkv', 'Kevin - Allein zu Haus', 1990],
  ['WALL·E (2008).mkv', 'WALL·E', 2008],
  ['Am\u00e9lie.2001.FRENCH.1080p.mkv', 'Am\u00e9lie', 2001],
  ["Movies/Alien (1979) - Director's Cut.mkv", 'Alien', 1979],
  ['Movies/Up.mkv', 'Up', null],
  ['Filme/Star Wars Episode 4.mkv', 'Star Wars Episode 4', null],
  ['Dune (2021)/Dune Part 1.mkv', 'Dune', 2021],
  ['Heat (1995)/VIDEO_TS/VTS_01_1.VOB', 'Heat', 1995],
  ['Se7en [1995] (1080p HEVC).mkv', 'Se7en', 1995],
]

for (const [path, title, year] of FILMS) {
  test(`wordsOfPath() reads the film ${path}`, () => {
    const words = wordsOfPath(path)
    assert.deepEqual([words.kind, words.title, words.year, words.series], ['film', title, year, null])
  })
}

// path → series, season, episode, last episode or day, title
const EPISODES: readonly [string, string | null, number | null, number | null, number | string | null, string][] = [
  ['Show/Season 01/Show - S01E02-E03 - The Title.mkv', 'Show', 1, 2, 3, 'The Title'],
  ['Show (2005)/Season 1/Show.S01E02E03E04.Title.1080p.mkv', 'Show (2005)', 1, 2, 4, 'Title'],
  ['Show/Staffel 1/Folge 2 - Der Titel.mkv', 'Show', 1, 2, null, 'Der Titel'],
  ['Show/Staffel 2/Show Folge 12.mkv', 'Show', 2, 12, null, 'Episode 12'],
  ['Show/2. Staffel/Folge 3.mkv', 'Show', 2, 3, null, 'Episode 3'],
  ['Serien/Tatortreiniger/1x02 - Ganz normale Jobs.avi', 'Tatortreiniger', 1, 2, null, 'Ganz normale Jobs'],
  ['Show 1x02-03.avi', 'Show', 1, 2, 3, 'Episode 2–3'],
  ['Show 1x02x03.avi', 'Show', 1, 2, 3, 'Episode 2–3'],
  ['Show/Season 2/03 - Third.mkv', 'Show', 2, 3, null, 'Third'],
  ['Show/Season 2/Third.mkv', 'Show', 2, null, null, 'Third'],
  ['Show/S01/E05.mkv', 'Show', 1, 5, null, 'Episode 5'],
  ['Show/Season 1/Part 3.mkv', 'Show', 1, 3, null, 'Episode 3'],
  ['Show/Specials/Show S00E03 Making.mkv', 'Show', 0, 3, null, 'Making'],
  ['Show/Specials/Christmas.mkv', 'Show', 0, null, null, 'Christmas'],
  ['Show/Season 00/Show - 01.mkv', 'Show', 0, 1, null, 'Episode 1'],
  ['Daily/Daily.2024-05-01.Guest.Name.720p.WEB.mkv', 'Daily', null, null, '2024-05-01', 'Guest Name'],
  ['News/Tagesschau 01.05.2024.ts', 'Tagesschau', null, null, '2024-05-01', '2024-05-01'],
  ['News/Tagesschau 20240501 2000.ts', 'Tagesschau', null, null, '2024-05-01', '2024-05-01'],
  ['Die Sendung mit der Maus/2024-05-05.mp4', 'Die Sendung mit der Maus', null, null, '2024-05-05', '2024-05-05'],
  ['[Group] Anime Show - 012 [1080p].mkv', 'Anime Show', null, 12, null, 'Episode 12'],
  ['Anime/One Piece/One Piece - 1012 - Title.mkv', 'One Piece', null, 1012, null, 'Title'],
  ['Series/Alf/Alf - 12.mkv', 'Alf', null, 12, null, 'Episode 12'],
  ['Terra X/Terra X - Folge 12 - Name.mkv', 'Terra X', null, 12, null, 'Name'],
  ['Show S02 1080p/Show.S02E05.mkv', 'Show', 2, 5, null, 'Episode 5'],
  ['Show.S01E02.720p-GRP/abc.mkv', 'Show', 1, 2, null, 'Episode 2'],
  ['Show S01E02-720p.mkv', 'Show', 1, 2, null, 'Episode 2'],
  ['Extras/Season 1/Extras S01E01.mkv', 'Extras', 1, 1, null, 'Episode 1'],
  ['Star Trek Season 3 Episode 4.mkv', 'Star Trek', 3, 4, null, 'Episode 4'],
  ['Star Trek - Staffel 3 - Folge 4 - Name.mkv', 'Star Trek', 3, 4, null, 'Name'],
  ['S01E01.mkv', null, 1, 1, null, 'Episode 1'],
  ['Serien/X (2017)/Season 01/x.s01e01.german.1080p.web.h264-grp.mkv', 'X (2017)', 1, 1, null, 'Episode 1'],
  ['TV Shows/Band of Brothers/Band of Brothers - Part 1 - Currahee.mkv', 'Band of Brothers', null, 1, null, 'Currahee'],
  ['Show/Season 1/Show 101.mkv', 'Show', 1, 1, null, 'Episode 1'],
  ['Lost/Season 12/Lost.1203.Pilot.avi', 'Lost', 12, 3, null, 'Pilot'],
  ['Sesamstraße/Folge 2812.mp4', 'Sesamstraße', null, 2812, null, 'Episode 2812'],
  ['Naruto/Naruto - 001-002 - Homecoming.mkv', 'Naruto', null, 1, 2, 'Homecoming'],
  ['Space 1999/S01E01.mkv', 'Space 1999', 1, 1, null, 'Episode 1'],
  ['24/Season 1/24 - S01E01 - 12.00 AM.mkv', '24', 1, 1, null, '12.00 AM'],
  ['The 100/Season 1/The 100 S01E01.mkv', 'The 100', 1, 1, null, 'Episode 1'],
  ['9-1-1/Season 02/9-1-1 S02E03 Help.mkv', '9-1-1', 2, 3, null, 'Help'],
  ['The Office (US) - S02E01 - The Dundies.mkv', 'The Office (US)', 2, 1, null, 'The Dundies'],
  ['Show/Season 01/Show (2012) - S01E01 - Pilot [WEBDL-1080p].mkv', 'Show', 1, 1, null, 'Pilot'],
  ['Show/Season 1/Show - 1x05 - 1984.mkv', 'Show', 1, 5, null, '1984'],
  ['Trailer Park Boys/Season 1/S01E01.mkv', 'Trailer Park Boys', 1, 1, null, 'Episode 1'],
]

for (const [path, series, season, episode, lastOrDay, title] of EPISODES) {
  test(`wordsOfPath() reads the episode ${path}`, () => {
    const words = wordsOfPath(path)
    const told = [
      words.kind,
      words.series,
      words.season,
      words.episode,
      words.lastEpisode ?? words.airedOn,
      words.title,
    ]
    assert.deepEqual(told, ['episode', series, season, episode, lastOrDay, title])
  })
}

for (const [path, kind, title] of [
  ['Commercials/1985/Coke.mp4', 'filler', 'Coke'],
  ['Werbung/80er/Persil.mpg', 'filler', 'Persil'],
  ['80s Commercials/a.mpg', 'filler', 'a'],
  ['Idents & Bumpers/S01E02.mp4', 'filler', 'S01E02'],
  ['Matrix (1999)/Matrix (1999)-trailer.mp4', 'filler', 'Matrix'],
  ['holiday.mp4', 'other', 'holiday'],
  ["Ocean's - 11.mkv", 'other', "Ocean's - 11"],
  ['1920x1080 test.mp4', 'other', '1920x1080 test'],
  ['Blade Runner 2049.mkv', 'other', 'Blade Runner 2049'],
  ['20240501_120000.mp4', 'other', '20240501 120000'],
  ['.mkv', 'other', 'mkv'],
  ['....', 'other', '....'],
  ['', 'other', 'Untitled'],
  ['News 30.02.2024.ts', 'other', 'News 30.02.2024'],
] as const) {
  test(`wordsOfPath() takes "${path}" for ${kind}`, () => {
    const words = wordsOfPath(path)
    assert.deepEqual([words.kind, words.title], [kind, title])
  })
}

test('wordsOfPath() gives clean words of any path', () => {
  const part = fc.oneof(
    anyText,
    fc.constantFrom(
      'S01E02',
      'Season 1',
      'Werbung',
      ' - ',
      '(1999)',
      '.',
      '1x02',
      '-E03',
      '2024-05-01',
      '[x]',
      '1080p',
      '/',
    ),
  )
  const path = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(path, (text) => {
      const words = wordsOfPath(text)
      assert.ok(MEDIA_KINDS.includes(words.kind))
      assert.notEqual(words.title, '')
      assert.equal(words.title, plainText(words.title))
      assert.ok(words.title.length <= 300)
      if (words.series !== null) assert.equal(words.series, plainText(words.series))
      assert.equal(words.kind === 'episode' || words.season === null, true)
      if (words.lastEpisode !== null) assert.ok(words.episode !== null && words.lastEpisode > words.episode)
    }),
    { numRuns: 300 },
  )
})

test('wordsOfPath() finds what a well-named episode says, whatever the series is called', () => {
  const name = fc.stringMatching(/^[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8}){0,3}$/)
  fc.assert(
    fc.property(name, fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 999 }), (series, season, episode) => {
      const two = (number: number): string => String(number).padStart(2, '0')
      const words = wordsOfPath(`${series}/Season ${season}/${series} - S${two(season)}E${two(episode)}.mkv`)
      assert.deepEqual([words.kind, words.series, words.season, words.episode], ['episode', series, season, episode])
    }),
  )
})
