import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineupKeeper } from '../../adapters/lan/lineup-keeper.ts'
import { jobId } from '../../core/jobs/job.ts'
import type { CatalogueItem } from '../../core/lineup/catalogue.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { houseApi } from '../../handlers/house-api.ts'
import { createApp } from '../../handlers/app.ts'
import { playlistFace } from '../../handlers/playlist.ts'
import { aCatalogue, anItem } from '../core/lineup/samples.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../fakes/gateway.ts'
import { createMemoryLineupStore } from '../fakes/memory-lineup-store.ts'

const BOX = [
  anItem('rtl', { name: 'RTL HD', number: '1', groups: ['HD'], serviceRef: '1:0:19:1:2:3:C00000:0:0:0:' }),
  anItem('zdf', { name: 'ZDF HD', number: '2', groups: ['HD'] }),
  anItem('ard', { name: 'Das Erste', number: '3', groups: ['News'] }),
]
const IPTV = [
  anItem('secret/rtl', { name: 'DE: RTL FHD', groups: ['DE | Mix'] }),
  anItem('2', { name: 'DE: ARD', groups: ['DE | Mix'], guide: { feed: 'iptv', channel: 'ard.de' } }),
]

/** A house whose line-up is kept for real, seen by an admin, with two sources. */
async function house(lists: Readonly<Record<string, readonly CatalogueItem[]>> = { box: BOX, iptv: IPTV }) {
  const keeper = createLineupKeeper({
    store: createMemoryLineupStore(),
    priority: () => Object.keys(lists).map(sourceId),
    now: () => 0,
    log: () => {},
  })
  await keeper.load()
  for (const [source, items] of Object.entries(lists)) {
    const groups = [...new Set(items.flatMap((item) => item.groups))]
    await keeper.sync(aCatalogue(items, { source, groups }))
  }
  const admin = {
    stopStream: () => false,
    stopViewer: () => false,
    switchStream: () => false,
    refreshSource: () => jobId('j1'),
    lineup: keeper,
  }
  const made = fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { lineup: keeper, admin } })
  const cookie = await cookieOf(made, 'jo')
  const players = createApp(made.gateway, { viewing: [playlistFace], linked: [], api: houseApi })
  return {
    keeper,
    /** The JSON answer to a good request. */
    async ask(method: string, path: string, body?: unknown) {
      const response =
        body === undefined
          ? await made.get(`/api/v1${path}`, cookie, method)
          : await made.send(method, `/api/v1${path}`, body, cookie)
      const answer = await response.json()
      assert.equal(response.status, 200, JSON.stringify(answer))
      return answer
    },
    /** Status and code of a refused request. */
    async refused(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
      const response = await made.send(method, `/api/v1${path}`, body, { ...cookie, ...headers })
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      const { code, detail } = await response.json()
      return { status: response.status, code, detail: String(detail) }
    },
    /** Names in a playlist. */
    async playlist(query: string) {
      const response = await players.request(`/playlist.m3u?${query}`, { headers: { host: 'localhost' } })
      const text = await response.text()
      return { text, names: [...text.matchAll(/,(.*)\n/g)].map(([, name]) => name) }
    },
  }
}

const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name)

test('GET /channels/{id}/streams tells score and reason of each stream, and not what its source calls it', async () => {
  const { ask } = await house()
  const { items, ownOrder } = await ask('GET', '/channels/c1/streams')
  assert.equal(ownOrder, false)
  assert.deepEqual(
    items.map(({ source, name, joined }: { source: string; name: string; joined: object }) => ({
      source,
      name,
      ...joined,
    })),
    [
      { source: 'box', name: 'RTL HD', by: 'first', score: 1, reason: '' },
      { source: 'iptv', name: 'DE: RTL FHD', by: 'name', score: 0.88, reason: 'Same name "rtl" of DE' },
    ],
  )
  assert.ok(!JSON.stringify(items).includes('secret'))
})

test('POST /channels/{id}/split and /join, PUT …/streams arrange streams as the owner wants', async () => {
  const { ask, refused } = await house()
  const { items } = await ask('GET', '/channels/c1/streams')
  const split = await ask('POST', '/channels/c1/split', { streams: [items[1].id] })
  assert.deepEqual([split.created, split.items.length, split.splitFrom], ['c5', 1, ['c5']])
  assert.deepEqual((await ask('GET', '/channels/proposals')).items, [], 'what was split is not proposed')
  const joined = await ask('POST', '/channels/c1/join', { channels: ['c5'] })
  assert.deepEqual(names(joined), ['RTL HD', 'DE: RTL FHD'])
  const order = joined.items.map(({ id }: { id: string }) => id).toReversed()
  assert.deepEqual(names(await ask('PUT', '/channels/c1/streams', { order })), ['DE: RTL FHD', 'RTL HD'])
  assert.deepEqual(names(await ask('PUT', '/channels/c1/streams', { order: null })), ['RTL HD', 'DE: RTL FHD'])
  assert.equal((await refused('PUT', '/channels/c1/streams', { order: ['snone'] })).code, 'lineup/unknown-stream')
  assert.equal((await refused('POST', '/channels/c1/split', { streams: order })).code, 'lineup/bad-edit')
  assert.equal((await refused('POST', '/channels/c9/join', { channels: ['c1'] })).code, 'lineup/unknown-channel')
})

