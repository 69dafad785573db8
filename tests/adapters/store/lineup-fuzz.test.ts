import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openDatabase } from '../../../adapters/store/database.ts'
import { createGuideChoiceStore } from '../../../adapters/store/guide-choice-store.ts'
import { createLineupStore } from '../../../adapters/store/lineup-store.ts'
import { migrate } from '../../../adapters/store/migrate.ts'
import { HOUSE_STEPS } from '../../../adapters/store/schema.ts'
import type { GuideChoice } from '../../../core/guide/choice.ts'
import { Failure } from '../../../core/errors.ts'
import type { CatalogueItem } from '../../../core/lineup/catalogue.ts'
import type { ChannelKey } from '../../../core/lineup/channel.ts'
import { editChannel } from '../../../core/lineup/edits/edit-channel.ts'
import { addGroup, editGroup, orderGroups, removeGroup } from '../../../core/lineup/edits/edit-group.ts'
import { editChannels } from '../../../core/lineup/edits/edit-many.ts'
import { setRules } from '../../../core/lineup/edits/edit-rules.ts'
import { putSelection } from '../../../core/lineup/edits/edit-selection.ts'
import { joinChannels, orderStreams, splitChannel } from '../../../core/lineup/edits/edit-streams.ts'
import { traceEdit, undoEdit } from '../../../core/lineup/edits/undo.ts'
import { proposeJoins } from '../../../core/lineup/edits/proposals.ts'
import type { StoredChannel, StoredLineup, StoredStream } from '../../../core/lineup/stored.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { syncLineup } from '../../../core/lineup/sync.ts'
import { stableHash } from '../../../core/stable-hash.ts'
import { toLineup } from '../../../core/lineup/view.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'

// Any run of refreshes of several sources and of the owner's edits, each followed by a restart: what has to hold is
// written in `checkRefresh`.

const SOURCES = ['box', 'iptv', 'spare'] as const
const priority = SOURCES.map(sourceId)
const NAMES = ['RTL', 'RTL HD', 'DE: RTL FHD', 'DE: RTL HD (Backup)', 'AT: RTL', 'VOX', '|DE| VOX', 'VOX +1', 'TV 2', 'ProSieben', 'DE - Pro Sieben 4K', '### DE ###'] // prettier-ignore
const REFS = ['1:0:19:1:2:3:C00000:0:0:0:', '1:0:1:1:2:3:C00000:0:0:0:', '1:0:19:4:2:3:C00000:0:0:0:']

type Catalogue = readonly CatalogueItem[]
/** How a source's list comes out the next time it is asked. */
type Change = (list: Catalogue, fresh: () => string) => Catalogue

const anyItem = fc
  .record(
    {
      name: fc.constantFrom(...NAMES),
      number: fc.option(fc.constantFrom('1', '2', '3', '5.1', '100')),
      serviceRef: fc.option(fc.constantFrom(...REFS), { freq: 3 }),
      guide: fc.option(fc.constantFrom('rtl.de', 'vox.de', 'none').map((channel) => ({ feed: 'x', channel }))),
      groups: fc.subarray(['News', 'Sport', 'DE | Mix']),
    },
    { noNullPrototype: true },
  )
  .map((given) => (id: string) => anItem(id, given))

const anyAddition: fc.Arbitrary<Change> = fc
  .array(anyItem, { minLength: 2, maxLength: 8 })
  .map((made): Change => (list, fresh) => [...list, ...made.map((make) => make(fresh()))])
/** A number that looks random, the same for the same item and seed. */
const lot = (item: string, seed: number): number => stableHash(`${item} ${seed}`)
const oneChange: fc.Arbitrary<Change> = fc.oneof(
  anyAddition,
  // A quarter or half of it is missing; next to nothing is left; nothing is.
  fc.tuple(fc.nat(), fc.constantFrom(2, 4)).map(
    ([seed, share]): Change =>
      (list) =>
        list.filter(({ item }) => lot(item, seed) % share !== 0),
  ),
  fc.constant<Change>((list) => list.slice(0, Math.floor(list.length / 3))),
  fc.constant<Change>(() => []),
  // Some are called otherwise, or are told otherwise in all but their id.
  fc.tuple(fc.nat(), fc.constantFrom(...NAMES)).map(
    ([seed, name]): Change =>
      (list) =>
        list.map((item) => (lot(item.item, seed) % 3 === 0 ? { ...item, name } : item)),
  ),
  fc.tuple(fc.nat(), anyItem).map(
    ([seed, make]): Change =>
      (list) =>
        list.map((item) => (lot(item.item, seed) % 3 === 0 ? make(item.item) : item)),
  ),
  // All ids are new; another order; some come twice.
  fc.constant<Change>((list, fresh) => list.map((item) => ({ ...item, item: fresh() }))),
  fc.nat().map(
    (seed): Change =>
      (list) =>
        list.toSorted((a, b) => lot(a.item, seed) - lot(b.item, seed)),
  ),
  fc.constant<Change>((list) => [...list, ...list.slice(0, 2)]),
)
/** Several of them at once. */
const anyChange: fc.Arbitrary<Change> = fc.array(oneChange, { minLength: 1, maxLength: 3 }).map(
  (changes): Change =>
    (list, fresh) =>
      changes.reduce<Catalogue>((now, change) => change(now, fresh), list),
)

