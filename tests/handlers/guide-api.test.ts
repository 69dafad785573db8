import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { GuideChoice } from '../../core/guide/choice.ts'
import type { GuideMatch } from '../../core/guide/match/match.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { ChannelKey } from '../../core/lineup/channel.ts'
import type { GuideDesk, GuideFeedStatus } from '../../handlers/guide-desk.ts'
import { ADMIN, cookieOf, fakeChannel, fakeHouse, STRANGER, VIEWER } from '../fakes/gateway.ts'

const NOW = Date.UTC(2026, 10, 21, 20, 20)
const HOUR = 3_600_000

const europe: GuideFeedStatus = {
  id: 'europe',
  name: 'Europe',
  imported: {
    fetchedAt: NOW - HOUR,
    importedAt: NOW - 2 * HOUR,
    channels: 2,
    programmes: 10,
    firstStart: NOW,
    lastStart: NOW + HOUR,
    problems: [{ line: 7, message: 'a programme has no title' }],
  },
  progress: null,
  problem: new Failure('source/unreachable', 'Cannot reach http://u:hunter2@h/'),
}
const loading: GuideFeedStatus = {
  id: 'loading',
  name: 'Loading',
  imported: null,
  progress: { step: 'importing', bytes: 5, totalBytes: 10, programmes: 3 },
  problem: null,
}

const programme: Programme = {
  start: NOW,
  stop: NOW + HOUR,
  title: 'Tatort',
  subtitle: null,
  description: null,
  categories: ['Movie'],
  season: null,
  episode: null,
  repeat: false,
  details: { date: '2019' },
}

const aMatch = (channel: string, score: number): GuideMatch => ({
  feed: 'europe',
  channel,
  name: channel,
  score,
  kind: 'name',
  reason: `Same name "${channel}"`,
})

/** A desk that notes what it was asked to do. Channel 1 is used, 2 suggested, 3 decided. */
function aDesk() {
  const done: unknown[] = []
  const choices = new Map<ChannelKey, GuideChoice>([[fakeChannel(3).key, { by: 'owner', layers: [] }]])
  const matches = new Map([
    [fakeChannel(1).key, [aMatch('one', 0.97)]],
    [fakeChannel(2).key, [aMatch('two', 0.7)]],
  ])
  const desk: GuideDesk = {
    feeds: () => [europe, loading],
    refresh: (feed, options) => (done.push(['refresh', feed, options]), null),
    cancel: (feed) => (done.push(['cancel', feed]), Promise.resolve()),
    search: (feed, query) => (done.push(['search', feed, query]), { total: 1, items: [{ id: 'one', names: ['One'] }] }),
    has: (feed, channel) => feed === 'europe' && channel === 'one',
    preview: async () => [programme],
    layers: ({ key }) =>
      choices.get(key)?.layers ??
      (matches.get(key) ?? [])
        .filter(({ score }) => score > 0.84)
        .map(({ feed, channel }) => ({ feed, channel, shiftMinutes: 5 })),
    choice: (key) => choices.get(key) ?? null,
    matches: (key) => matches.get(key) ?? [],
    candidates: () => [aMatch('one', 0.97), aMatch('other', 0.4)],
    async decide(changes) {
      for (const [key, choice] of changes) {
        done.push(['decide', key, choice])
        if (choice === null) choices.delete(key)
        else choices.set(key, choice)
      }
    },
  }
  return { desk, done }
}

async function aHouse(name = 'jo') {
  const { desk, done } = aDesk()
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    gateway: { guideDesk: desk },
    lineup: {
      revision: '7',
      channels: [fakeChannel(1), fakeChannel(2), fakeChannel(3), fakeChannel(4), fakeChannel(5, { enabled: false })],
      groups: [{ name: 'All', order: 0 }],
    },
    programmes: (channel) => (channel.key === 1 ? [programme] : []),
  })
  return { house, done, cookie: await cookieOf(house, name) }
}

