import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemorySnapshotStore } from '../../../adapters/snapshots/memory-store.ts'
import { createPublisher } from '../../../adapters/snapshots/publisher.ts'
import { createPublishDesk } from '../../../core/snapshots/publish-desk.ts'
import { readPart } from '../../../core/snapshots/read-part.ts'
import { createSiteShelf } from '../../../core/snapshots/site-shelf.ts'
import { createApp } from '../../../handlers/app.ts'
import { fakeHouse } from '../../fakes/gateway.ts'
import { publishingHouse } from '../../fakes/publishing-house.ts'
import { VirtualTime } from '../../fakes/virtual-time.ts'

const FRONT = 'https://tv.example.org'
const SECOND = 1000
const MINUTE = 60 * SECOND

/** A house that publishes to a front, whose requests a test can see and spoil. */
async function open(fronts: readonly string[] = [FRONT]) {
  const time = new VirtualTime()
  const { now, timers } = time
  const house = await publishingHouse({ lineup: 'channels', guide: 'programmes' }, { now })
  const { gateway } = fakeHouse()
  const frontClock = { aheadMs: 0 }
  const store = createMemorySnapshotStore({ now })
  const startFront = (publishers = [house.key.id], place = store) => {
    const frontNow = () => now() + frontClock.aheadMs
    const shelf = createSiteShelf({ site: 'home', publishers, store: place, now: frontNow })
    const publishing = createPublishDesk({ shelves: [shelf], store: place, now: frontNow, taken: async () => {} })
    const rules = { anonymous: 'none', trustedProxies: [], hosts: ['tv.example.org'] } as const
    return { shelf, app: createApp({ ...gateway, role: 'gateway', rules, publishing }, { viewing: [], linked: [] }) }
  }
  const front = startFront()
  const state = {
    isReady: true,
    answer: async (url: string, init: RequestInit): Promise<Response> => front.app.request(url, init),
  }
  const requests: string[] = []
  let answers = 0
  const logged: string[] = []
  const publisher = createPublisher({
    fronts,
    publication: house.publication,
    key: house.key,
    ready: () => state.isReady,
    async fetch(url, init) {
      requests.push(new URL(url).pathname.replace(/content\/.*/, 'content'))
      const headers = new Headers(init.headers)
      headers.set('host', new URL(url).host)
      return state.answer(url, { ...init, headers }).finally(() => answers++)
    },
    timers,
    now,
    log: (_level, event, facts) => void logged.push(`${event} ${JSON.stringify(facts)}`),
  })
  /** Resolves when nothing was asked or answered for a while: signing and hashing happen elsewhere and take their time. */
  const quiet = async (): Promise<void> => {
    let seen = ''
    for (let calm = 0; calm < 60; calm++) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      const counts = `${requests.length} ${answers}`
      if (counts !== seen) calm = 0
      seen = counts
    }
  }
  /** Moves the clock. */
  const advance = async (ms: number): Promise<void> => {
    const step = ms > MINUTE ? 30 * SECOND : 5 * SECOND
    for (let passed = 0; passed < ms; passed += step) {
      await time.advance(Math.min(step, ms - passed))
      await quiet()
    }
  }
  const shown = async (part: string): Promise<string | null> => {
    const current = await front.shelf.current()
    const found = current?.newest.manifest.parts[part]
    return found === undefined ? null : readPart(store, found)
  }
  return { house, front, startFront, frontClock, state, requests, logged, publisher, advance, shown, time, store }
}

const MANIFEST = '/publish/home'
const CONTENT = '/publish/home/content'

test('createPublisher() sends everything once, and then what has changed', async () => {
  const { publisher, advance, shown, requests, house } = await open()
  await using _ = publisher
  publisher.start()
  await advance(5 * SECOND)
  assert.deepEqual(requests.splice(0), [MANIFEST, CONTENT, CONTENT, MANIFEST])
  assert.equal(await shown('lineup'), 'channels')
  await advance(MINUTE)
  assert.deepEqual(requests, [])
  house.texts['lineup'] = 'other channels'
  await advance(15 * SECOND)
  assert.deepEqual(requests.splice(0), [MANIFEST, CONTENT, MANIFEST])
  assert.equal(await shown('lineup'), 'other channels')
  assert.deepEqual(
    publisher.fronts().map(({ url, problem }) => [url, problem]),
    [[FRONT, null]],
  )
})

test('createPublisher() waits until the house has something to tell', async () => {
  const { publisher, advance, requests, state } = await open()
  await using _ = publisher
  state.isReady = false
  publisher.start()
  await advance(30 * SECOND)
  assert.deepEqual(requests, [])
  state.isReady = true
  await advance(10 * SECOND)
  assert.equal(requests.length, 4)
})