/** An edit of the owner; `pick` chooses among what is there. */
type MakeEdit = (pick: (count: number) => number) => (stored: StoredLineup) => StoredLineup

const keyAt = ({ channels }: StoredLineup, index: number): ChannelKey => {
  const channel = channels[index]
  if (channel === undefined) throw new Failure('lineup/unknown-channel', 'The line-up is empty')
  return channel.key
}
const EDITS: readonly MakeEdit[] = [
  (pick) => (stored) => editChannel(stored, keyAt(stored, pick(stored.channels.length)), { name: 'Mine' }, null),
  (pick) => (stored) =>
    editChannel(stored, keyAt(stored, pick(stored.channels.length)), { number: String(500 + pick(9)) }, null),
  (pick) => (stored) =>
    editChannel(stored, keyAt(stored, pick(stored.channels.length)), { enabled: false, favourite: true }, null),
  (pick) => (stored) => editChannel(stored, keyAt(stored, pick(stored.channels.length)), { groups: ['Sport'] }, null),
  (pick) => (stored) => {
    const key = keyAt(stored, pick(stored.channels.length))
    return joinChannels(stored, key, [keyAt(stored, pick(stored.channels.length))])
  },
  (pick) => (stored) => {
    const channel = stored.channels[pick(stored.channels.length)]
    const stream = channel?.streams[pick(channel.streams.length)]
    if (channel === undefined || stream === undefined) return stored
    return splitChannel(stored, channel.key, [stream.id])
  },
  (pick) => (stored) => {
    const channel = stored.channels[pick(stored.channels.length)]
    if (channel === undefined) return stored
    return orderStreams(stored, channel.key, channel.streams.map(({ id }) => id).toReversed(), priority)
  },
  () => (stored) => editChannels(stored, 'name ~ "RTL"', { addGroup: 'Own', number: { from: 200 } }),
  () => (stored) => addGroup(stored, 'Own'),
  () => (stored) => editGroup(stored, 'News', { name: 'Nachrichten', hidden: true }),
  () => (stored) => orderGroups(stored, ['Sport', 'DE | Mix']),
  () => (stored) => removeGroup(stored, 'Own'),
  () => (stored) =>
    setRules(stored, [
      { kind: 'rename', id: 'plain', filter: null, pattern: '^DE: ', replacement: '' },
      { kind: 'hide', id: 'at', filter: 'country = "AT"' },
      { kind: 'numbers', id: 'sport', filter: 'group = "Sport"', from: 300, to: 302 },
    ]),
  (pick) => (stored) => {
    const members = [keyAt(stored, pick(stored.channels.length))]
    return putSelection(stored, { id: 'kids', name: 'Kids', filter: 'group = "Sport"', members, sort: 'name' })
  },
]

type Step =
  | { readonly kind: 'guide'; readonly seed: number }
  | { readonly kind: 'refresh'; readonly source: (typeof SOURCES)[number]; readonly change: Change }
  | { readonly kind: 'edit'; readonly make: MakeEdit; readonly seed: number }

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refresh' as const),
      source: fc.constantFrom(...SOURCES),
      change: anyChange,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), make: fc.constantFrom(...EDITS), seed: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('guide' as const), seed: fc.nat() }) },
)

/** Every run begins with a list of each source, so that there is something to edit. */
const anyRun = fc
  .tuple(
    fc.tuple(anyAddition, anyAddition, anyAddition),
    fc.array(anyStep, { minLength: 5, maxLength: 30, size: 'max' }),
  )
  .map(([lists, steps]): readonly Step[] => [
    ...SOURCES.map((source, index): Step => ({ kind: 'refresh', source, change: lists[index] ?? ((list) => list) })),
    ...steps,
  ])

/** What belongs to the owner and to no refresh. */
const ownOf = (channel: StoredChannel) => ({ ...channel, streams: null })
const byKey = ({ channels }: StoredLineup) => new Map(channels.map((channel) => [channel.key, channel]))
const isThere = ({ goneSince }: StoredStream): boolean => goneSince === null

