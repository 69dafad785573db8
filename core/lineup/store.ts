import type { ChannelKey } from './channel.ts'
import type { StoredChannel, StoredLineup } from './stored.ts'

/** Port of the store: the line-up with the owner's edits. */
export interface LineupStore {
  /** All that is remembered; `EMPTY_STORED_LINEUP` with the store's own revision in a new house. */
  load(): Promise<StoredLineup>
  /**
   * Writes `after`, which was made from `before`, in one transaction, and gives it with its new revision. When the
   * promise resolves, the change survives the death of the process and of the machine.
   *
   * Fails with `lineup/changed` if the stored line-up is no longer at `before.revision`; nothing is written then.
   */
  save(before: StoredLineup, after: StoredLineup): Promise<StoredLineup>
}

/** The parts of a line-up that are written whole when they change: they are small. */
export type WholePart = 'groups' | 'ownGroups' | 'selections' | 'rules'

/** What has to be written to make one line-up out of another. */
export type LineupChanges = {
  readonly put: readonly StoredChannel[]
  readonly removed: readonly ChannelKey[]
  readonly parts: readonly WholePart[]
}

const WHOLE_PARTS: readonly WholePart[] = ['groups', 'ownGroups', 'selections', 'rules']

/** The difference of two line-ups by identity of their channels and parts, which an immutable change keeps where it can. */
export function changesBetween(before: StoredLineup, after: StoredLineup): LineupChanges {
  const put: StoredChannel[] = []
  const removed: ChannelKey[] = []
  let at = 0
  // Both are in order of key.
  for (const channel of after.channels) {
    for (let old = before.channels[at]; old !== undefined && old.key < channel.key; old = before.channels[++at])
      removed.push(old.key)
    const old = before.channels[at]
    if (old?.key === channel.key) at++
    if (old !== channel) put.push(channel)
  }
  for (const { key } of before.channels.slice(at)) removed.push(key)
  return { put, removed, parts: WHOLE_PARTS.filter((part) => before[part] !== after[part]) }
}
