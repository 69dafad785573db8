import { eachInSteps } from '../steps.ts'
import type { Steps } from '../steps.ts'
import type { Channel } from './channel.ts'
import { groupName } from './group-names.ts'
import type { GroupNames } from './group-names.ts'
import type { Group } from './lineup.ts'
import type { StoredGroup, StoredLineup } from './stored.ts'

/**
 * The groups that have an enabled channel: first those that the owner ordered, then the owner's own ones, then the
 * sources' in their order. A source may put an item into a group that it does not list: such groups come last.
 */
export function* listGroups(
  stored: StoredLineup,
  channels: readonly Channel[],
  names: GroupNames,
): Steps<readonly Group[]> {
  const used = new Set<string>()
  yield* eachInSteps(channels, (channel) => {
    if (channel.enabled) for (const name of channel.groups) used.add(name)
  })
  return orderedNames(stored, names, used)
    .filter((name) => used.has(name))
    .map((name, order) => describe(name, order, names.record(name)))
}

/** All groups there are, in the same order, those without a channel and hidden ones too. */
export function allGroupNames(
  stored: StoredLineup,
  channels: readonly Channel[],
  names: GroupNames,
): readonly string[] {
  const used = new Set<string>()
  for (const channel of channels) for (const name of channel.groups) used.add(name)
  return orderedNames(stored, names, used)
}

function orderedNames(stored: StoredLineup, names: GroupNames, used: ReadonlySet<string>): readonly string[] {
  const placed = stored.ownGroups
    .filter(({ position }) => position !== null)
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
  const own = stored.ownGroups.filter(({ sourceName }) => sourceName === null)
  const ofSources = stored.groups.flatMap((source) => source.names.map((name) => names.shown(name)))
  return [...new Set([...[...placed, ...own].map(groupName), ...ofSources, ...used])]
}

function describe(name: string, order: number, record: StoredGroup | undefined): Group {
  if (record === undefined) return { name, order }
  const { logo, sort, members } = record
  return { name, order, ...(logo === null ? {} : { logo }), ...(sort === 'number' ? {} : { sort, members }) }
}
