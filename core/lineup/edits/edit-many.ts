import { Failure } from '../../errors.ts'
import { plainText } from '../../plain-text.ts'
import { atOnce, eachInSteps } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import { compareChannels } from '../channel.ts'
import type { Channel, ChannelKey } from '../channel.ts'
import { createFilter } from '../filter/filter.ts'
import { subjectOf } from '../filter/subject.ts'
import { createNumbering } from '../numbering.ts'
import { createPattern } from '../pattern/pattern.ts'
import { createRules } from '../rules.ts'
import type { GroupKey, StoredChannel, StoredLineup } from '../stored.ts'
import { createLineupView, rawChannel } from '../view.ts'
import { createGroupNames } from '../group-names.ts'
import { changeChannels } from './change-channels.ts'
import { touchGroup, withGroup } from './channel-groups.ts'

/** What is to be done to all channels that a filter means; absent: nothing. */
export type BulkChange = {
  readonly enabled?: boolean | null
  readonly favourite?: boolean
  /** Shown names of groups. */
  readonly addGroup?: string
  readonly removeGroup?: string
  /** Replaces in the name that viewers see, and keeps the result as the owner's; null: back to the sources' names. */
  readonly rename?: { readonly pattern: string; readonly replacement: string } | null
  /** New numbers in the order of the old ones: from here on, or (`'rules'`) in the ranges of the rules. */
  readonly number?: { readonly from: number } | 'rules'
}

/**
 * The line-up with a change of all channels that the filter means, seen as viewers see them, those that are off too.
 *
 * New numbers pass over those of channels that are not meant. Fails with `lineup/bad-filter`, `lineup/bad-pattern`,
 * `lineup/unknown-group`, `lineup/bad-edit`. Pure.
 */
export const editChannels = (stored: StoredLineup, filter: string, change: BulkChange): StoredLineup =>
  atOnce(editChannelsSteps(stored, filter, change))

/** `editChannels` step by step: it looks at all channels. */
export function* editChannelsSteps(stored: StoredLineup, filter: string, change: BulkChange): Steps<StoredLineup> {
  const meant = yield* findMeant(stored, filter)
  let lineup = stored
  const groupOf = (name: string | undefined): GroupKey | null => {
    if (name === undefined) return null
    const touched = touchGroup(lineup, name)
    lineup = touched.lineup
    return touched.group.key
  }
  const added = groupOf(change.addGroup)
  const removed = groupOf(change.removeGroup)
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
    if (added !== null && !shown.groups.includes(change.addGroup ?? '')) edited = withGroup(edited, added, true)
    if (removed !== null && shown.groups.includes(change.removeGroup ?? '')) edited = withGroup(edited, removed, false)
    changes.set(channel.key, edited)
  })
  return changeChannels(lineup, changes)
}

type Meant = { readonly channel: StoredChannel; readonly shown: Channel }

function* findMeant(stored: StoredLineup, filter: string): Steps<readonly Meant[]> {
  const isMeant = createFilter(filter)
  const { channels } = yield* createLineupView()(stored)
  const meant: Meant[] = []
  yield* eachInSteps(stored.channels, (channel, index) => {
    const shown = channels[index]
    if (shown !== undefined && isMeant(subjectOf(shown, channel.favourite))) meant.push({ channel, shown })
  })
  return meant
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
