import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedChannel, FeedFile } from '../../../adapters/guide/feed-file.ts'
import { openGuideMatches } from '../../../adapters/lan/guide-matches.ts'
import type { GuideChoice, GuideChoiceStore } from '../../../core/guide/choice.ts'
import type { Channel, ChannelKey } from '../../../core/lineup/channel.ts'
import { indexLineup } from '../../../core/lineup/lineup.ts'
import type { LineupIndex } from '../../../core/lineup/lineup.ts'
import { syncLineup } from '../../../core/lineup/sync.ts'
import { aCatalogue, aChannel, anItem } from '../../core/lineup/samples.ts'
import { makeDataFolder } from '../store/data-folder.ts'

/** Something that changes, and whoever listens. */
function changing<T>(first: T) {
  const listeners = new Set<(value: T) => void>()
  let value = first
  return {
    get value() {
      return value
    },
    set(next: T) {
      value = next
      for (const listener of listeners) listener(next)
    },
    onChange(listener: (value: T) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const aFile = (channels: readonly FeedChannel[]): FeedFile => ({
  channels: () => channels,
  search: () => ({ total: 0, items: [] }),
  find: (id) => id,
  programmes: () => [],
  [Symbol.dispose]() {},
})

function memoryChoices(): GuideChoiceStore {
  const all = new Map<ChannelKey, GuideChoice>()
  return {
    all: async () => new Map(all),
    async put(changes) {
      for (const [key, choice] of changes) {
        if (choice === null) all.delete(key)
        else all.set(key, choice)
      }
    },
  }
}

async function aMatcher(channels: readonly Channel[], choices = memoryChoices()) {
  const rank = { rank: 0, shiftMinutes: 0 }
  const lineup = changing<LineupIndex>(indexLineup({ revision: '1', channels, groups: [] }))
  const guide = changing<readonly FeedChannel[]>([
    { id: 'ZDF.de', names: ['ZDF'] },
    { id: 'Arte.de', names: ['arte'] },
  ])
  const matches = await openGuideMatches({
    lineup: { current: () => lineup.value, onChange: (listener) => lineup.onChange(listener) },
    library: {
      feeds: () => [{ id: 'xmltv', name: 'X', imported: null, progress: null, problem: null }],
      file: () => aFile(guide.value),
      onChange: (listener) => guide.onChange(() => listener('xmltv')),
    },
    choices,
    rankOf: (feed) => (feed === 'xmltv' ? { ...rank } : null),
    ranking: () => JSON.stringify(rank),
    log: () => {},
  })
  await matches.settled()
  return { matches, lineup, guide, choices, rank }
}

const zdf = aChannel(1, { name: 'DE: ZDF HD', groups: [] })
const arte = aChannel(2, { name: 'DE: arte', groups: [] })
const used = (layers: readonly { readonly channel: string }[]): readonly string[] =>
  layers.map(({ channel }) => channel)

test('openGuideMatches() matches the line-up with the documents', async () => {
  const { matches } = await aMatcher([zdf, arte])
  await using _matches = matches
  assert.deepEqual(used(matches.layers(zdf)), ['ZDF.de'])
  assert.deepEqual(used(matches.layers(arte)), ['Arte.de'])
  assert.deepEqual(matches.layers(aChannel(9)), [])
})

test('openGuideMatches() matches anew when a document or a channel changes, and only then changes its version', async () => {
  const { matches, lineup, guide } = await aMatcher([zdf])
  await using _matches = matches
  const before = matches.version()
  const renamed = aChannel(1, { name: 'DE: arte', groups: [] })
  lineup.set(indexLineup({ revision: '2', channels: [renamed], groups: [] }))
  await matches.settled()
  assert.deepEqual(used(matches.layers(renamed)), ['Arte.de'])
  const after = matches.version()
  assert.notEqual(after, before)
  guide.set([...guide.value])
  await matches.settled()
  assert.equal(matches.version(), after)
  guide.set([
    { id: 'arte-new', names: ['arte DE'] },
    { id: 'Arte.de', names: ['arte'] },
  ])
  await matches.settled()
  assert.deepEqual(used(matches.layers(renamed)), ['Arte.de'])
})

test('renew() takes in what the feeds are to channels now', async () => {
  const { matches, rank } = await aMatcher([zdf])
  await using _matches = matches
  const before = matches.version()
  matches.renew()
  assert.equal(matches.version(), before)
  rank.shiftMinutes = 30
  matches.renew()
  assert.notEqual(matches.version(), before)
  assert.equal(matches.layers(zdf)[0]?.shiftMinutes, 30)
})

test('decide() is what counts, also after a restart, until it is taken back', async () => {
  const { matches, choices } = await aMatcher([zdf])
  await using _matches = matches
  const before = matches.version()
  const choice: GuideChoice = { by: 'owner', layers: [{ feed: 'xmltv', channel: 'Arte.de', shiftMinutes: 30 }] }
  await matches.decide(new Map([[zdf.key, choice]]))
  assert.deepEqual(matches.layers(zdf), choice.layers)
  assert.notEqual(matches.version(), before)
  const again = await aMatcher([zdf], choices)
  await using _again = again.matches
  assert.deepEqual(again.matches.choice(zdf.key), choice)
  assert.equal(again.matches.version(), matches.version())
  await matches.decide(new Map([[zdf.key, null]]))
  assert.deepEqual(used(matches.layers(zdf)), ['ZDF.de'])
  assert.equal(matches.version(), before)
})

test('createGuideChoiceStore() keeps decisions of channels, several at once', async () => {
  await using folder = await makeDataFolder()
  const store = await folder.open()
  const { lineup, guideChoices } = store
  const stored = await lineup.load()
  const choice: GuideChoice = { by: 'accepted', layers: [{ feed: 'x', channel: 'Ä "1"', shiftMinutes: -60 }] }
  await assert.rejects(guideChoices.put(new Map([[zdf.key, choice]])), 'a channel that is not there has no decision')
  await lineup.save(stored, syncLineup(stored, aCatalogue([anItem('a'), anItem('b')]), { now: 5 }).lineup)
  await guideChoices.put(
    new Map<ChannelKey, GuideChoice | null>([
      [zdf.key, choice],
      [arte.key, { by: 'owner', layers: [] }],
    ]),
  )
  await guideChoices.put(new Map([[arte.key, null]]))
  const reopened = await folder.open()
  assert.deepEqual(await reopened.guideChoices.all(), new Map([[zdf.key, choice]]))
})
