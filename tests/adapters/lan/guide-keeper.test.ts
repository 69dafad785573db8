import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuideKeeper } from '../../../adapters/lan/guide-keeper.ts'
import type { GuideFeed } from '../../../core/guide/feed.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { indexLineup } from '../../../core/lineup/lineup.ts'
import { aProgramme, at, spans } from '../../core/guide/samples.ts'
import { aChannel } from '../../core/lineup/samples.ts'
import { createMemoryGuideStore } from '../../fakes/memory-guide-store.ts'

const DAY = 24 * 3600_000
const ALL = { from: at(-1_000_000), to: at(1_000_000) }
const never = new AbortController().signal

const aKeeper = ({
  channels,
  feeds,
  log = () => {},
}: {
  channels: readonly Channel[]
  feeds: Record<string, GuideFeed>
  log?: (level: string, event: string) => void
}) => {
  const store = createMemoryGuideStore()
  const keeper = createGuideKeeper({
    store,
    lineup: { current: () => indexLineup({ revision: '1', channels, groups: [] }) },
    feed: (name) => feeds[name] ?? null,
    days: 7,
    refreshMs: 100,
    now: () => at(0),
    log,
  })
  return { keeper, store }
}

const onGuide = (key: number, feed: string, channel: string, given: Partial<Channel> = {}): Channel =>
  aChannel(key, { guide: { feed, channel }, ...given })

const aFeed = (asked: string[] = [], windows: { from: number; to: number }[] = []): GuideFeed => ({
  async *guide(channels, window) {
    windows.push(window)
    for (const channel of channels) {
      asked.push(channel)
      yield { channel, ...window, programmes: [aProgramme(0, 60, { title: channel })] }
    }
  },
})

test('refreshGuide() asks each feed once for each enabled channel, for the days ahead', async () => {
  const asked: string[] = []
  const windows: { from: number; to: number }[] = []
  const channels = [
    onGuide(1, 'box', 'a'),
    onGuide(2, 'box', 'b', { enabled: false }),
    aChannel(3),
    onGuide(4, 'box', 'a'),
    onGuide(5, 'gone', 'x'),
  ]
  const { keeper } = aKeeper({ channels, feeds: { box: aFeed(asked, windows) } })
  await keeper.refreshGuide(never)
  assert.deepEqual(asked, ['a'])
  assert.deepEqual(windows, [{ from: at(0), to: at(0) + 7 * DAY }])
})

test("programmes() gives what the channel's feed told; two channels may share a feed's channel", async () => {
  const channels = [onGuide(1, 'box', 'a'), onGuide(2, 'box', 'a')]
  const { keeper } = aKeeper({ channels, feeds: { box: aFeed() } })
  const before = keeper.revision()
  await keeper.refreshGuide(never)
  for (const channel of channels) assert.deepEqual(spans(await keeper.programmes(channel, ALL)), [[0, 60, 'a']])
  assert.deepEqual(await keeper.programmes(aChannel(3), ALL), [])
  assert.notEqual(keeper.revision(), before)
})

test('refreshGuide() goes on with other feeds when one fails, and fails then, to be tried again', async () => {
  const events: string[] = []
  const broken: GuideFeed = {
    // eslint-disable-next-line require-yield -- it fails before it has anything
    async *guide() {
      throw new Error('box is off')
    },
  }
  const { keeper } = aKeeper({
    channels: [onGuide(1, 'broken', 'a'), onGuide(2, 'box', 'b')],
    feeds: { broken, box: aFeed() },
    log: (level, event) => events.push(`${level} ${event}`),
  })
  await assert.rejects(keeper.refreshGuide(never), { message: 'box is off' })
  assert.deepEqual(events.toSorted(), ['info guide-refreshed', 'warn guide-refresh-failed'])
})

test("refreshGuide() fails with the signal's reason when it is stopped", async () => {
  const controller = new AbortController()
  const feed: GuideFeed = {
    async *guide([channel = ''], window) {
      controller.abort(new Error('stopping'))
      yield { channel, ...window, programmes: [] }
    },
  }
  const { keeper } = aKeeper({ channels: [onGuide(1, 'box', 'a')], feeds: { box: feed } })
  await assert.rejects(keeper.refreshGuide(controller.signal), { message: 'stopping' })
})

test('refreshGuide() forgets what ended more than a day ago', async () => {
  const { keeper, store } = aKeeper({ channels: [], feeds: {} })
  const past = aProgramme(-3000, -1441)
  await store.replace('box', { channel: 'a', ...ALL, programmes: [past, aProgramme(-1441, -1439)] }, 1)
  await keeper.refreshGuide(never)
  assert.deepEqual(spans(await keeper.programmes(onGuide(1, 'box', 'a'), ALL)), [[-1441, -1439, 'From -1441']])
})
