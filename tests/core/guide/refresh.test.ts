import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GuideFeed } from '../../../core/guide/feed.ts'
import { refreshGuide } from '../../../core/guide/refresh.ts'
import type { GuideRefresh } from '../../../core/guide/refresh.ts'
import { createMemoryGuideStore } from '../../fakes/memory-guide-store.ts'
import { aProgramme, at } from './samples.ts'

const window = { from: at(0), to: at(600) }

/** A feed that notes what it was asked for, gives one programme a channel and may fail or be stopped at one. */
function aFeed(stopAt?: { channel: string; stop: () => void }): GuideFeed & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async *guide(channels, { from, to }) {
      for (const channel of channels) {
        if (channel === stopAt?.channel) stopAt.stop()
        asked.push(channel)
        yield { channel, from, to, programmes: [aProgramme(0, 60)] }
      }
    },
  }
}

const walk = (given: Partial<GuideRefresh> & Pick<GuideRefresh, 'feed' | 'store'>): GuideRefresh => ({
  name: 'box',
  channels: ['a', 'b', 'c'],
  window,
  maxAgeMs: 100,
  now: () => 1000,
  signal: new AbortController().signal,
  ...given,
})

test('refreshGuide() asks in the order given when nothing was fetched, each channel once', async () => {
  const feed = aFeed()
  const progress = await refreshGuide(walk({ feed, store: createMemoryGuideStore(), channels: ['b', 'a', 'b'] }))
  assert.deepEqual(feed.asked, ['b', 'a'])
  assert.deepEqual(progress, { due: 2, fetched: 2, changed: 2 })
})

test('refreshGuide() asks first for what was fetched longest ago, and not for what is fresh', async () => {
  const store = createMemoryGuideStore()
  const fetched = { a: 300, b: 200, c: 950 }
  for (const [channel, when] of Object.entries(fetched))
    await store.replace('box', { channel, ...window, programmes: [] }, when)
  const feed = aFeed()
  await refreshGuide(walk({ feed, store, channels: ['a', 'b', 'c', 'd'] }))
  assert.deepEqual(feed.asked, ['d', 'b', 'a'])
})

test('refreshGuide() goes on where a failed walk stopped', async () => {
  const store = createMemoryGuideStore()
  const broken = aFeed({
    channel: 'b',
    stop() {
      throw new Error('box is off')
    },
  })
  await assert.rejects(refreshGuide(walk({ feed: broken, store })), { message: 'box is off' })
  const feed = aFeed()
  await refreshGuide(walk({ feed, store }))
  assert.deepEqual(feed.asked, ['b', 'c'])
})

test("refreshGuide() stops by its signal with the signal's reason, keeping what is stored", async () => {
  const store = createMemoryGuideStore()
  const controller = new AbortController()
  const feed = aFeed({ channel: 'b', stop: () => controller.abort(new Error('stopping')) })
  await assert.rejects(refreshGuide(walk({ feed, store, signal: controller.signal })), { message: 'stopping' })
  assert.deepEqual([...(await store.fetched('box')).keys()], ['a'])
})

test('refreshGuide() counts only channels whose programmes changed', async () => {
  const store = createMemoryGuideStore()
  await refreshGuide(walk({ feed: aFeed(), store }))
  const progress = await refreshGuide(walk({ feed: aFeed(), store, now: () => 5000 }))
  assert.deepEqual(progress, { due: 3, fetched: 3, changed: 0 })
})