test('PATCH /channels/{id}/streams/{streamId} switches a stream off, which undo takes back', async () => {
  const { ask, refused, keeper } = await house()
  const { items } = await ask('GET', '/channels/c1/streams')
  const played = () => keeper.current().channels[0]?.streams.map(({ sourceId }) => sourceId)
  const answer = await ask('PATCH', `/channels/c1/streams/${items[0].id}`, { off: true })
  assert.deepEqual(
    answer.items.map(({ off }: { off: boolean }) => off),
    [true, false],
  )
  assert.deepEqual(played(), ['iptv'])
  const preview = await ask('PATCH', `/channels/c1/streams/${items[1].id}?preview=1`, { off: true })
  assert.deepEqual([preview.preview.rows[0].before.streams, preview.preview.rows[0].after.streams], [1, 0])
  const [row] = (await ask('GET', '/lineup/channels?filter=id%20%3D%20%22c1%22')).items
  assert.deepEqual(row.streams[0], { source: 'box', state: 'off' })
  await ask('POST', '/lineup/undo', {})
  assert.deepEqual(played(), ['box', 'iptv'])
  assert.equal((await refused('PATCH', '/channels/c1/streams/snone', { off: true })).code, 'lineup/unknown-stream')
  assert.equal((await refused('PATCH', '/channels/c1/streams/snone', {})).code, 'http/bad-request')
})

test('GET /channels/proposals asks about likely ones, POST …/accept joins them', async () => {
  const { ask } = await house({
    box: [anItem('ard', { name: 'Das Erste', guide: { feed: 'box', channel: 'ARD.de' } })],
    iptv: [anItem('2', { name: 'DE: ARD', guide: { feed: 'iptv', channel: 'ard.de' } })],
  })
  const { items } = await ask('GET', '/channels/proposals')
  assert.deepEqual(items, [
    {
      into: { id: 'c1', name: 'Das Erste' },
      other: { id: 'c2', name: 'DE: ARD' },
      score: 0.7,
      reason: 'Same guide id "ard.de"',
    },
  ])
  const { preview } = await ask('POST', '/channels/proposals/accept?preview=1', { minScore: 0.7 })
  assert.deepEqual([preview.changed, preview.removed], [1, 1])
  await ask('POST', '/channels/proposals/accept', { minScore: 0.7 })
  assert.equal((await ask('GET', '/channels')).total, 1)
})

test('POST /channels/bulk previews and changes what a filter means, and can be taken back', async () => {
  const { ask, keeper } = await house()
  const edit = {
    filter: 'group = "HD"',
    change: { rename: { pattern: ' HD$', replacement: '' }, number: { from: 20 } },
  }
  const { preview, revision } = await ask('POST', '/channels/bulk?preview=1', edit)
  assert.equal(revision, keeper.current().revision)
  assert.deepEqual(
    preview.rows.map(({ id, after }: { id: string; after: { name: string; number: string } }) => [
      id,
      after.name,
      after.number,
    ]),
    [
      ['c1', 'RTL', '20'],
      ['c2', 'ZDF', '21'],
    ],
  )
  assert.deepEqual(names(await ask('GET', '/channels?q=RTL')), ['RTL HD'])
  await ask('POST', '/channels/bulk', edit)
  assert.deepEqual(names(await ask('GET', '/channels?filter=number%20%3E%3D%2020')), ['RTL', 'ZDF'])
  await ask('POST', '/lineup/undo')
  assert.deepEqual(names(await ask('GET', '/channels?number=2')), ['ZDF HD'])
})

test('POST /channels/bulk says where a filter is wrong, and 412 when the line-up has changed', async () => {
  const { refused } = await house()
  const wrong = await refused('POST', '/channels/bulk', { filter: 'grup = "x"', change: {} })
  assert.deepEqual([wrong.status, wrong.code], [400, 'lineup/bad-filter'])
  assert.match(wrong.detail, /at character 1: "grup" is no field/)
  const late = { filter: 'enabled', change: { favourite: true } }
  assert.equal((await refused('POST', '/channels/bulk', late, { 'if-match': '"0"' })).status, 412)
  const unknown = await refused('POST', '/channels/bulk', { filter: 'enabled', change: { addGroup: 'None' } })
  assert.deepEqual([unknown.status, unknown.code], [404, 'lineup/unknown-group'])
})