for (const [method, path] of [
  ['GET', '/api/v1/guide/feeds'],
  ['POST', '/api/v1/guide/feeds/europe/refresh'],
  ['DELETE', '/api/v1/guide/feeds/europe/refresh'],
  ['GET', '/api/v1/guide/feeds/europe/channels'],
  ['GET', '/api/v1/guide/feeds/europe/programmes?channel=one'],
  ['GET', '/api/v1/guide/matches'],
  ['GET', '/api/v1/guide/matches/c1'],
  ['PUT', '/api/v1/guide/matches/c1'],
  ['DELETE', '/api/v1/guide/matches/c1'],
  ['POST', '/api/v1/guide/matches/accept'],
] as const) {
  test(`${method} ${path} is for admins only`, async () => {
    const { house, cookie, done } = await aHouse('anna')
    assert.equal((await house.get(path, {}, method)).status, 401)
    assert.equal((await house.get(path, cookie, method)).status, 403)
    assert.deepEqual(done, [])
  })
}

test('GET /guide/feeds tells state, counts, broken places, progress and problems without addresses', async () => {
  const { house, cookie } = await aHouse()
  const { items } = (await (await house.get('/api/v1/guide/feeds', cookie)).json()) as { items: readonly object[] }
  const ofSource = { managedBy: 'source', revision: null, entry: null, hosts: {}, entryProblem: null }
  assert.deepEqual(items, [
    {
      id: 'europe',
      name: 'Europe',
      state: 'failing',
      lastRefresh: '2026-11-21T19:20:00.000Z',
      lastChange: '2026-11-21T18:20:00.000Z',
      channels: 2,
      programmes: 10,
      from: '2026-11-21T20:20:00.000Z',
      to: '2026-11-21T21:20:00.000Z',
      broken: [{ line: 7, message: 'a programme has no title' }],
      progress: null,
      problem: {
        type: 'urn:downlink:problem:source/unreachable',
        title: 'The source does not answer',
        status: 502,
        detail: 'Cannot reach …',
        code: 'source/unreachable',
        advice: 'Is it switched on and is its address right?',
      },
      ...ofSource,
    },
    {
      id: 'loading',
      name: 'Loading',
      state: 'refreshing',
      lastRefresh: null,
      lastChange: null,
      channels: 0,
      programmes: 0,
      from: null,
      to: null,
      broken: [],
      progress: { step: 'importing', bytes: 5, totalBytes: 10, programmes: 3 },
      problem: null,
      ...ofSource,
    },
  ])
})

test('POST and DELETE /guide/feeds/{id}/refresh start and end a refresh', async () => {
  const { house, cookie, done } = await aHouse()
  const path = '/api/v1/guide/feeds/europe/refresh'
  assert.equal((await house.get(path, cookie, 'POST')).status, 202)
  assert.equal((await house.send('POST', path, { acceptCutOff: true }, cookie)).status, 202)
  assert.equal((await house.get(path, cookie, 'DELETE')).status, 204)
  assert.deepEqual(done, [
    ['refresh', 'europe', { acceptCutOff: false, askedBy: 'Jo' }],
    ['refresh', 'europe', { acceptCutOff: true, askedBy: 'Jo' }],
    ['cancel', 'europe'],
  ])
  const answer = await house.get('/api/v1/guide/feeds/other/refresh', cookie, 'POST')
  assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [404, 'guide/unknown-feed'])
})

test('GET /guide/feeds/{id}/channels looks for channels, …/programmes shows what one tells', async () => {
  const { house, cookie, done } = await aHouse()
  const found = await house.get('/api/v1/guide/feeds/europe/channels?q=%20on&offset=2&limit=3', cookie)
  assert.deepEqual(await found.json(), { total: 1, items: [{ id: 'one', names: ['One'] }] })
  assert.deepEqual(done, [['search', 'europe', { text: ' on', offset: 2, limit: 3 }]])
  const shown = await house.get('/api/v1/guide/feeds/europe/programmes?channel=one', cookie)
  const { items } = (await shown.json()) as { items: readonly { title: string; start: string }[] }
  assert.deepEqual([items[0]?.title, items[0]?.start], ['Tatort', '2026-11-21T20:20:00.000Z'])
  const missing = await house.get('/api/v1/guide/feeds/europe/programmes?channel=zwei', cookie)
  assert.equal(missing.status, 404)
})

