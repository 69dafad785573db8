import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineupKeeper } from '../../../adapters/lan/lineup-keeper.ts'
import { jobId } from '../../../core/jobs/job.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../../fakes/gateway.ts'
import { createMemoryLineupStore } from '../../fakes/memory-lineup-store.ts'

const ITEMS = [
  anItem('a', { name: 'Das Erste HD', number: '1', groups: ['Public'], guide: { feed: 'box', channel: 'ard.de' } }),
  anItem('b', { name: 'ZDF', number: '2', groups: ['Public'], hasLogo: true }),
  anItem('c', { name: 'Late | XXX', number: '3', groups: ['Adults'], media: 'radio' }),
]

async function house() {
  const keeper = createLineupKeeper({
    store: createMemoryLineupStore(),
    priority: () => [sourceId('box')],
    now: () => 0,
    log: () => {},
  })
  await keeper.load()
  await keeper.sync(aCatalogue(ITEMS, { groups: ['Public', 'Adults'] }))
  const admin = {
    stopStream: () => false,
    stopViewer: () => false,
    switchStream: () => false,
    refreshSource: () => jobId('j1'),
    lineup: keeper,
  }
  const made = fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { lineup: keeper, admin } })
  const cookie = await cookieOf(made, 'jo')
  return {
    keeper,
    made,
    list: async (query: string) => {
      const answer = await made.get(`/api/v1/lineup/channels?${query}`, cookie)
      return { status: answer.status, body: await answer.json() }
    },
    send: async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const answer = await made.send('POST', `/api/v1${path}`, body, { ...cookie, ...headers })
      return { status: answer.status, body: await answer.json() }
    },
  }
}

const numbered = ({ items }: { items: { number: string; name: string }[] }): string =>
  items.map(({ number, name }) => `${number} ${name}`).join(', ')

test('GET /lineup/channels tells what lies behind a channel', async () => {
  const { list, send } = await house()
  await send('/channels/bulk', { filter: 'name = "ZDF"', change: { enabled: false } })
  const { body } = await list('filter=number+%3C+3&sort=name')
  assert.equal(body.total, 2)
  assert.deepEqual(body.items[1], {
    id: 'c2',
    number: '2',
    name: 'ZDF',
    sourceName: 'ZDF',
    media: 'tv',
    quality: null,
    isAdult: false,
    groups: ['Public'],
    enabled: false,
    favourite: false,
    hasLogo: true,
    ownLogo: null,
    isEdited: true,
    hasProblem: false,
    isRunning: false,
    guide: null,
    streams: [{ source: 'box', state: 'there' }],
  })
  const [first] = body.items
  assert.deepEqual(
    [first.quality, first.guide, first.isEdited],
    ['hd', { feed: 'box', channel: 'ard.de', state: 'own' }, false],
  )
})

test('GET /lineup/channels gives windows in any order, and follows every edit', async () => {
  const { list, send } = await house()
  assert.equal(numbered((await list('sort=name&desc=1&limit=2')).body), '2 ZDF, 3 Late | XXX')
  assert.equal(numbered((await list('sort=name&desc=1&offset=2')).body), '1 Das Erste HD')
  const before = (await list('filter=adult')).body
  assert.equal(numbered(before), '3 Late | XXX')
  await send('/channels/bulk', { filter: 'adult', change: { rename: { pattern: ' .*', replacement: '' } } })
  const after = (await list('filter=adult')).body
  assert.equal(numbered(after), '3 Late')
  assert.notEqual(after.revision, before.revision)
})

test('GET /lineup/channels says what is wrong with a filter, again and again', async () => {
  const { list } = await house()
  for (let time = 0; time < 2; time++) {
    const { status, body } = await list('filter=nonsense')
    assert.deepEqual([status, body.code], [400, 'lineup/bad-filter'])
  }
})

test('POST /channels/move moves, shows what it would do before, and can be undone', async () => {
  const { list, send } = await house()
  const move = { channels: ['c3'], anchor: 'c1', place: 'before' }
  const preview = await send('/channels/move?preview=1', move)
  assert.equal(preview.body.preview.changed, 3)
  assert.equal(numbered((await list('')).body), '1 Das Erste HD, 2 ZDF, 3 Late | XXX')
  const { body } = await send('/channels/move', move)
  assert.equal(numbered((await list('')).body), '1 Late | XXX, 2 Das Erste HD, 3 ZDF')
  await send('/lineup/undo', {}, { 'if-match': `"${body.revision}"` })
  assert.equal(numbered((await list('')).body), '1 Das Erste HD, 2 ZDF, 3 Late | XXX')
  assert.equal((await send('/channels/move', { ...move, anchor: 'c3' })).body.code, 'lineup/bad-edit')
})

test('POST /channels/bulk changes rows by their places only for who says of which revision', async () => {
  const { list, send } = await house()
  const bulk = {
    filter: '',
    rows: { sort: 'name', desc: true, ranges: [{ from: 0, to: 2 }] },
    change: { favourite: true },
  }
  assert.equal((await send('/channels/bulk', bulk)).body.code, 'http/bad-request')
  const { revision } = (await list('')).body
  assert.equal((await send('/channels/bulk?preview=1', bulk, { 'if-match': '"old"' })).body.code, 'lineup/changed')
  assert.equal((await send('/channels/bulk', bulk, { 'if-match': `"${revision}"` })).status, 200)
  assert.equal(numbered((await list('filter=favourite')).body), '2 ZDF, 3 Late | XXX')
  assert.equal((await send('/channels/bulk', bulk, { 'if-match': `"${revision}"` })).body.code, 'lineup/changed')
})
