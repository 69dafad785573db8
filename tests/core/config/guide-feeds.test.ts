import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readGuideFeeds } from '../../../core/config/guide-feeds.ts'
import { Failure } from '../../../core/errors.ts'

const read = (...entries: readonly unknown[]) => readGuideFeeds(entries, ['receiver'])

test('readGuideFeeds() fills in what is not written', () => {
  assert.deepEqual(read({ id: 'a', file: '/guide.xml.gz', language: null }), [
    {
      id: 'a',
      name: 'a',
      enabled: true,
      at: { kind: 'file', path: '/guide.xml.gz' },
      refreshHours: null,
      priority: 0,
      shiftMinutes: 0,
      language: null,
      userAgent: null,
      headers: {},
      allowHosts: [],
    },
  ])
})

test('readGuideFeeds() reads all keys, addresses and headers as secrets', () => {
  const [feed] = read({
    id: 'b',
    name: 'B',
    enabled: false,
    url: 'https://guide.example/xmltv.php?password=hunter2',
    refreshHours: 12,
    priority: -5,
    shiftMinutes: 60,
    language: 'DE',
    userAgent: 'x',
    headers: { 'X-Key': 'hunter2' },
    allowHosts: ['cdn.example'],
  })
  assert.ok(feed?.at.kind === 'url')
  assert.equal(feed.at.url.reveal(), 'https://guide.example/xmltv.php?password=hunter2')
  assert.equal(feed.language, 'de')
  assert.equal(feed.headers['X-Key']?.reveal(), 'hunter2')
  assert.doesNotMatch(JSON.stringify(feed), /hunter2/)
})

for (const { name, entries, message } of [
  {
    name: 'an unknown key',
    entries: [{ id: 'a', fiel: '/x' }],
    message: 'guide.xmltv[0].fiel: unknown key, did you mean "file"?',
  },
  {
    name: 'no place',
    entries: [{ id: 'a' }],
    message: 'guide.xmltv[0].url: missing, should be an address, or "file" the path of a file',
  },
  {
    name: 'two places',
    entries: [{ id: 'a', file: '/x', url: 'http://h/' }],
    message: 'guide.xmltv[0]: should be either "url" or "file", not both',
  },
  { name: 'no id', entries: [{ file: '/x' }], message: 'guide.xmltv[0].id: missing' },
  {
    name: 'an id twice',
    entries: [
      { id: 'a', file: '/x' },
      { id: 'a', file: '/y' },
    ],
    message: 'guide.xmltv[1].id: should be an id that no other guide and no source has, is "a"',
  },
  {
    name: 'the id of a source',
    entries: [{ id: 'receiver', file: '/x' }],
    message: 'guide.xmltv[0].id: should be an id that no other guide and no source has, is "receiver"',
  },
  {
    name: 'the id of what streams carry',
    entries: [{ id: 'broadcast', file: '/x' }],
    message: 'guide.xmltv[0].id: should be an id that no other guide and no source has, is "broadcast"',
  },
  {
    name: 'a foreign scheme, unquoted',
    entries: [{ id: 'a', url: 'ftp://u:hunter2@h/' }],
    message: 'guide.xmltv[0].url: should be an http(s) address',
  },
  {
    name: 'a shift of years',
    entries: [{ id: 'a', file: '/x', shiftMinutes: 525600 }],
    message: 'guide.xmltv[0].shiftMinutes: should be <=1440',
  },
  {
    name: 'what is no mapping',
    entries: ['http://h/'],
    message: 'guide.xmltv[0]: should be a mapping of keys to values',
  },
]) {
  test(`readGuideFeeds() refuses ${name}`, () => {
    assert.throws(
      () => read(...entries),
      (error: unknown) => {
        assert.ok(error instanceof Failure)
        assert.equal(error.message, message)
        return true
      },
    )
  })
}