test('GET /guide/matches lists enabled channels with their state, and counts all states', async () => {
  const { house, cookie } = await aHouse()
  const list = async (query: string) =>
    (await (await house.get(`/api/v1/guide/matches${query}`, cookie)).json()) as {
      total: number
      counts: object
      items: readonly { channelId: string; state: string }[]
    }
  const all = await list('')
  assert.deepEqual(all.counts, { chosen: 1, used: 1, suggested: 1, none: 1 })
  assert.deepEqual(
    all.items.map(({ channelId, state }) => [channelId, state]),
    [
      ['c1', 'used'],
      ['c2', 'suggested'],
      ['c3', 'chosen'],
      ['c4', 'none'],
    ],
  )
  assert.deepEqual(
    (await list('?state=suggested')).items.map(({ channelId }) => channelId),
    ['c2'],
  )
  assert.deepEqual(
    (await list('?q=channel%203')).items.map(({ channelId }) => channelId),
    ['c3'],
  )
  assert.deepEqual([(await list('?offset=1&limit=1')).items[0]?.channelId, all.total], ['c2', 4])
})

test('GET /guide/matches/{id} gives all candidates with scores and reasons', async () => {
  const { house, cookie } = await aHouse()
  assert.deepEqual(await (await house.get('/api/v1/guide/matches/c1', cookie)).json(), {
    channelId: 'c1',
    number: '1',
    name: 'Channel 1',
    state: 'used',
    choice: null,
    layers: [{ feed: 'europe', channel: 'one', shiftMinutes: 5 }],
    matches: [aMatch('one', 0.97)],
    candidates: [aMatch('one', 0.97), aMatch('other', 0.4)],
  })
  assert.equal((await house.get('/api/v1/guide/matches/c99', cookie)).status, 404)
})

test('PUT and DELETE /guide/matches/{id} decide and take back', async () => {
  const { house, cookie, done } = await aHouse()
  const path = '/api/v1/guide/matches/c2'
  const put = await house.send('PUT', path, { layers: [{ feed: 'europe', channel: 'one', shiftMinutes: -60 }] }, cookie)
  assert.equal(((await put.json()) as { state: string }).state, 'chosen')
  await house.send('PUT', path, { layers: [] }, cookie)
  await house.get(path, cookie, 'DELETE')
  const { key } = fakeChannel(2)
  assert.deepEqual(done, [
    ['decide', key, { by: 'owner', layers: [{ feed: 'europe', channel: 'one', shiftMinutes: -60 }] }],
    ['decide', key, { by: 'owner', layers: [] }],
    ['decide', key, null],
  ])
})

for (const { name, body, code } of [
  {
    name: 'a channel that the guide does not have',
    body: { layers: [{ feed: 'europe', channel: 'x' }] },
    code: 'guide/unknown-channel',
  },
  {
    name: 'a shift of days',
    body: { layers: [{ feed: 'europe', channel: 'one', shiftMinutes: 5000 }] },
    code: 'http/bad-request',
  },
  { name: 'an unknown field', body: { layers: [], force: true }, code: 'http/bad-request' },
  { name: 'no layers', body: {}, code: 'http/bad-request' },
]) {
  test(`PUT /guide/matches/{id} refuses ${name}`, async () => {
    const { house, cookie, done } = await aHouse()
    const answer = await house.send('PUT', '/api/v1/guide/matches/c2', body, cookie)
    assert.equal(((await answer.json()) as { code: string }).code, code)
    assert.deepEqual(done, [])
  })
}

test('POST /guide/matches/accept accepts suggestions from a score on and leaves decisions alone', async () => {
  const { house, cookie, done } = await aHouse()
  const accept = async (body: object) => (await house.send('POST', '/api/v1/guide/matches/accept', body, cookie)).json()
  assert.deepEqual(await accept({ threshold: 0.6, dryRun: true }), { accepted: 2, undo: null })
  assert.deepEqual(done, [])
  assert.deepEqual(await accept({ threshold: 0.9 }), { accepted: 1, undo: '1' })
  assert.deepEqual(await accept({ threshold: 0.6, feed: 'other' }), { accepted: 0, undo: '2' })
  assert.deepEqual(await accept({ threshold: 0.6 }), { accepted: 1, undo: '3' })
  const layer = (channel: string) => ({ by: 'accepted', layers: [{ feed: 'europe', channel, shiftMinutes: 0 }] })
  assert.deepEqual(done, [
    ['decide', fakeChannel(1).key, layer('one')],
    ['decide', fakeChannel(2).key, layer('two')],
  ])
})

