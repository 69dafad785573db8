import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readChannel, readGenres, readPage } from '../../../../adapters/sources/stalker/rows.ts'

/** A row as stock portals write it (stalker.md §5.2), shortened. */
const row = (fields: Readonly<Record<string, unknown>> = {}) => ({
  id: '101',
  name: 'News HD',
  number: '1',
  censored: '0',
  cmd: 'ffrt http://localhost/ch/77',
  tv_genre_id: '5',
  xmltv_id: 'news.hd',
  use_http_tmp_link: '1',
  logo: '101.png',
  open: 1,
  cmds: [{ id: '77', ch_id: '101', priority: '0', url: 'ffrt http://localhost/ch/77', status: '1' }],
  ...fields,
})

test('readChannel() reads a row of a stock portal', () => {
  assert.deepEqual(readChannel(row({ enable_tv_archive: '1', tv_archive_duration: 168 })), {
    key: '101',
    id: '101',
    name: 'News HD',
    number: '1',
    genre: '5',
    media: 'tv',
    logo: '101.png',
    archiveHours: 168,
    ways: [{ command: 'ffrt http://localhost/ch/77', asksLink: true, streamId: '77' }],
  })
})

test('readChannel() reads a row of a panel that writes numbers and leaves most of it out', () => {
  const channel = readChannel({ id: 9, name: 'Nine', number: 9, cmd: 'ffmpeg http://localhost/ch/9_', tv_genre_id: 3 })
  assert.deepEqual([channel?.key, channel?.genre, channel?.number], ['9', '3', '9'])
  assert.deepEqual(channel?.ways, [{ command: 'ffmpeg http://localhost/ch/9_', asksLink: true, streamId: '9' }])
})

test('readChannel() puts the other ways of a channel in order, each once', () => {
  const cmds = [
    { url: 'ffrt http://b.example/2', priority: 2, status: 1 },
    { url: 'ffrt http://localhost/ch/77', priority: '0' },
    { url: 'ffrt http://a.example/1', priority: '1', use_http_tmp_link: '1' },
    { url: 'ffrt http://off.example/1', priority: '1', status: '0' },
  ]
  const ways = readChannel(row({ cmds }))?.ways ?? []
  assert.deepEqual(
    ways.map(({ command, asksLink }) => [command.replace('ffrt http://', ''), asksLink]),
    [
      ['localhost/ch/77', true],
      ['a.example/1', true],
      ['b.example/2', false],
    ],
  )
})

test('readChannel() keeps the command letter by letter', () => {
  const cmd = 'ffrt http://localhost/ch/77?a=%2525&amp;b= ü'
  assert.equal(readChannel(row({ cmd, cmds: [] }))?.ways[0]?.command, cmd)
})

for (const { name, fields } of [
  { name: 'is not subscribed', fields: { open: '0', error: 'limit', cmd: 'udp://wtf?', cmds: [] } },
  { name: 'is multicast of an operator', fields: { cmd: 'udp://@239.1.1.1:1234', cmds: [] } },
  { name: 'has no command', fields: { cmd: '', cmds: [] } },
]) {
  test(`readChannel() leaves out what ${name}`, () => assert.equal(readChannel(row(fields)), null))
}

test('readChannel() has a key for a channel without id, and none for its guide', () => {
  const one = readChannel(row({ id: '' }))
  assert.match(one?.key ?? '', /^x[a-z0-9]+$/)
  assert.equal(one?.id, null)
  assert.equal(readChannel(row({ id: null }))?.key, one?.key)
  assert.notEqual(readChannel(row({ id: '', name: 'Other' }))?.key, one?.key)
})

test('readChannel() never gives an empty name', () => {
  assert.equal(readChannel(row({ name: ' \u0000 ', number: '7' }))?.name, 'Channel 7')
})

test('readGenres() leaves out "all", and reads every way to say that a group is for adults', () => {
  const genres = [
    { id: '*', title: 'All' },
    { id: 5, title: 'Sport ', censored: '0' },
    { id: '6', title: '', censored: 0 },
    { id: '7', title: 'Adults', censored: 1 },
    null,
  ]
  assert.deepEqual(readGenres(genres), [
    { id: '5', title: 'Sport', isCensored: false },
    { id: '6', title: 'Group 6', isCensored: false },
    { id: '7', title: 'Adults', isCensored: true },
  ])
})

test('readPage() reads pages of all kinds', () => {
  assert.deepEqual(readPage({ total_items: '30', max_page_items: 14, data: [1, 2] }), {
    rows: [1, 2],
    total: 30,
    perPage: 14,
  })
  assert.deepEqual(readPage({ data: { '0': 1, '1': 2 } }), { rows: [1, 2], total: null, perPage: null })
  assert.deepEqual(readPage([1]), { rows: [1], total: null, perPage: null })
  assert.deepEqual(readPage({ data: false })?.rows, [])
  for (const js of [false, null, '', 3]) assert.equal(readPage(js), null)
})
