import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueItem } from '../../../core/lineup/catalogue.ts'
import { EMPTY_STORED_LINEUP } from '../../../core/lineup/stored.ts'
import type { StoredLineup } from '../../../core/lineup/stored.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { syncLineup } from '../../../core/lineup/sync.ts'
import { aCatalogue, anItem } from './samples.ts'

const priority = ['box', 'iptv', 'spare'].map(sourceId)
const sync = (stored: StoredLineup, source: string, items: readonly CatalogueItem[], now = 0): StoredLineup =>
  syncLineup(stored, aCatalogue(items, { source }), { now, acceptShrunk: true, priority }).lineup
const named = (names: readonly string[], prefix = ''): CatalogueItem[] =>
  names.map((name) => anItem(prefix + name, { name }))
const homes = (stored: StoredLineup) =>
  stored.channels.map(({ streams }) => streams.map(({ sourceId: source, name }) => `${source} ${name}`))

test('syncLineup() joins the channels of several sources by name, with a score and a reason', () => {
  let stored = sync(EMPTY_STORED_LINEUP, 'iptv', named(['DE: RTL FHD', 'DE: VOX']))
  stored = sync(stored, 'box', named(['RTL HD', 'n-tv']))
  assert.deepEqual(homes(stored), [['box RTL HD', 'iptv DE: RTL FHD'], ['iptv DE: VOX'], ['box n-tv']])
  const join = stored.channels[0]?.streams[0]?.join
  assert.equal(join?.by, 'name')
  assert.equal(join.evidence, 'Same name "rtl" of DE')
})

test('syncLineup() puts SD behind HD whatever source is preferred, and prefers the channel of the same sharpness', () => {
  let stored = sync(EMPTY_STORED_LINEUP, 'iptv', named(['DE: RTL HD', 'DE: VOX HD', 'DE: VOX SD']))
  stored = sync(stored, 'box', [
    anItem('rtl', { name: 'RTL', serviceRef: '1:0:1:2EE3:441:1:C00000:0:0:0:' }),
    anItem('vox', { name: 'VOX', serviceRef: '1:0:1:2EF4:441:1:C00000:0:0:0:' }),
  ])
  assert.deepEqual(homes(stored), [['iptv DE: RTL HD', 'box RTL'], ['iptv DE: VOX HD'], ['box VOX', 'iptv DE: VOX SD']])
})

test('syncLineup() lets one stream of a source into a channel, and backups that are marked as such', () => {
  let stored = sync(EMPTY_STORED_LINEUP, 'box', named(['RTL HD']))
  stored = sync(
    stored,
    'iptv',
    named(['DE: RTL HD (Backup)', 'DE: RTL HD', 'DE: RTL FHD', 'DE: VOX (Backup)', 'DE: VOX']),
  )
  assert.deepEqual(homes(stored), [
    ['box RTL HD', 'iptv DE: RTL HD', 'iptv DE: RTL HD (Backup)'],
    ['iptv DE: RTL FHD'],
    ['iptv DE: VOX', 'iptv DE: VOX (Backup)'],
  ])
  const more = [
    ...named(['DE: RTL HD (Backup)', 'DE: RTL HD', 'DE: RTL FHD', 'DE: VOX (Backup)', 'DE: VOX']),
    ...named(['DE: RTL HD BK']),
  ]
  assert.deepEqual(homes(sync(stored, 'iptv', more))[0], [
    'box RTL HD',
    'iptv DE: RTL HD',
    'iptv DE: RTL HD (Backup)',
    'iptv DE: RTL HD BK',
  ])
})

test('syncLineup() does not guess between two channels that are equally good', () => {
  let stored = sync(EMPTY_STORED_LINEUP, 'iptv', [anItem('1', { name: 'DE: VOX' }), anItem('2', { name: 'DE: VOX' })])
  stored = sync(stored, 'box', named(['VOX']))
  assert.equal(stored.channels.length, 3)
})

test('syncLineup() gives the channels of a source that left to the one that takes its place', () => {
  let stored = sync(EMPTY_STORED_LINEUP, 'iptv', named(['DE: RTL', 'DE: VOX']))
  stored = sync(stored, 'iptv', [], 5)
  stored = sync(stored, 'spare', named(['DE - VOX', 'DE - RTL']), 6)
  assert.deepEqual(
    stored.channels.map(({ key, streams }) => [Number(key), streams.find(({ goneSince }) => goneSince === null)?.name]),
    [
      [1, 'DE - RTL'],
      [2, 'DE - VOX'],
    ],
  )
})

test('syncLineup() keeps every channel when a list gives all its items new ids, namesakes and backups included', () => {
  const names = ['DE: RTL', 'DE: RTL', 'DE: VOX', 'DE: VOX (Backup)']
  const items = (round: number) => names.map((name, index) => anItem(`${round}-${index}`, { name }))
  let stored = sync(EMPTY_STORED_LINEUP, 'iptv', items(0))
  const before = homes(stored)
  for (let round = 1; round < 30; round++) stored = sync(stored, 'iptv', items(round), round)
  assert.deepEqual(
    stored.channels.map(({ streams }) =>
      streams.filter(({ goneSince }) => goneSince === null).map(({ sourceId: source, name }) => `${source} ${name}`),
    ),
    before,
  )
  assert.ok(
    stored.channels.every(({ streams }) => streams.length <= 20),
    'gone streams do not pile up',
  )
})

test('syncLineup() finds a channel again whose item comes back later under another id', () => {
  let stored = sync(EMPTY_STORED_LINEUP, 'iptv', [anItem('a', { name: 'Arte' }), anItem('b')])
  stored = sync(stored, 'iptv', [anItem('b')], 1)
  stored = sync(stored, 'iptv', [anItem('b'), anItem('z', { name: 'Arte' })], 2)
  assert.equal(stored.channels.length, 2)
})
