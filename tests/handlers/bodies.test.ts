import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import * as v from 'valibot'
import { createTurn, openEntryDesk } from '../../adapters/config/entry-desk.ts'
import { sourceSchemas } from '../../adapters/sources/registry.ts'
import { readGuideFeed } from '../../core/config/guide-feeds.ts'
import { readSource } from '../../core/config/sources.ts'
import { readBytes, readJson } from '../../handlers/body.ts'
import type { Operation } from '../../handlers/openapi/operation.ts'
import { OPERATIONS } from '../../handlers/openapi/operations.ts'
import { errorHandler, problem } from '../../handlers/problem.ts'
import { cookieOf } from '../fakes/gateway.ts'
import { createMemoryEntries } from '../fakes/memory-entries.ts'
import { VirtualTime } from '../fakes/virtual-time.ts'
import { wholeHouse } from '../fakes/whole-house.ts'

// Every operation that takes a body, and every route for players that does, gets bodies that nobody should read to their end.

const LIMIT = 64 * 1024
const PIECE = 1024
const DEPTH = 10_000

type Route = { readonly name: string; readonly path: string; readonly method: string; readonly keys: readonly string[] }

const keysOf = (schema: unknown): readonly string[] =>
  typeof schema === 'object' && schema !== null && 'entries' in schema ? Object.keys(schema.entries ?? {}) : []

const toRoute = ({ method, path, segments = {}, body }: Operation): Route => ({
  name: `${method.toUpperCase()} ${path}`,
  method: method.toUpperCase(),
  path: path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name]?.example ?? 'x')),
  keys: keysOf(body?.schema),
})
const ROUTES: readonly Route[] = OPERATIONS.filter(({ body }) => body !== undefined).map(toRoute)
/** Players write forms, or nothing. */
const PLAYERS = ['/player_api.php', '/panel_api.php', '/get.php', '/xmltv.php']

/** A body of so many bytes, which tells how many were taken. */
function counted(size: number, first = '{"name":"') {
  const seen = { taken: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (seen.taken >= size) return controller.close()
        const text = seen.taken === 0 ? first.padEnd(PIECE, 'a') : 'a'.repeat(PIECE)
        seen.taken += PIECE
        controller.enqueue(new TextEncoder().encode(text))
      },
      cancel: () => void (seen.cancelled = true),
    },
    { highWaterMark: 0 },
  )
  return { seen, stream }
}

/** A desk of sources or guides that reads what is written as the real one does, and keeps it in memory. */
const aDesk = <T extends { readonly id: string }>(
  name: 'source' | 'guide',
  read: (written: Readonly<Record<string, unknown>>) => T,
) =>
  openEntryDesk<T>({
    name,
    fixed: [],
    store: createMemoryEntries(),
    read,
    keysOf: (value) => ({ ...value }),
    check: async () => {},
    isTaken: () => false,
    unknown: name === 'source' ? 'lineup/unknown-source' : 'guide/unknown-feed',
    apply: async () => {},
    turn: createTurn(),
    log: () => {},
  })

async function open() {
  const unasked = () => assert.fail('a bad body reaches no desk')
  const house = await wholeHouse({
    sourceEntries: await aDesk('source', (written) => readSource(written, 'source', sourceSchemas)),
    guideEntries: await aDesk('guide', (written) => readGuideFeed(written, 'guide')),
    sourceDesk: { history: unasked, notices: () => [], seats: () => null, test: unasked },
  })
  const headers = { host: 'localhost:18080', 'if-match': '"x"', ...(await cookieOf(house, 'Jo')) }
  const send = async (
    { method, path }: Pick<Route, 'method' | 'path'>,
    body: Body,
    more: Record<string, string> = {},
  ) => {
    const init = { method, body, headers: { ...headers, 'content-type': 'application/json', ...more }, duplex: 'half' }
    const response = await house.app.request(path, init)
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
    const code = isProblem ? v.parse(Coded, await response.json()).code : response.headers.get('x-downlink-error')
    return { status: response.status, code }
  }
  const bugs = () => house.logged.filter(({ event }) => event === 'bug')
  return { send, bugs }
}
const Coded = v.object({ code: v.string(), title: v.string(), detail: v.string() })
type Body = string | ReadableStream<Uint8Array<ArrayBuffer>>

/** What of the house is not there in these tests is refused before a body is looked at. */
const isAbsent = async ({ send }: Awaited<ReturnType<typeof open>>, route: Route): Promise<boolean> =>
  (await send(route, '{')).status === 404

test('bodies: the table has every operation that takes one, and most of them are there', async () => {
  const house = await open()
  const absent: string[] = []
  for (const route of ROUTES) if (await isAbsent(house, route)) absent.push(route.name)
  assert.ok(ROUTES.length - absent.length >= 29, absent.join())
})

