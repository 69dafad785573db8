import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { DEFAULT_HOUSE } from '../../../core/linear/house-format.ts'

const small = { id: 'westerns', name: 'Westerns', pools: [{ id: 'all', query: { genres: ['Western'] } }] }

describe('readChannelDoc()', () => {
  test('makes a whole document of the smallest useful one', () => {
    const doc = readChannelDoc(small, { zone: 'Europe/Berlin', anchorDay: '2026-11-21' })
    assert.equal(doc.zone, 'Europe/Berlin')
    assert.deepEqual(doc.house, DEFAULT_HOUSE)
    assert.equal(doc.revisions.length, 1)
    assert.equal(doc.revisions[0].from, '2026-11-21')
    assert.equal(doc.revisions[0].pools[0]?.mode, 'shuffle')
    assert.deepEqual(doc.revisions[0].pools[0]?.query?.genres, ['Western'])
  })

  test('reads what it printed to the same', () => {
    const doc = readChannelDoc({
      ...small,
      number: 7,
      slots: [
        { at: '06:00', show: { pool: 'all' } },
        { at: '20:15', show: { channel: 'c12' }, days: ['sat'] },
        { at: '20:15', show: { rerunOf: '0600' } },
        { at: '23:00', show: 'off' },
      ],
      overrides: [{ id: 'storm', from: '2026-11-21T20:00:00Z', show: { text: 'Storm' } }],
      revisions: [{ from: '2026-12-24T10:00:00Z', pools: [{ id: 'x', items: ['a'] }] }],
    })
    assert.deepEqual(readChannelDoc(JSON.parse(JSON.stringify(doc))), doc)
    assert.deepEqual(
      doc.revisions[0].slots.map(({ id }) => id),
      ['0600', '2015', '2015-2', '2300'],
    )
    assert.equal(doc.overrides[0]?.from, Date.UTC(2026, 10, 21, 20))
  })

  for (const { what, change, key, says } of [
    { what: 'a list', change: null, key: '', says: /The document: should be a channel/ },
    { what: 'no id', change: { id: undefined }, key: 'id', says: /^id: missing/ },
    { what: 'a bad id', change: { id: 'A b' }, key: 'id', says: /small letters/ },
    { what: 'a zone that is none', change: { zone: 'Mars/Base' }, key: 'zone', says: /time zone, like/ },
    { what: 'a mistyped key', change: { dayStrat: '06:00' }, key: 'dayStrat', says: /did you mean "dayStart"/ },
    { what: 'a day that is none', change: { anchorDay: '2026-02-30' }, key: 'anchorDay', says: /a day, like/ },
    { what: 'an odd width', change: { house: { width: 1281 } }, key: 'house.width', says: /an even number/ },
    {
      what: 'a slot at no time',
      change: { slots: [{ at: '24:00', show: 'off' }] },
      key: 'slots[0].at',
      says: /a time of day/,
    },
    {
      what: 'a slot that shows nothing',
      change: { slots: [{ at: '20:00', show: 7 }] },
      key: 'slots[0].show',
      says: /"pool": "films"/,
    },
    {
      what: 'a mistyped key of a slot',
      change: { slots: [{ at: '20:00', show: 'off', late: 5, lateMinute: 1 }] },
      key: 'slots[0].late',
      says: /unknown key/,
    },
    {
      what: 'a pool that is not there',
      change: { slots: [{ at: '20:00', show: { pool: 'al' } }] },
      key: 'slots[0].show.pool',
      says: /id of a pool of this revision \(all\)/,
    },
    {
      what: 'a slot that repeats itself',
      change: { slots: [{ id: 'a', at: '20:00', show: { rerunOf: 'a' } }] },
      key: 'slots[0].show.rerunOf',
      says: /another slot/,
    },
    {
      what: 'a pool without media',
      change: { pools: [{ id: 'all' }] },
      key: 'pools[0]',
      says: /"items" or a "query"/,
    },
    {
      what: 'two pools of a name',
      change: { pools: [small.pools[0], small.pools[0]] },
      key: 'pools[1].id',
      says: /no other/,
    },
    {
      what: 'a mistyped filter',
      change: { pools: [{ id: 'all', query: { genre: 'x' } }] },
      key: 'pools[0].query.genre',
      says: /did you mean "genres"/,
    },
    {
      what: 'looks that are wrong',
      change: { looks: { crawl: { lines: [] } } },
      key: 'looks.crawl.lines',
      says: /should be >=1/,
    },
    {
      what: 'a filler that is not there',
      change: { filler: ['x'] },
      key: 'filler[0]',
      says: /id of a pool/,
    },
    {
      what: 'an override that ends before it begins',
      change: { overrides: [{ id: 'a', from: 2, until: 1, show: { text: 'x' } }] },
      key: 'overrides[0]',
      says: /"until" after "from"/,
    },
  ]) {
    test(`says which key is wrong: ${what}`, () => {
      const input = change === null ? 'x' : JSON.parse(JSON.stringify({ ...small, ...change }))
      assert.throws(
        () => readChannelDoc(input),
        (error) => {
          assert.ok(error instanceof Failure)
          assert.equal(error.code, 'linear/invalid')
          assert.match(error.message, says)
          assert.ok(error.message.startsWith(key), error.message)
          return true
        },
      )
    })
  }

  test('names the whole path where the document is part of a file', () => {
    assert.throws(
      () => readChannelDoc({ ...small, name: '' }, { key: 'sources[0].channels[1]' }),
      /^Failure: sources\[0\]\.channels\[1\]\.name: should be a text that is not empty/,
    )
  })
})
