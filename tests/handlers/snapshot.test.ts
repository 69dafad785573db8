import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../core/access/accounts.ts'
import { readPeopleSnapshot } from '../../core/access/people-snapshot.ts'
import { programmesOf, readGuideSnapshot, snapshotWindow } from '../../core/guide/snapshot.ts'
import { guideWindow } from '../../core/guide/window.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { channelKey } from '../../core/lineup/channel.ts'
import { readLineupSnapshot } from '../../core/lineup/snapshot.ts'
import { fakeChannel, fakeHouse, VIEWER } from '../fakes/gateway.ts'

const programme: Programme = {
  title: 'Tatort',
  start: Date.UTC(2026, 10, 21, 20, 15),
  stop: Date.UTC(2026, 10, 21, 21, 45),
  subtitle: 'Line\nbreak',
  description: null,
  categories: ['Movie'],
  season: 1,
  episode: null,
  repeat: true,
  details: { date: '2019', credits: [{ role: 'actor', name: 'A' }], isNew: true },
}
const secretive = fakeChannel(3, { name: 'IPTV' })
const withSecret = {
  ...secretive,
  guide: { feed: 'receiver', channel: '4097:0:1:1:1:1:1:0:0:0:http%3a//u:hunter2@h/' },
  streams: secretive.streams.map((stream) => ({
    ...stream,
    item: 'http://u:hunter2@h/',
    slotKey: 'hunter2',
    serviceRef: '4097:0:1:1:1:1:1:0:0:0:http%3a//u%3ahunter2@h/1.ts:IPTV',
  })),
}
const lineup = {
  revision: '7',
  channels: [fakeChannel(1), fakeChannel(2, { enabled: false }), withSecret],
  groups: [
    { name: 'All', order: 0, logo: '/all.png', sort: 'own' as const, members: [channelKey(3)] },
    { name: 'Other', order: 1 },
  ],
  selections: [{ id: 'kids', name: 'Kids', channels: [3, 1].map(channelKey) }],
}

async function open(path: string, headers: Record<string, string> = {}) {
  const house = fakeHouse({ lineup, programmes: (channel) => (channel.key === 1 ? [programme] : []) })
  const { record } = await house.tokens.add({ kind: 'viewing', name: 'Old' })
  await house.tokens.revoke(record.id)
  const token = await house.signer.sign(
    { kind: 'house' },
    { expires: Math.floor(house.clock.now / 1000) + 60, jti: 'A'.repeat(22) },
  )
  const get = (more: Record<string, string> = headers) => house.get(`/s/${token}${path}`, more)
  return { house, get, revoked: record.id }
}

test('/snapshot/lineup gives the enabled channels, groups, selections and revoked tokens', async () => {
  const { get, revoked } = await open('/snapshot/lineup')
  const snapshot = readLineupSnapshot(await (await get()).json())
  assert.deepEqual(snapshot.revoked, [revoked])
  assert.equal(snapshot.lineup.revision, '7')
  assert.deepEqual(snapshot.lineup.groups, lineup.groups)
  assert.deepEqual(snapshot.lineup.selections, lineup.selections)
  const [one, three] = snapshot.lineup.channels
  assert.deepEqual(
    [one?.id, one?.number, one?.name, one?.groups, one?.streams[0]?.serviceRef],
    ['c1', '1', 'Channel 1', ['All'], '1:0:19:1:3EF:1:C00000:0:0:0:'],
  )
  assert.deepEqual([three?.id, three?.streams[0]?.serviceRef], ['c3', null])
})

test('no snapshot carries an address or password of a source', async () => {
  for (const path of ['/snapshot/lineup', '/snapshot/guide']) {
    const { get } = await open(path)
    assert.doesNotMatch(await (await get()).text(), /hunter2|http/)
  }
})

test('/snapshot/guide gives the programmes of each channel', async () => {
  const { get, house } = await open('/snapshot/guide')
  const snapshot = readGuideSnapshot(await (await get()).text())
  const window = guideWindow(house.clock.now, 7)
  assert.deepEqual(programmesOf(snapshot, fakeChannel(1), window), [programme])
  assert.deepEqual(programmesOf(snapshot, fakeChannel(3), window), [])
  assert.deepEqual(programmesOf(snapshot, fakeChannel(1), { from: programme.stop, to: window.to }), [])
  assert.equal(snapshot.lines.size, 1)
})