test('POST /guide/matches/undo takes back what was accepted together, once, and leaves decisions by hand alone', async () => {
  const { house, cookie, done } = await aHouse()
  const send = async (path: string, body: object) =>
    (await house.send('POST', `/api/v1/guide/matches/${path}`, body, cookie)).json()
  const { undo } = await send('accept', { threshold: 0.6 })
  await house.send('PUT', '/api/v1/guide/matches/c2', { layers: [] }, cookie)
  done.length = 0
  assert.deepEqual(await send('undo', { undo }), { undone: 1 })
  assert.deepEqual(done, [['decide', fakeChannel(1).key, null]])
  assert.equal((await send('undo', { undo })).code, 'lineup/cannot-undo')
})

test('GET /guide/programmes gives a window of the guide to everybody who may watch', async () => {
  const { house } = await aHouse()
  const answer = await house.get('/api/v1/guide/programmes?limit=2')
  assert.deepEqual(await answer.json(), {
    revision: '3',
    from: '2026-11-21T20:20:00.000Z',
    to: '2026-11-22T00:20:00.000Z',
    total: 4,
    items: [
      {
        channelId: 'c1',
        number: '1',
        name: 'Channel 1',
        hasLogo: false,
        ownLogo: null,
        programmes: [
          {
            start: '2026-11-21T20:20:00.000Z',
            stop: '2026-11-21T21:20:00.000Z',
            title: 'Tatort',
            subtitle: null,
            description: null,
            categories: ['Movie'],
            season: null,
            episode: null,
            repeat: false,
            details: { date: '2019' },
            canReplay: false,
          },
        ],
      },
      { channelId: 'c2', number: '2', name: 'Channel 2', hasLogo: false, ownLogo: null, programmes: [] },
    ],
  })
  assert.equal((await house.get('/api/v1/guide/programmes', STRANGER)).status, 401)
  const named = await house.get('/api/v1/guide/programmes?channels=c2,c5,c99')
  const { items } = (await named.json()) as { items: readonly { channelId: string }[] }
  assert.deepEqual(
    items.map(({ channelId }) => channelId),
    ['c2'],
  )
})

for (const query of [
  'from=yesterday',
  'from=2026-11-21T20:00:00Z&to=2026-11-21T19:00:00Z',
  'from=2026-11-21T20:00:00Z&to=2026-11-25T20:00:00Z',
  'limit=1000',
]) {
  test(`GET /guide/programmes refuses ${query}`, async () => {
    const { house } = await aHouse()
    const answer = await house.get(`/api/v1/guide/programmes?${query}`)
    assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [400, 'http/bad-request'])
  })
}

test('a front knows no guides to refresh', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const cookie = await cookieOf(house, 'jo')
  assert.equal((await house.get('/api/v1/guide/feeds', cookie)).status, 404)
  assert.equal((await house.get('/api/v1/guide/matches', cookie)).status, 404)
})

test('GET /guide/search finds programmes by the words of their titles, in order of time', async () => {
  const on = (hour: number, title: string, subtitle: string | null = null): Programme => ({
    ...programme,
    start: NOW + hour * HOUR,
    stop: NOW + (hour + 1) * HOUR,
    title,
    subtitle,
  })
  const house = fakeHouse({
    accounts: [VIEWER],
    lineup: {
      revision: '7',
      channels: [fakeChannel(1), fakeChannel(2), fakeChannel(3, { enabled: false })],
      groups: [{ name: 'All', order: 0 }],
    },
    programmes: ({ key }) => [on(30 - key, 'Die Müller-Show', 'Wiederholung'), on(40, 'Nachrichten')],
  })
  const ask = async (query: string) => {
    const answer = await house.get(`/api/v1/guide/search?${query}`)
    assert.equal(answer.status, 200)
    return (await answer.json()) as {
      total: number
      isWhole: boolean
      items: { channelId: string; programme: { title: string } }[]
    }
  }
  const { total, isWhole, items } = await ask('q=wiederholung%20MULLER')
  assert.deepEqual({ total, isWhole }, { total: 2, isWhole: true })
  assert.deepEqual(
    items.map(({ channelId, programme: { title } }) => `${channelId} ${title}`),
    ['c2 Die Müller-Show', 'c1 Die Müller-Show'],
  )
  assert.deepEqual((await ask('q=nachrichten&limit=1')).items.length, 1)
  assert.equal((await ask('q=nachrichten&group=None')).total, 0)
  assert.equal((await house.get('/api/v1/guide/search?q=x')).status, 400)
  assert.equal((await house.get('/api/v1/guide/search?q=news', STRANGER)).status, 401)
})