for (const route of ROUTES) {
  test(`${route.name} takes no body over its limit, and does not read on behind it`, async () => {
    const house = await open()
    const { send } = house
    const isThere = !(await isAbsent(house, route))
    const announced = counted(10 * LIMIT)
    const told = await send(route, announced.stream, { 'content-length': String(10 * LIMIT) })
    assert.deepEqual([told.status, announced.seen.taken], [isThere ? 413 : 404, 0])
    const endless = counted(100 * LIMIT)
    const { status, code } = await send(route, endless.stream)
    assert.deepEqual([status, isThere ? code : ''], isThere ? [413, 'http/too-large'] : [404, ''])
    assert.ok(endless.seen.taken <= LIMIT + PIECE, `${endless.seen.taken} bytes were read`)
    assert.equal(endless.seen.cancelled, isThere)
  })

  test(`${route.name} says what is wrong with a body of another type, broken, or 10,000 deep`, async () => {
    const house = await open()
    const { send, bugs } = house
    const isThere = !(await isAbsent(house, route))
    const isRefused = ({ status, code }: Awaited<ReturnType<typeof send>>, what: string): void => {
      assert.equal(status, isThere ? 400 : 404, what)
      if (isThere) assert.ok(code === 'http/bad-request' || code === 'config/invalid', `${what}: ${code}`)
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    isRefused(await send(route, 'name=a', form), 'a form')
    isRefused(await send(route, '{"name":"a"}', { 'content-type': 'text/plain' }), 'a text')
    for (const text of ['', '{', '{"a":', 'nul', '\u0000', '"\ud800']) isRefused(await send(route, text), text)
    isRefused(await send(route, `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`), 'deep lists')
    for (const key of ['unknown', ...route.keys]) {
      const deep = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`
      isRefused(await send(route, `{"kind":"m3u","id":"a","${key}":${deep}}`), `deep "${key}"`)
    }
    assert.deepEqual(bugs(), [])
  })
}

for (const path of PLAYERS)
  test(`POST ${path} takes no body over its limit, and what it cannot read says nothing`, async () => {
    const { send, bugs } = await open()
    const route = { method: 'POST', path }
    const endless = counted(100 * LIMIT)
    const { status, code } = await send(route, endless.stream)
    assert.deepEqual([status, code], [413, 'http/too-large'])
    assert.ok(endless.seen.taken <= LIMIT + PIECE && endless.seen.cancelled)
    for (const text of ['{', '{"username":', `{"username":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`, '\u0000=%', '='])
      assert.ok((await send(route, text)).status < 500, text.slice(0, 20))
    assert.deepEqual(bugs(), [])
  })

/** A body that comes as slowly as its clock goes. */
async function readSlowly({ bytes, everyMs }: { readonly bytes: number; readonly everyMs: number }) {
  const time = new VirtualTime()
  let cancelled = false
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        await new Promise<void>((resolve) => time.timers.set(resolve, everyMs))
        controller.enqueue(new Uint8Array(bytes))
      },
      cancel: () => void (cancelled = true),
    },
    { highWaterMark: 0 },
  )
  const app = new Hono()
  app.onError(errorHandler(() => {}, problem))
  app.post('/', async (c) => {
    await readBytes(c, LIMIT, { ...time.timers, now: time.now })
    return c.text('read')
  })
  const begun = time.now()
  const answering = Promise.resolve(app.request('/', { method: 'POST', body, duplex: 'half' } as RequestInit))
  let status = 0
  void answering.then((response) => void (status = response.status))
  for (let step = 0; step < 1000 && status === 0; step++) await time.advance(100)
  return { status, cancelled, afterMs: time.now() - begun }
}

for (const { name, text, status } of [
  { name: '32 levels', text: `${'['.repeat(32)}${']'.repeat(32)}`, status: 200 },
  { name: '33 levels', text: `${'['.repeat(33)}${']'.repeat(33)}`, status: 400 },
  { name: 'one level many times', text: `[${'[],{},'.repeat(500)}1]`, status: 200 },
  { name: 'brackets in a text', text: JSON.stringify('[{"\\'.repeat(500)), status: 200 },
])
  test(`readJson() of ${name}: ${status}`, async () => {
    const app = new Hono()
    app.onError(errorHandler(() => {}, problem))
    app.post('/', async (c) => c.json((await readJson(c, v.unknown())) as object))
    const headers = { 'content-type': 'application/json' }
    const response = await app.request('/', { method: 'POST', body: text, headers })
    assert.equal(response.status, status)
    if (status === 200) assert.deepEqual(await response.json(), JSON.parse(text))
  })

test('readBytes() waits 15 seconds for who sends a byte a second, and no longer', async () => {
  const { status, cancelled, afterMs } = await readSlowly({ bytes: 1, everyMs: 1000 })
  assert.deepEqual([status, cancelled], [408, true])
  assert.ok(afterMs >= 15_000 && afterMs < 15_500, String(afterMs))
})

test('readBytes() has more time for who sends 4 KiB a second', async () => {
  const { status, afterMs } = await readSlowly({ bytes: 4096, everyMs: 1000 })
  assert.equal(status, 413)
  assert.ok(afterMs >= 16_000, String(afterMs))
})
