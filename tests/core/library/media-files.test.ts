import assert from 'node:assert/strict'
import { test } from 'node:test'
import { artworkBeside } from '../../../core/library/artwork-names.ts'
import { fileUse, isExtra, isReadFolder, keepsOut } from '../../../core/library/media-files.ts'
import type { MediaKind } from '../../../core/library/media-item.ts'

for (const [name, use] of [
  ['a.mkv', 'media'],
  ['A.MKV', 'media'],
  ['no ending', 'nothing'],
  ['a.mkv.part', 'nothing'],
  ['a.mkv.!qB', 'nothing'],
  ['a.mkv~', 'nothing'],
  ['~a.mkv', 'nothing'],
  ['.a.mkv', 'nothing'],
  ['.mkv', 'nothing'],
  ['._a.mkv', 'nothing'],
  ['a.crdownload', 'nothing'],
  ['film-sample.mkv', 'nothing'],
  ['sample.mkv', 'nothing'],
  ['Free Sample (2012).mkv', 'media'],
  ['film-featurette.mkv', 'nothing'],
  ['film-trailer.mkv', 'media'],
  ['theme.mp3', 'nothing'],
  ['poster.JPG', 'picture'],
  ['film.nfo', 'note'],
  ['film.srt', 'nothing'],
  ['-lead.mp4', 'media'],
] as const) {
  test(`fileUse() takes "${name}" for ${use}`, () => assert.equal(fileUse(name), use))
}

for (const [path, is] of [
  ['Film (1999)/Featurettes/a.mkv', true],
  ['Film (1999)/Behind The Scenes/a.mkv', true],
  ['Film (1999)/Sample/a.mkv', true],
  ['Show/Season 1/Extras/a.mkv', true],
  ['Interviews/a.mkv', false],
  ['Films/Extras/a.mkv', false],
  ['Series/Extras/Season 1/a.mkv', false],
  ['Extras/Season 1/a.mkv', false],
  ['Extras/Extras S01E02.mkv', false],
  ['Film (1999)/a.mkv', false],
] as const) {
  test(`isExtra() says ${is} of "${path}"`, () => assert.equal(isExtra(path), is))
}

test('isReadFolder() passes over hidden folders and those of systems', () => {
  const names = ['Films', '.git', '@eaDir', '#recycle', '$RECYCLE.BIN', 'System Volume Information', 'lost+found']
  assert.deepEqual(names.filter(isReadFolder), ['Films'])
})

test('keepsOut() sees a folder that does not want to be read', () => {
  assert.equal(keepsOut(['a.mkv', '.nomedia']), true)
  assert.equal(keepsOut(['a.mkv']), false)
})

for (const { name, kind = 'film', path, season = null, pictures, found } of [
  {
    name: "the file's own before the folder's",
    path: 'Films/A (1999)/A.mkv',
    pictures: { 'Films/A (1999)': ['folder.jpg', 'A-poster.png', 'A.jpg'] },
    found: 'Films/A (1999)/A-poster.png',
  },
  {
    name: "the folder's, whatever its case",
    path: 'Films/A (1999)/A.mkv',
    pictures: { 'Films/A (1999)': ['fanart.jpg', 'Folder.JPG'] },
    found: 'Films/A (1999)/Folder.JPG',
  },
  {
    name: 'the poster before the fan art',
    path: 'A/A.mkv',
    pictures: { A: ['fanart.jpg', 'poster.webp'] },
    found: 'A/poster.webp',
  },
  { name: 'none of a shelf', path: 'Films/A.mkv', pictures: { Films: ['folder.jpg'] }, found: null },
  { name: 'none of the library itself', path: 'A.mkv', pictures: { '': ['folder.jpg'] }, found: null },
  { name: 'its own on a shelf', path: 'Films/A.mkv', pictures: { Films: ['A.jpg'] }, found: 'Films/A.jpg' },
  {
    name: "an episode's thumb",
    kind: 'episode',
    path: 'Show/Season 1/E1.mkv',
    season: 1,
    pictures: { 'Show/Season 1': ['E1-thumb.jpg', 'E1.jpg', 'poster.jpg'] },
    found: 'Show/Season 1/E1-thumb.jpg',
  },
  {
    name: "a season's poster beside the series",
    kind: 'episode',
    path: 'Show/Season 1/E1.mkv',
    season: 1,
    pictures: { Show: ['poster.jpg', 'season02-poster.jpg', 'season01-poster.jpg'] },
    found: 'Show/season01-poster.jpg',
  },
  {
    name: 'the poster of specials',
    kind: 'episode',
    path: 'Show/Specials/E1.mkv',
    season: 0,
    pictures: { Show: ['poster.jpg', 'season-specials-poster.jpg'] },
    found: 'Show/season-specials-poster.jpg',
  },
  {
    name: "the series' poster",
    kind: 'episode',
    path: 'TV/Show/Season 1/E1.mkv',
    season: 1,
    pictures: { 'TV/Show': ['poster.jpg'], TV: ['folder.jpg'] },
    found: 'TV/Show/poster.jpg',
  },
  {
    name: 'nothing but its own of a filler',
    kind: 'filler',
    path: 'Ads/coke.mp4',
    pictures: { Ads: ['folder.jpg'] },
    found: null,
  },
] satisfies {
  name: string
  kind?: MediaKind
  path: string
  season?: number
  pictures: Record<string, string[]>
  found: string | null
}[]) {
  test(`artworkBeside() finds ${name}`, () => {
    const known: Readonly<Record<string, readonly string[]>> = pictures
    assert.equal(
      artworkBeside({ path, kind, season }, (folder) => known[folder] ?? []),
      found,
    )
  })
}
