import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLocations, readMovies } from '../../../../adapters/sources/enigma2/movie-list.ts'
import { failsWith } from './receiver.ts'

const FILE = '/media/hdd/movie/20260101 2015 - ORF1 HD - Der Film.ts'
const movie = (changes: Readonly<Record<string, unknown>>) => ({
  filename: FILE,
  length: '93:12',
  filesize: 4_000_000_000,
  recordingtime: 1_767_294_900,
  eventname: 'Der Film',
  servicename: 'ORF1 HD',
  tags: '',
  description: '',
  descriptionExtended: '',
  ...changes,
})
const only = (entry: unknown) => readMovies({ movies: [entry] })[0]

for (const { name, change, key, want } of [
  { name: 'minutes and seconds', change: {}, key: 'durationSeconds', want: 93 * 60 + 12 },
  { name: 'an unknown length', change: { length: '?:??' }, key: 'durationSeconds', want: null },
  { name: 'a length of nothing', change: { length: '0:00' }, key: 'durationSeconds', want: null },
  { name: 'a length that is no text', change: { length: 12 }, key: 'durationSeconds', want: null },
  { name: 'a size as text', change: { filesize: '123' }, key: 'sizeBytes', want: 123 },
  { name: 'no size', change: { filesize: '' }, key: 'sizeBytes', want: null },
  { name: 'a time as text', change: { recordingtime: '1767294900' }, key: 'beginsAt', want: 1_767_294_900_000 },
  { name: 'a clock that stood', change: { recordingtime: 0 }, key: 'beginsAt', want: null },
  { name: 'escaped names', change: { eventname: 'Tom &amp; Jerry' }, key: 'title', want: 'Tom & Jerry' },
  { name: 'controls of DVB', change: { eventname: '\u0086Tom\u0087' }, key: 'title', want: 'Tom' },
  { name: 'the title in the name of the file', change: { eventname: '' }, key: 'title', want: 'Der Film' },
  { name: 'the channel in the name of the file', change: { servicename: '' }, key: 'channelName', want: 'ORF1 HD' },
  { name: 'a file of another name', change: { filename: '/a/b.mkv', eventname: '' }, key: 'title', want: 'b' },
  {
    name: 'a path that only the reference has',
    change: { filename: '', serviceref: `1:0:0:0:0:0:0:0:0:0:${FILE}` },
    key: 'file',
    want: FILE,
  },
  { name: 'tags', change: { tags: ' film  neu ' }, key: 'tags', want: ['film', 'neu'] },
  {
    name: 'a short text as subtitle',
    change: { description: 'Teil 2', descriptionExtended: 'Lang' },
    key: 'subtitle',
    want: 'Teil 2',
  },
] as const) {
  test(`readMovies() reads ${name}`, () => {
    assert.deepEqual(Object.entries(only(movie(change)) ?? {}).find(([one]) => one === key)?.[1], want)
  })
}

test('readMovies() leaves out what is no file', () => {
  const movies = [null, 'x', {}, movie({ filename: 'relative.ts' }), movie({ filename: '/media/hdd/movie/' })]
  assert.deepEqual(readMovies({ movies }), [])
})

test('readMovies() refuses what is no list', () => {
  for (const json of [null, [], { movies: 'none' }, { result: false }])
    assert.throws(() => readMovies(json), failsWith('source/bad-answer'))
})

test('readLocations() takes paths once', () => {
  assert.deepEqual(readLocations({ locations: ['/a/', '/a/', 'None', '/b/'] }), ['/a/', '/b/'])
  assert.deepEqual(readLocations({ result: false }), [])
})