test('createPublisher() waits until a line-up is quiet, but not for ever', async () => {
  const { publisher, advance, shown, house, requests } = await open()
  await using _ = publisher
  publisher.start()
  await advance(5 * SECOND)
  requests.length = 0
  for (let edit = 0; edit < 4; edit++) {
    house.texts['lineup'] = `edit ${edit}`
    await advance(5 * SECOND)
  }
  assert.deepEqual(requests, [])
  for (let edit = 4; edit < 9; edit++) {
    house.texts['lineup'] = `edit ${edit}`
    await advance(5 * SECOND)
  }
  assert.match((await shown('lineup')) ?? '', /^edit [4-8]$/)
})

test('createPublisher() sends a guide that always changes every ten minutes', async () => {
  const { publisher, advance, shown, house, requests } = await open()
  await using _ = publisher
  publisher.start()
  await advance(5 * SECOND)
  requests.length = 0
  house.texts['guide'] = 'other programmes'
  await advance(9 * MINUTE)
  assert.deepEqual(requests, [])
  await advance(2 * MINUTE)
  assert.equal(await shown('guide'), 'other programmes')
})

test('createPublisher() tries again later and later, and says what is wrong', async () => {
  const { publisher, advance, shown, state, requests, front, logged } = await open()
  await using _ = publisher
  state.answer = () => Promise.reject(new TypeError('connect ECONNREFUSED'))
  publisher.start()
  await advance(5 * MINUTE)
  assert.ok(requests.length >= 4 && requests.length <= 7, String(requests.length))
  assert.deepEqual(
    publisher.fronts().map(({ publishedAt, problem }) => [publishedAt, problem?.code]),
    [[null, 'publish/no-front']],
  )
  assert.equal(logged.filter((line) => line.startsWith('publish-failed')).length, 1)
  state.answer = async (url, init) => front.app.request(url, init)
  await advance(6 * MINUTE)
  assert.equal(await shown('guide'), 'programmes')
  assert.equal(publisher.fronts()[0]?.problem, null)
})

test('createPublisher() tells a front that does not know it from one that is none', async () => {
  for (const [answer, code] of [
    [() => Response.json({ code: 'publish/refused' }, { status: 403 }), 'publish/refused'],
    [() => new Response('<html>', { status: 404 }), 'publish/no-front'],
    [() => new Response('<html>', { status: 200 }), 'publish/no-front'],
    [() => new Response(null, { status: 413, headers: { 'x-downlink-error': 'publish/full' } }), 'publish/full'],
  ] as const) {
    const { publisher, advance, state } = await open()
    await using _ = publisher
    state.answer = async () => answer()
    publisher.start()
    await advance(5 * SECOND)
    assert.equal(publisher.fronts()[0]?.problem?.code, code)
  }
})

test('createPublisher() publishes to the other fronts while one is away', async () => {
  const { publisher, advance, shown, state, front } = await open(['https://away.example.org', FRONT])
  await using _ = publisher
  state.answer = async (url, init) =>
    url.startsWith(FRONT) ? front.app.request(url, init) : Promise.reject(new TypeError('fetch failed'))
  publisher.start()
  await advance(5 * SECOND)
  assert.equal(await shown('lineup'), 'channels')
  assert.deepEqual(
    publisher.fronts().map(({ problem }) => problem?.code ?? null),
    ['publish/no-front', null],
  )
})

test('createPublisher() gives everything again to a front that has lost it', async () => {
  const { publisher, advance, state, startFront, house, time } = await open()
  await using _ = publisher
  publisher.start()
  await advance(5 * SECOND)
  const empty = createMemorySnapshotStore({ now: time.now })
  const fresh = startFront([house.key.id], empty)
  state.answer = async (url, init) => fresh.app.request(url, init)
  await advance(11 * MINUTE)
  assert.equal((await fresh.shelf.current())?.newest.way, 'push')
})

test('createPublisher() goes on where a front knows a higher number than the house', async () => {
  const { publisher, advance, shown, house, startFront, store } = await open()
  await using _ = publisher
  await house.publication.refresh(new AbortController().signal)
  const ahead = await house.publication.renew(Date.UTC(2040, 0, 1))
  for (const name of Object.values(ahead.manifest.parts).flatMap(({ contents }) => contents)) {
    const bytes = await house.publication.content(name)
    if (bytes !== null) await store.put(name, bytes)
  }
  assert.equal((await startFront().shelf.offer(ahead.signed, 'push')).kind, 'taken')
  house.texts['lineup'] = 'other channels'
  publisher.start()
  await advance(10 * SECOND)
  assert.equal(await shown('lineup'), 'other channels')
})

test('createPublisher() names a clock that is wrong', async () => {
  const { publisher, advance, frontClock } = await open()
  await using _ = publisher
  frontClock.aheadMs = 3_600_000
  publisher.start()
  await advance(5 * SECOND)
  assert.equal(publisher.fronts()[0]?.problem?.code, 'publish/clock')
})

test('createPublisher() leaves nothing behind when it is closed', async () => {
  const { publisher, advance, state, time } = await open()
  state.answer = (_url, init) =>
    new Promise((_resolve, reject) =>
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)),
    )
  publisher.start()
  await advance(5 * SECOND)
  await publisher[Symbol.asyncDispose]()
  assert.equal(time.running, 0)
})
