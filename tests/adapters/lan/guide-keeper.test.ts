import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuideKeeper } from '../../../adapters/lan/guide-keeper.ts'
import type { FeedFile } from '../../../adapters/guide/feed-file.ts'
import type { GuideLayer } from '../../../core/guide/choice.ts'
import type { GuideFeed } from '../../../core/guide/feed.ts'
import type { Programme } from '../../../core/guide/programme.ts'
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
  layers,
  files = {},
  log = () => {},
}: {
  channels: readonly Channel[]
  feeds: Record<string, GuideFeed>
  layers?: readonly GuideLayer[]
  files?: Readonly<Record<string, FeedFile>>
  log?: (level: string, event: string) => void
}) => {
  const store = createMemoryGuideStore()
  const keeper = createGuideKeeper({
    store,
    lineup: { current: () => indexLineup({ revision: '1', channels, groups: [] }) },
    feed: (name) => feeds[name] ?? null,
    matches: {
      layers: ({ guide }) => layers ?? (guide === null ? [] : [{ ...guide, shiftMinutes: 0 }]),
      version: () => 'm1',
    },
    library: { file: (feed) => files[feed] ?? null, version: () => 'l1' },
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

/** A document with these programmes on every channel. */
const aFile = (programmes: readonly Programme[], asked: { from: number; to: number }[] = []): FeedFile => ({
  channels: () => [],
  search: () => ({ total: 0, items: [] }),
  find: (id) => id,
  programmes(_id, window) {
    asked.push(window)
    return programmes.filter(({ start, stop }) => start < window.to && stop > window.from)
  },
  [Symbol.dispose]() {},
})

test('programmes() fills the holes of one guide from the next, each at its own time', async () => {
  const { keeper, store } = aKeeper({
    channels: [],
    feeds: {},
    layers: [
      { feed: 'document', channel: 'x', shiftMinutes: 60 },
      { feed: 'box', channel: 'a', shiftMinutes: 0 },
    ],
    files: { document: aFile([aProgramme(0, 60, { title: 'Document' })]) },
  })
  const told = [aProgramme(0, 60), aProgramme(60, 120), aProgramme(120, 180)]
  await store.replace('box', { channel: 'a', ...ALL, programmes: told }, 1)
  assert.deepEqual(spans(await keeper.programmes(aChannel(1), ALL)), [
    [0, 60, 'From 0'],
    [60, 120, 'Document'],
    [120, 180, 'From 120'],
  ])
})

test('programmes() asks a second guide only where the first has holes', async () => {
  const asked: { from: number; to: number }[] = []
  const { keeper } = aKeeper({
    channels: [],
    feeds: {},
    layers: [
      { feed: 'first', channel: 'x', shiftMinutes: -30 },
      { feed: 'second', channel: 'x', shiftMinutes: 0 },
    ],
    files: { first: aFile([aProgramme(0, 600)]), second: aFile([], asked) },
  })
  await keeper.programmes(aChannel(1), { from: at(0), to: at(60) })
  assert.deepEqual(asked, [])
  await keeper.programmes(aChannel(1), { from: at(540), to: at(600) })
  assert.deepEqual(asked, [{ from: at(570), to: at(600) }])
})

test('refreshGuide() walks the guides that channels use, not those that they could', async () => {
  const asked: string[] = []
  const { keeper } = aKeeper({
    channels: [onGuide(1, 'box', 'a')],
    feeds: { box: aFeed(asked) },
    layers: [{ feed: 'box', channel: 'chosen', shiftMinutes: 0 }],
  })
  await keeper.refreshGuide(never)
  assert.deepEqual(asked, ['chosen'])
})