test('groups are added, filled, renamed, hidden, sorted, ordered and removed', async () => {
  const { ask, refused, playlist } = await house()
  await ask('POST', '/groups', { name: 'Family' })
  assert.equal((await refused('POST', '/groups', { name: 'HD' })).code, 'lineup/name-taken')
  const channel = await ask('PATCH', '/channels/c3', { groups: ['Family', 'News'] })
  assert.deepEqual(channel.groups, ['Family', 'News'])
  await ask('POST', '/channels/bulk', { filter: 'name ~ "ZDF"', change: { addGroup: 'Family' } })
  await ask('PATCH', '/groups/Family', { channels: ['c3', 'c2'], logo: '/family.png' })
  assert.deepEqual((await playlist('group=Family')).names, ['Das Erste', 'ZDF HD'])
  assert.deepEqual(names(await ask('GET', '/channels?group=Family')), ['Das Erste', 'ZDF HD'])
  await ask('PATCH', '/groups/HD', { name: 'High definition' })
  await ask('PATCH', `/groups/${encodeURIComponent('DE | Mix')}`, { hidden: true })
  await ask('PUT', '/groups', { order: ['News', 'High definition'] })
  assert.deepEqual((await ask('GET', '/groups')).items, [
    { name: 'News', channels: 1, logo: null, sort: 'number' },
    { name: 'High definition', channels: 2, logo: null, sort: 'number' },
    { name: 'Family', channels: 2, logo: '/family.png', sort: 'own' },
  ])
  assert.equal((await ask('GET', '/channels')).total, 3, 'a channel of hidden groups only is off')
  assert.equal((await ask('GET', '/groups?all=1')).items.length, 4)
  await ask('DELETE', '/groups/Family')
  assert.deepEqual((await ask('GET', '/channels/c3')).groups, ['News'])
  assert.equal((await refused('PATCH', '/groups/Family', { hidden: true })).code, 'lineup/unknown-group')
  assert.equal((await refused('PATCH', '/groups/News', { logo: 'javascript:1' })).code, 'http/bad-request')
})

test('selections are subsets with their own order, for playlists and lists', async () => {
  const { ask, refused, playlist } = await house()
  const made = await ask('PUT', '/selections/kids', { name: 'Kids', filter: 'name ~ "HD"', channels: ['c3'] })
  assert.deepEqual([made.total, made.channels], [3, ['c3']])
  const { names: shown, text } = await playlist('selection=kids')
  assert.deepEqual(shown, ['Das Erste', 'RTL HD', 'ZDF HD'])
  assert.match(text, /x-tvg-url="http:\/\/localhost\/xmltv\.xml\?selection=kids"/)
  assert.deepEqual((await playlist('selection=kids&sort=number')).names, ['RTL HD', 'ZDF HD', 'Das Erste'])
  assert.deepEqual((await playlist('selection=none')).names, [])
  await ask('PATCH', '/channels/c2', { favourite: true })
  assert.deepEqual((await ask('GET', '/selections')).items, [
    { id: 'kids', name: 'Kids', channels: 3 },
    { id: 'favourites', name: 'Favourites', channels: 1 },
  ])
  assert.deepEqual(names(await ask('GET', '/channels?selection=favourites')), ['ZDF HD'])
  assert.equal((await ask('GET', '/channels/c2')).favourite, true)
  await ask('DELETE', '/selections/kids')
  assert.equal((await refused('DELETE', '/selections/kids', {})).code, 'lineup/unknown-selection')
  assert.equal((await refused('PUT', '/selections/favourites', { name: 'X' })).code, 'lineup/name-taken')
  assert.equal((await refused('PUT', '/selections/X', { name: 'X' })).code, 'http/bad-request')
})

test('rules rename, hide and number channels, also those that come later', async () => {
  const { ask, refused, keeper } = await house()
  const items = [
    { kind: 'rename', id: 'plain', filter: 'source = "iptv"', pattern: '^DE: ', replacement: '' },
    { kind: 'hide', id: 'erste', filter: 'name = "Das Erste"' },
    { kind: 'numbers', id: 'sport', filter: 'group = "Sport"', from: 100, to: 199 },
  ]
  const { preview } = await ask('PUT', '/rules?preview=1', { items })
  assert.deepEqual([preview.changed, preview.rows.length], [2, 2])
  assert.deepEqual((await ask('PUT', '/rules', { items })).items, items)
  assert.deepEqual(names(await ask('GET', '/channels')), ['RTL HD', 'ZDF HD', 'ARD'])
  await keeper.sync(aCatalogue([...BOX, anItem('s', { name: 'Sport1', groups: ['Sport'] })]))
  assert.deepEqual(names(await ask('GET', '/channels?number=100')), ['Sport1'])
  await ask('PATCH', '/channels/c3', { enabled: true })
  assert.equal((await ask('GET', '/channels')).total, 5, 'the owner is above the rules')

  const overlap = [items[2], { kind: 'numbers', id: 'b', filter: 'enabled', from: 150, to: 250 }]
  assert.match((await refused('PUT', '/rules', { items: overlap })).detail, /overlap/)
  const broken = [{ kind: 'rename', id: 'x', filter: null, pattern: '(', replacement: '' }]
  assert.equal((await refused('PUT', '/rules', { items: broken })).code, 'lineup/bad-pattern')
  assert.equal((await refused('PUT', '/rules', { items: [{ kind: 'eat', id: 'x' }] })).status, 400)
})
