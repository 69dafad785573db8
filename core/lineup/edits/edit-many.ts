import { Failure } from '../../errors.ts'
import { plainText } from '../../plain-text.ts'
import { atOnce, eachInSteps } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import { compareChannels } from '../channel.ts'
import type { Channel, ChannelKey } from '../channel.ts'
import { findRows, groundOf, pickRows } from '../editor/find-rows.ts'
import type { KnownGround, RowQuery, RowRange } from '../editor/find-rows.ts'
import { createFilter } from '../filter/filter.ts'
import { subjectOf } from '../filter/subject.ts'
import { createNumbering } from '../numbering.ts'
import { createPattern } from '../pattern/pattern.ts'
import { createRules } from '../rules.ts'
import type { GroupKey, StoredChannel, StoredLineup } from '../stored.ts'
import { rawChannel } from '../view.ts'
import { createGroupNames } from '../group-names.ts'
import { changeChannels } from './change-channels.ts'
import { hasGroup, touchGroup, withGroup } from './channel-groups.ts'
import { addGroup } from './edit-group.ts'
import type { SourceId } from '../stream.ts'

/** What is to be done to all channels that a filter means; absent: nothing. */
export type BulkChange = {
  readonly enabled?: boolean | null
  readonly favourite?: boolean
  /** Shown names of groups. */
  readonly addGroup?: string
  readonly removeGroup?: string
  /** `addGroup` is made if it is not there yet. */
  readonly createGroup?: boolean
  /** Replaces in the name that viewers see, and keeps the result as the owner's; null: back to the sources' names. */
  readonly rename?: { readonly pattern: string; readonly replacement: string } | null
  /** New numbers in the order of the old ones: from here on, or (`'rules'`) in the ranges of the rules. */
  readonly number?: { readonly from: number } | 'rules'
  /** Streams of this source come first from now on, in the channels that have some. */
  readonly preferSource?: SourceId
}

/** Which channels are meant: those of a filter, or of them the rows at these places of a list. */
export type BulkTarget = {
  readonly filter: string
  readonly rows?: Omit<RowQuery, 'filter'> & { readonly ranges: readonly RowRange[] }
}

/**
 * The line-up with a change of all channels that the filter means, seen as viewers see them, those that are off too.
 *
 * New numbers pass over those of channels that are not meant. Fails with `lineup/bad-filter`, `lineup/bad-pattern`,
 * `lineup/unknown-group`, `lineup/bad-edit`. Pure.
 */
export const editChannels = (stored: StoredLineup, filter: string, change: BulkChange): StoredLineup =>
  atOnce(editChannelsSteps(stored, { target: { filter }, change }))

/** A change and what it is for. */
export type BulkEdit = KnownGround & { readonly target: BulkTarget; readonly change: BulkChange }

/** `editChannels` step by step: it looks at all channels. */
export function* editChannelsSteps(stored: StoredLineup, edit: BulkEdit): Steps<StoredLineup> {
  const { change } = edit
  const meant = yield* findMeant(stored, edit)
  let lineup = stored
  const groupOf = (name: string | undefined, mayBeNew: boolean): GroupKey | null => {
    if (name === undefined) return null
    if (mayBeNew && !hasGroup(lineup, name)) lineup = addGroup(lineup, name)
    const touched = touchGroup(lineup, name)
    lineup = touched.lineup
    return touched.group.key
  }
  const added = groupOf(change.addGroup, change.createGroup === true)
  const removed = groupOf(change.removeGroup, false)
  const rename = renamer(change.rename)
  const numbers = newNumbers(lineup, meant, change.number)

  const changes = new Map<ChannelKey, StoredChannel>()
  yield* eachInSteps(meant, ({ channel, shown }) => {
    let edited: StoredChannel = {
      ...channel,
      ownName: rename(channel, shown),
      ownEnabled: change.enabled === undefined ? channel.ownEnabled : change.enabled,
      favourite: change.favourite ?? channel.favourite,
      number: numbers.get(channel.key) ?? channel.number,
    }
    if (change.preferSource !== undefined) edited = preferring(edited, change.preferSource)
    if (added !== null && !shown.groups.includes(change.addGroup ?? '')) edited = withGroup(edited, added, true)
    if (removed !== null && shown.groups.includes(change.removeGroup ?? '')) edited = withGroup(edited, removed, false)
    changes.set(channel.key, edited)
  })
  return changeChannels(lineup, changes)
}

type Meant = { readonly channel: StoredChannel; readonly shown: Channel }

function* findMeant(stored: StoredLineup, { target: { filter, rows }, ...known }: BulkEdit): Steps<readonly Meant[]> {
  if (filter === '' && rows === undefined) createFilter(filter) // says what is wrong with it
  const ground = yield* groundOf(stored, known)
  const { byKey } = ground
  const { ranges = null, ...order } = rows ?? { sort: 'number' as const, isDescending: false }
  const found = yield* findRows(ground, { filter, ...order })
  return (ranges === null ? found : pickRows(found, ranges)).flatMap((shown) => {
    const channel = byKey.get(shown.key)
    return channel === undefined ? [] : [{ channel, shown }]
  })
}

/** The order is the owner's then, so that no refresh takes it back. */
function preferring(channel: StoredChannel, source: SourceId): StoredChannel {
  const [first, rest] = [true, false].map((isOf) => channel.streams.filter((one) => (one.sourceId === source) === isOf))
  if (first === undefined || rest === undefined || first.length === 0 || rest.length === 0) return channel
  return { ...channel, streams: [...first, ...rest], ownOrder: true }
}

function renamer(rename: BulkChange['rename']): (channel: StoredChannel, shown: Channel) => string | null {
  if (rename === undefined) return ({ ownName }) => ownName
  if (rename === null) return () => null
  const pattern = createPattern(rename.pattern)
  return ({ ownName }, { name }) => {
    const renamed = plainText(pattern.replace(name, rename.replacement)).slice(0, 120)
    return renamed === '' || renamed === name ? ownName : renamed
  }
}

function newNumbers(
  stored: StoredLineup,
  meant: readonly Meant[],
  wish: BulkChange['number'],
): ReadonlyMap<ChannelKey, string> {
  if (wish === undefined) return new Map()
  const inOrder = meant.toSorted((a, b) => compareChannels(a.channel, b.channel))
  const keys = new Set(inOrder.map(({ channel }) => channel.key))
  const taken = stored.channels.filter(({ key }) => !keys.has(key)).map(({ number }) => number)
  const given =
    wish === 'rules' ? numbersByRules(stored, inOrder, taken) : numbersFrom(wish.from, inOrder.length, taken)
  return new Map(inOrder.map(({ channel }, index) => [channel.key, given[index] ?? channel.number]))
}

function numbersFrom(from: number, count: number, taken: readonly string[]): readonly string[] {
  const used = new Set(taken)
  const numbers: string[] = []
  for (let next = from; numbers.length < count; next++) {
    if (next > 999_999)
      throw new Failure('lineup/bad-edit', `There are not enough numbers from ${from} on for ${count} channels`)
    if (!used.has(String(next))) numbers.push(String(next))
  }
  return numbers
}

function numbersByRules(stored: StoredLineup, meant: readonly Meant[], taken: readonly string[]): readonly string[] {
  const rules = createRules(stored.rules)
  const names = createGroupNames(stored.ownGroups)
  return createNumbering(taken, rules.ranges).give(
    meant.map(({ channel }) => ({
      wanted: channel.number,
      range: rules.rangeFor(subjectOf(rawChannel(channel, names), channel.favourite)),
    })),
  )
}