function checkAlways({ channels, nextKey }: StoredLineup): void {
  const keys = channels.map(({ key }) => Number(key))
  assert.deepEqual(
    keys,
    [...new Set(keys)].toSorted((a, b) => a - b),
    'keys are unique and in order',
  )
  assert.ok(
    keys.every((key) => key < nextKey),
    'keys come from the sequence',
  )
  assert.equal(new Set(channels.map(({ number }) => number)).size, keys.length, 'numbers are unique')
  const streams = channels.flatMap((channel) => channel.streams.map(({ id }) => id))
  assert.equal(new Set(streams).size, streams.length, 'a stream is in one channel')
  assert.ok(
    channels.every((channel) => channel.streams.length > 0),
    'no channel is empty',
  )
}

function checkRefresh(before: StoredLineup, after: StoredLineup, source: string, items: Catalogue): void {
  const now = byKey(after)
  for (const channel of before.channels) {
    const same = now.get(channel.key)
    assert.ok(same !== undefined, 'no channel is lost')
    assert.deepEqual(ownOf(same), ownOf(channel), 'id, number and edits are unchanged')
    const left = same.streams.map(({ id }) => id)
    const known = channel.streams.map(({ id }) => id).filter((id) => left.includes(id))
    for (const { id } of channel.streams) {
      const home = after.channels.find(({ streams }) => streams.some((stream) => stream.id === id))
      assert.ok(home === undefined || home === same, 'a stream stays in its channel')
    }
    if (channel.ownOrder)
      assert.deepEqual(
        left.filter((id) => known.includes(id)),
        known,
        "the owner's order stays",
      )
    const lost = channel.streams.filter(({ id }) => !left.includes(id))
    assert.ok(
      lost.every((stream) => stream.sourceId === source && !isThere(stream)),
      'only gone streams are forgotten',
    )
  }
  const there = after.channels.flatMap(({ streams }) =>
    streams.filter((one) => one.sourceId === source && isThere(one)),
  )
  assert.deepEqual(
    there.map(({ item }) => item).toSorted(),
    [...new Set(items.map(({ item }) => item))].toSorted(),
    'what is listed is there',
  )
  for (const { streams } of after.channels.filter(({ key }) => key >= before.nextKey)) {
    const mains = streams.filter(({ join }) => join.by !== 'backup')
    assert.equal(mains.length, 1, 'a new channel has one stream and its backups')
  }
  for (const part of ['ownGroups', 'selections', 'rules'] as const) assert.equal(after[part], before[part])
}

test('any run of refreshes and edits keeps ids, numbers and edits, also over restarts', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (steps) => {
      using database = openDatabase(':memory:', 'normal')
      migrate(database, HOUSE_STEPS)
      let stored = await createLineupStore(database).load()
      const lists = new Map<string, Catalogue>()
      const choices = createGuideChoiceStore(database)
      const decided = new Map<ChannelKey, GuideChoice>()
      let made = 0
      const fresh = (): string => `item${made++}`

      for (const [now, step] of steps.entries()) {
        let after = stored
        try {
          if (step.kind === 'refresh') {
            const items = step.change(lists.get(step.source) ?? [], fresh)
            const catalogue = aCatalogue(items, { source: step.source, groups: ['News', 'Sport'] })
            after = syncLineup(stored, catalogue, { now, priority }).lineup
            checkRefresh(stored, after, step.source, items)
            assert.equal(syncLineup(after, structuredClone(catalogue), { now: now + 1, priority }).lineup, after)
            lists.set(step.source, items)
          } else if (step.kind === 'guide') {
            const key = keyAt(stored, step.seed % Math.max(1, stored.channels.length))
            decided.set(key, { by: 'owner', layers: [{ feed: 'x', channel: String(step.seed), shiftMinutes: 0 }] })
            await choices.put(decided)
          } else {
            const edit = step.make((count) => (count === 0 ? 0 : step.seed % count))
            after = edit(stored)
            const { channels, ownGroups, selections, rules } = undoEdit(after, traceEdit(stored, after))
            assert.deepEqual(
              [channels, ownGroups, selections, rules],
              [stored.channels, stored.ownGroups, stored.selections, stored.rules],
              'an edit can be taken back',
            )
          }
        } catch (error) {
          // A list that shrank too much, an edit that cannot be made: nothing happens.
          if (!(error instanceof Failure)) throw error
          continue
        }
        checkAlways(after)
        toLineup(after)
        for (const { into, other } of proposeJoins(after))
          assert.ok(byKey(after).get(into)?.apart.includes(other) === false, 'what was split is not proposed')
        if (after !== stored) stored = await createLineupStore(database).save(stored, after)
        assert.deepEqual(await createLineupStore(database).load(), stored, 'a restart changes nothing')
        for (const key of decided.keys()) if (!byKey(stored).has(key)) decided.delete(key) // joined into another one
        assert.deepEqual(await choices.all(), decided, 'what was decided about guides is unchanged')
      }
    }),
    { numRuns: 150 },
  )
})
