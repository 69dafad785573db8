import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurn, openEntryDesk } from '../../../adapters/config/entry-desk.ts'
import { sourceSchemas } from '../../../adapters/sources/registry.ts'
import type { AnySourceConfig } from '../../../adapters/sources/registry.ts'
import { readSource } from '../../../core/config/sources.ts'
import { Failure } from '../../../core/errors.ts'
import type { DraftAnswer } from '../../../core/lineup/source-check.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import type { SourceStatus } from '../../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'
import { createMemoryEntries } from '../../fakes/memory-entries.ts'
import { ownJobs } from '../../fakes/memory-jobs.ts'

const URL_A = 'http://u:x1y2z3@a.example/list'
const status = (id: string): SourceStatus => ({
  id: sourceId(id),
  kind: 'm3u',
  name: id,
  state: 'starting',
  slots: null,
  channels: 0,
  lastRefresh: null,
  problem: null,
  answered: false,
})

async function aHouse() {
  const { jobs } = ownJobs()
  const sources: SourceStatus[] = [status('fixed')]
  const drafts: unknown[] = []
  const sourceEntries = await openEntryDesk<AnySourceConfig>({
    name: 'source',
    fixed: [
      {
        managedBy: 'file',
        shown: { id: 'fixed' },
        value: readSource({ id: 'fixed', kind: 'm3u', url: URL_A }, 'source', sourceSchemas),
      },
    ],
    store: createMemoryEntries(),
    read: (written) => readSource(written, 'source', sourceSchemas),
    keysOf: ({ settings, ...common }) => ({ ...common, ...settings }),
    check: async () => {},
    isTaken: () => false,
    unknown: 'lineup/unknown-source',
    async apply(id, after) {
      const at = sources.findIndex((one) => one.id === id)
      sources.splice(at < 0 ? sources.length : at, 1, ...(after === null ? [] : [status(id)]))
      const wish = { kind: 'source-refresh', subject: id, name: id, askedBy: null } as const
      if (after !== null) jobs.run(wish, () => new Promise(() => {}))
    },
    turn: createTurn(),
    log: () => {},
  })
  const answer: DraftAnswer = {
    steps: [{ asked: 'list', ms: 3, facts: {}, problem: new Failure('source/login', `${URL_A} refuses`) }],
    channels: null,
    slots: 1,
    notices: [],
  }
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    sources,
    gateway: {
      jobs,
      sourceEntries,
      drafts: { test: async (entry, { askedBy }) => (drafts.push([entry, askedBy]), answer) },
    },
  })
  const cookie = await cookieOf(house, 'Jo')
  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    house.send(method, path, body, { ...cookie, ...headers })
  return { house, cookie, send, drafts }
}