for (const path of ['/snapshot/lineup', '/snapshot/guide']) {
  test(`${path} answers 304 to its own ETag, and nothing to HEAD`, async () => {
    const { get } = await open(path)
    const tag = (await get()).headers.get('etag') ?? assert.fail('no ETag')
    assert.equal((await get({ 'if-none-match': tag })).status, 304)
    assert.equal((await get({ 'if-none-match': '"other"' })).status, 200)
  })
  test(`${path} is compressed for those who take it`, async () => {
    const { get } = await open(path)
    const packed = await get({ 'accept-encoding': 'br, gzip' })
    assert.equal(packed.headers.get('content-encoding'), 'gzip')
    const text = await new Response(packed.body?.pipeThrough(new DecompressionStream('gzip')) ?? null).text()
    assert.equal(text, await (await get()).text())
  })
}

test('/snapshot/lineup has a new ETag when a token is revoked', async () => {
  const { get, house } = await open('/snapshot/lineup')
  const before = (await get()).headers.get('etag')
  const { record } = await house.tokens.add({ kind: 'viewing', name: 'Another' })
  assert.equal((await get()).headers.get('etag'), before)
  await house.tokens.revoke(record.id)
  assert.notEqual((await get()).headers.get('etag'), before)
})

test('/snapshot/people gives people, their limits and their tokens, each with a viewing token of their own', async () => {
  const { get, house } = await open('/snapshot/people')
  house.accounts.put({ ...VIEWER, limits: { ...NO_LIMITS, groups: ['Kids'] } })
  const { record } = await house.tokens.add({ kind: 'app', name: 'Kodi', owner: 'Anna' })
  const first = await get()
  const known = readPeopleSnapshot(await first.clone().json())
  assert.deepEqual(known.byName.get('anna')?.limits.groups, ['Kids'])
  assert.equal(known.byDigest.get(record.digest ?? '')?.id, record.id)
  const own = await house.tokens.tokenOfAccount('Anna')
  assert.equal(own.split('.')[1], known.ownTokens.get('anna')?.id)
  assert.doesNotMatch(await first.text(), /plain:|correct horse/)
  const tag = first.headers.get('etag') ?? assert.fail('no ETag')
  assert.equal((await get({ 'if-none-match': tag })).status, 304)
  await house.tokens.revoke(record.id)
  assert.equal(readPeopleSnapshot(await (await get({ 'if-none-match': tag })).json()).byDigest.size, 0)
})

test('snapshots are behind signed links only', async () => {
  const house = fakeHouse({ lineup })
  for (const part of ['lineup', 'people', 'guide'])
    assert.equal((await house.get(`/snapshot/${part}`)).status, 404, part)
})

test('snapshotWindow() covers every window of the published guide of its day', () => {
  const day = Date.UTC(2026, 10, 21)
  for (let minute = 0; minute < 24 * 60; minute += 30) {
    const now = day + minute * 60_000
    const published = guideWindow(now, 7)
    const kept = snapshotWindow(now, 7)
    assert.deepEqual(kept, snapshotWindow(day, 7))
    assert.ok(kept.from <= published.from && kept.to >= published.to, new Date(now).toISOString())
  }
})

for (const text of ['', '{}', '{"format":2,"revision":"1"}\n', '{"format":1,"revision":"1"}\n{"x":1}\n', '<html>']) {
  test(`readGuideSnapshot() refuses ${JSON.stringify(text)}`, () => assert.throws(() => readGuideSnapshot(text)))
}

for (const json of [
  null,
  {},
  { format: 2 },
  { format: 1, revision: '1', groups: [], channels: [{ key: 0 }], revoked: [] },
]) {
  test(`readLineupSnapshot() refuses ${JSON.stringify(json)}`, () => assert.throws(() => readLineupSnapshot(json)))
}
