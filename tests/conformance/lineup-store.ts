import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelKey } from '../../core/lineup/channel.ts'
import { editChannel } from '../../core/lineup/edits/edit-channel.ts'
import { addGroup, editGroup, orderGroups } from '../../core/lineup/edits/edit-group.ts'
import { setOwnLogo } from '../../core/lineup/edits/own-logo.ts'
import { setRules } from '../../core/lineup/edits/edit-rules.ts'
import { putSelection } from '../../core/lineup/edits/edit-selection.ts'
import { orderStreams, splitChannel, switchStream } from '../../core/lineup/edits/edit-streams.ts'
import type { LineupStore } from '../../core/lineup/store.ts'
import type { StoredLineup } from '../../core/lineup/stored.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import { retireSources, syncLineup } from '../../core/lineup/sync.ts'
import { aCatalogue, anItem } from '../core/lineup/samples.ts'

/** A store under test; `reopen` gives one on the same data, as after a restart. */
export type LineupStoreSubject = AsyncDisposable & {
  readonly store: LineupStore
  reopen(): Promise<LineupStore>
}

const fill = async (store: LineupStore): Promise<StoredLineup> => {
  const before = await store.load()
  const items = [
    anItem('a:1', {
      name: 'Ä "quoted" \u{1f4fa}',
      number: '5.1',
      groups: ['One', 'Two'],
      hasLogo: true,
      guide: { feed: 'box', channel: '1:2:3' },
      serviceRef: '1:0:19:132F:3EF:1:C00000:0:0:0:',
      programNumber: 4911,
      slotKey: '1:3EF',
    }),
    anItem('b', { media: 'radio' }),
  ]
  return store.save(before, syncLineup(before, aCatalogue(items, { groups: ['One', 'Two'] }), { now: 5 }).lineup)
}

/** What every line-up store has to do. */
export function testLineupStore(name: string, open: () => Promise<LineupStoreSubject>): void {
  test(`${name}: load() of a new store gives an empty line-up`, async () => {
    await using subject = await open()
    const { nextKey, channels, groups } = await subject.store.load()
    assert.deepEqual({ nextKey, channels, groups }, { nextKey: 1, channels: [], groups: [] })
  })

  test(`${name}: load() gives what save() acknowledged, also after a restart`, async () => {
    await using subject = await open()
    const saved = await fill(subject.store)
    assert.equal(saved.channels.length, 2)
    assert.deepEqual(await subject.store.load(), saved)
    assert.deepEqual(await (await subject.reopen()).load(), saved)
  })

  test(`${name}: save() writes edits, gone streams and lost groups`, async () => {
    await using subject = await open()
    let saved = await fill(subject.store)
    saved = await subject.store.save(
      saved,
      setOwnLogo(
        editChannel(saved, channelKey(1), { name: 'Mine', number: '9', enabled: false }, null),
        channelKey(1),
        '4f0d2a7be1c95a3358c1d2e4',
      ),
    )
    saved = await subject.store.save(saved, switchStream(saved, channelKey(1), streamId(sourceId('box'), 'a:1'), true))
    assert.equal(saved.channels[0]?.streams[0]?.isOff, true)
    saved = await subject.store.save(saved, retireSources(saved, new Set([sourceId('other')]), 77))
    assert.deepEqual(
      saved.channels.map(({ streams }) => streams[0]?.goneSince),
      [77, 77],
    )
    assert.deepEqual(await (await subject.reopen()).load(), saved)
  })

  test(`${name}: save() writes all that an owner can decide, and why streams are where they are`, async () => {
    await using subject = await open()
    let lineup = await fill(subject.store)
    const first = channelKey(1)
    const same = anItem('c', { name: 'x', serviceRef: '1:0:19:132F:3EF:1:C00000:0:0:0:' })
    lineup = syncLineup(lineup, aCatalogue([same], { source: 'other' }), { now: 6 }).lineup
    lineup = addGroup(lineup, 'Own')
    lineup = editChannel(lineup, first, { favourite: true, enabled: false, groups: ['Own', 'Two'] }, null)
    lineup = editGroup(lineup, 'Two', { name: 'Zwei', hidden: true, logo: '/x.png', members: [first] })
    lineup = orderGroups(lineup, ['Zwei'])
    lineup = splitChannel(lineup, first, [streamId(sourceId('other'), 'c')])
    lineup = orderStreams(lineup, first, [], [])
    lineup = putSelection(lineup, { id: 'kids', name: 'Kids', filter: 'favourite', members: [first], sort: 'group' })
    lineup = setRules(lineup, [
      { kind: 'rename', id: 'a', filter: null, pattern: 'x', replacement: '' },
      { kind: 'hide', id: 'b', filter: 'group = "One"' },
      { kind: 'numbers', id: 'c', filter: 'enabled', from: 5, to: 9 },
    ])
    const saved = await subject.store.save(await subject.store.load(), lineup)
    const loaded = await (await subject.reopen()).load()
    assert.deepEqual(loaded, saved)
    assert.deepEqual(loaded, { ...lineup, revision: saved.revision })
    assert.equal(loaded.channels[0]?.apart.length, 1)
    assert.equal(loaded.channels.at(-1)?.streams[0]?.join.by, 'owner')
  })

  test(`${name}: save() removes what is no longer in the line-up and keeps the sequence of keys`, async () => {
    await using subject = await open()
    const saved = await fill(subject.store)
    const after = await subject.store.save(saved, { ...saved, channels: saved.channels.slice(1) })
    const loaded = await (await subject.reopen()).load()
    assert.deepEqual(loaded, after)
    assert.deepEqual([loaded.channels.length, loaded.nextKey], [1, 3])
  })

  test(`${name}: save() keeps a source that has no groups in its place`, async () => {
    await using subject = await open()
    const before = await subject.store.load()
    const groups = [
      { sourceId: sourceId('x'), names: [] },
      { sourceId: sourceId('a'), names: ['G', 'F'] },
    ]
    await subject.store.save(before, { ...before, groups })
    assert.deepEqual((await (await subject.reopen()).load()).groups, groups)
  })

  test(`${name}: save() gives every change a revision of its own`, async () => {
    await using subject = await open()
    const empty = await subject.store.load()
    const first = await fill(subject.store)
    const second = await subject.store.save(first, editChannel(first, channelKey(1), { name: 'x' }, null))
    assert.equal(new Set([empty.revision, first.revision, second.revision]).size, 3)
    assert.equal((await (await subject.reopen()).load()).revision, second.revision)
  })

  test(`${name}: save() refuses a change of an older line-up and writes nothing of it`, async () => {
    await using subject = await open()
    const saved = await fill(subject.store)
    const edited = await subject.store.save(saved, editChannel(saved, channelKey(1), { name: 'First' }, null))
    const late = editChannel(saved, channelKey(1), { name: 'Second' }, null)
    await assert.rejects(subject.store.save(saved, late), { code: 'lineup/changed' })
    assert.deepEqual(await (await subject.reopen()).load(), edited)
  })
}
