import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../fakes/gateway.ts'
import { aRecording, createFakeRecorder } from '../fakes/recorder.ts'

const DAY_MS = 24 * 3_600_000
const AT = Date.UTC(2026, 10, 20, 19, 15)

function aHouse() {
  const attic = createFakeRecorder({
    recordings: [
      aRecording({ id: 'old', title: 'Tatort', subtitle: 'Der Fall', beginsAt: AT - DAY_MS, tags: ['krimi'] }),
      aRecording({ id: 'new', title: 'Nachrichten', beginsAt: AT + DAY_MS, isGrowing: true, durationSeconds: null }),
      aRecording({ id: 'when', title: 'Irgendwann', beginsAt: null }),
    ],
  })
  const cellar = createFakeRecorder({ recordings: [aRecording({ id: 'film', tags: ['film'] })] })
  const away = createFakeRecorder({ failure: new Failure('source/unreachable', 'http://10.0.0.9/ does not answer') })
  const recorders = Object.entries({ attic, cellar, away }).map(([id, recorder]) => ({
    id: sourceId(id),
    name: id.toUpperCase(),
    recorder,
  }))
  return fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { recorders } })
}

type Listed = {
  readonly total: number
  readonly items: readonly { readonly sourceId: string; readonly id: string }[]
  readonly failed: readonly { readonly sourceId: string; readonly code: string }[]
}
const list = async (query = ''): Promise<Listed> =>
  (await (await aHouse().get(`/api/v1/recordings${query}`)).json()) as Listed

test('GET /api/v1/recordings lists what all receivers have, the newest first, and names one that is away', async () => {
  const response = await aHouse().get('/api/v1/recordings')
  const text = await response.text()
  assert.ok(!text.includes('10.0.0.9'))
  assert.equal(response.headers.get('cache-control'), 'private, no-store')
  const { total, items, failed } = JSON.parse(text)
  assert.deepEqual([total, items.map(({ id }: { id: string }) => id)], [4, ['new', 'film', 'old', 'when']])
  assert.deepEqual(
    failed.map(({ sourceId: id, code }: { sourceId: string; code: string }) => [id, code]),
    [['away', 'source/unreachable']],
  )
})

test('GET /api/v1/recordings tells all of a recording, and where it plays', async () => {
  const { items } = await list('?source=attic&q=tatort')
  assert.deepEqual(items, [
    {
      sourceId: 'attic',
      id: 'old',
      title: 'Tatort',
      subtitle: 'Der Fall',
      description: null,
      channelName: 'One',
      begin: '2026-11-19T19:15:00.000Z',
      durationSeconds: 5400,
      sizeBytes: 4_000_000_000,
      growing: false,
      tags: ['krimi'],
      folder: 'movie',
      play: '/play/vod/attic/old',
    },
  ])
})

for (const { query, ids, total } of [
  { query: '?source=cellar', ids: ['film'], total: 1 },
  { query: '?q=fall', ids: ['old'], total: 1 },
  { query: '?q=DER', ids: ['film', 'old'], total: 2 },
  { query: '?tag=krimi', ids: ['old'], total: 1 },
  { query: '?tag=kri', ids: [], total: 0 },
  { query: '?limit=2', ids: ['new', 'film'], total: 4 },
  { query: '?offset=2&limit=1', ids: ['old'], total: 4 },
  { query: '?offset=9', ids: [], total: 4 },
]) {
  test(`GET /api/v1/recordings${query} finds some of them`, async () => {
    const found = await list(query)
    assert.deepEqual([found.items.map(({ id }) => id), found.total], [ids, total])
  })
}

test('GET /api/v1/recordings of one receiver asks no other', async () => {
  assert.deepEqual((await list('?source=cellar')).failed, [])
})

for (const { query, status, code } of [
  { query: '?source=nobody', status: 404, code: 'lineup/unknown-source' },
  { query: '?limit=501', status: 400, code: 'http/bad-request' },
  { query: '?offset=-1', status: 400, code: 'http/bad-request' },
  { query: `?q=${'x'.repeat(201)}`, status: 400, code: 'http/bad-request' },
]) {
  test(`GET /api/v1/recordings${query.slice(0, 20)} is refused`, async () => {
    const response = await aHouse().get(`/api/v1/recordings${query}`)
    assert.deepEqual([response.status, ((await response.json()) as { code: string }).code], [status, code])
  })
}

test('GET /api/v1/recordings is for everybody who may watch, and for nobody else', async () => {
  const house = aHouse()
  const anna = await cookieOf(house, 'Anna')
  assert.equal((await house.get('/api/v1/recordings', STRANGER)).status, 401)
  assert.equal((await house.get('/api/v1/recordings', { ...STRANGER, ...anna })).status, 200)
})

test('GET /api/v1/recordings of a house without receivers is empty', async () => {
  const house = fakeHouse()
  assert.deepEqual(await (await house.get('/api/v1/recordings')).json(), { total: 0, items: [], failed: [] })
})