test('POST /api/v1/sources adds one, without telling what is secret', async () => {
  const { send, house } = await aHouse()
  const response = await send('POST', '/api/v1/sources', { id: 'new', kind: 'm3u', url: URL_A, name: 'New' })
  const text = await response.text()
  assert.equal(response.status, 201, text)
  assert.ok(!/x1y2z3|:\/\//.test(text), text)
  assert.equal(response.headers.get('location'), '/api/v1/sources/new')
  const body = JSON.parse(text)
  assert.equal(response.headers.get('etag'), `"${body.revision}"`)
  assert.deepEqual(
    [body.id, body.state, body.managedBy, body.entry, body.hosts, body.job.subject],
    ['new', 'starting', 'house', { id: 'new', kind: 'm3u', url: 'set', name: 'New' }, { url: 'a.example' }, 'new'],
  )
  assert.ok(house.logged.some(({ event, facts }) => event === 'source-added' && facts['user'] === 'Jo'))
})

test('GET /api/v1/sources/{id} tells where a source is written, and its revision as entity tag', async () => {
  const { send, house, cookie } = await aHouse()
  await send('POST', '/api/v1/sources', { id: 'new', kind: 'm3u', url: URL_A })
  const own = await house.get('/api/v1/sources/new', cookie)
  const body = await own.json()
  assert.deepEqual([own.headers.get('etag'), body.managedBy], [`"${body.revision}"`, 'house'])
  const fixed = await house.get('/api/v1/sources/fixed', cookie)
  assert.deepEqual([fixed.headers.get('etag'), (await fixed.json()).managedBy], [null, 'file'])
  const anna = await cookieOf(house, 'Anna')
  assert.deepEqual(await (await house.get('/api/v1/sources/new', anna)).json(), {
    id: 'new',
    name: 'new',
    state: 'starting',
  })
})

test('PATCH and DELETE /api/v1/sources/{id} need the revision they name', async () => {
  const { send } = await aHouse()
  const added = await (await send('POST', '/api/v1/sources', { id: 'new', kind: 'm3u', url: URL_A })).json()
  const patch = (headers: Record<string, string>) => send('PATCH', '/api/v1/sources/new', { name: 'Later' }, headers)
  assert.equal((await patch({ 'if-match': '"other"' })).status, 412)
  const changed = await patch({ 'if-match': `"${added.revision}"` })
  assert.deepEqual([changed.status, (await changed.json()).entry.name], [200, 'Later'])
  assert.equal(
    (await send('DELETE', '/api/v1/sources/new', undefined, { 'if-match': `"${added.revision}"` })).status,
    412,
  )
  assert.equal((await send('DELETE', '/api/v1/sources/new', undefined)).status, 204)
  assert.equal((await send('DELETE', '/api/v1/sources/new', undefined)).status, 404)
})

for (const { name, body, says } of [
  {
    name: 'an unknown key',
    body: { id: 'home', kind: 'm3u', urll: 'x' },
    says: 'source.urll: unknown key, did you mean "url"?',
  },
  { name: 'no kind', body: { id: 'home' }, says: /^source\.kind: missing/ },
  { name: 'no address', body: { id: 'home', kind: 'enigma2' }, says: /^source\.url: missing/ },
  { name: 'a list instead of keys', body: [], says: /^Cannot read the body/ },
]) {
  test(`POST /api/v1/sources refuses ${name} and says what it should be`, async () => {
    const { send } = await aHouse()
    const response = await send('POST', '/api/v1/sources', body)
    const { code, detail } = await response.json()
    assert.deepEqual([response.status, code], [400, 'http/bad-request'])
    if (typeof says === 'string') assert.equal(detail, says)
    else assert.match(detail, says)
  })
}

test('what is written in the file is edited there', async () => {
  const { send } = await aHouse()
  for (const method of ['PATCH', 'DELETE']) {
    const response = await send(method, '/api/v1/sources/fixed', {})
    const { code, advice } = await response.json()
    assert.deepEqual([response.status, code, typeof advice], [409, 'config/managed-by-file', 'string'])
  }
})

test('POST /api/v1/sources/test tries an entry and tells what is wrong, with advice and without its address', async () => {
  const { send, drafts } = await aHouse()
  const entry = { kind: 'm3u', url: URL_A }
  const response = await send('POST', '/api/v1/sources/test', entry)
  const text = await response.text()
  assert.ok(!text.includes('x1y2z3'))
  const { ok, slots, steps } = JSON.parse(text)
  assert.deepEqual([ok, slots, steps[0].problem.code], [false, 1, 'source/login'])
  assert.notEqual(steps[0].problem.advice, undefined)
  assert.deepEqual(drafts, [[entry, 'Jo']])
})

for (const [method, path] of [
  ['POST', '/api/v1/sources'],
  ['POST', '/api/v1/sources/test'],
  ['PATCH', '/api/v1/sources/fixed'],
  ['DELETE', '/api/v1/sources/fixed'],
  ['POST', '/api/v1/guide/feeds'],
  ['PATCH', '/api/v1/guide/feeds/europe'],
  ['DELETE', '/api/v1/guide/feeds/europe'],
] as const) {
  test(`${method} ${path} is for admins, and not on a front`, async () => {
    const { house, drafts } = await aHouse()
    assert.equal((await house.send(method, path, {}, STRANGER)).status, 401)
    assert.equal((await house.send(method, path, {}, await cookieOf(house, 'Anna'))).status, 403)
    assert.deepEqual(drafts, [])
    const front = fakeHouse({ accounts: [ADMIN] })
    assert.equal((await front.send(method, path, {}, await cookieOf(front, 'Jo'))).status, 404)
  })
}
