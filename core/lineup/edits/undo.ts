import { Failure } from '../../errors.ts'
import type { ChannelKey } from '../channel.ts'
import { changesBetween } from '../store.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'

/** What an edit changed, small enough to be kept for some edits. */
export type EditTrace = {
  readonly channels: readonly { readonly before: StoredChannel | null; readonly after: StoredChannel | null }[]
  readonly before: OwnParts
  readonly after: OwnParts
}

type OwnParts = Pick<StoredLineup, 'ownGroups' | 'selections' | 'rules'>

/** Notes what an edit changed. */
export function traceEdit(before: StoredLineup, after: StoredLineup): EditTrace {
  const { put, removed } = changesBetween(before, after)
  const old = new Map(before.channels.map((channel) => [channel.key, channel]))
  return {
    channels: [
      ...put.map((channel) => ({ before: old.get(channel.key) ?? null, after: channel })),
      ...removed.map((key) => ({ before: old.get(key) ?? null, after: null })),
    ],
    before: partsOf(before),
    after: partsOf(after),
  }
}

const partsOf = ({ ownGroups, selections, rules }: StoredLineup): OwnParts => ({ ownGroups, selections, rules })

/**
 * The line-up as if the edit had not been made. Keys that it gave are not given again. Pure.
 *
 * Fails with `lineup/cannot-undo` if something of what it changed has changed since.
 */
export function undoEdit(stored: StoredLineup, { channels, before, after }: EditTrace): StoredLineup {
  const now = new Map(stored.channels.map((channel) => [channel.key, channel]))
  for (const channel of channels) {
    const key = channel.after?.key ?? channel.before?.key
    const isAsLeft = key !== undefined && (now.get(key) ?? null) === channel.after
    if (!isAsLeft) throw changedSince()
    if (channel.before === null) now.delete(key)
    else now.set(key, channel.before)
  }
  for (const part of ['ownGroups', 'selections', 'rules'] as const)
    if (before[part] !== after[part] && stored[part] !== after[part]) throw changedSince()
  const restored = [...now.values()].toSorted((a, b) => a.key - b.key)
  if (hasNumberTwice(restored)) throw changedSince()
  return {
    ...stored,
    channels: restored,
    ownGroups: before.ownGroups === after.ownGroups ? stored.ownGroups : before.ownGroups,
    selections: before.selections === after.selections ? stored.selections : before.selections,
    rules: before.rules === after.rules ? stored.rules : before.rules,
  }
}

const changedSince = (): Failure =>
  new Failure('lineup/cannot-undo', 'Cannot undo the last edit: what it changed has changed again since')

const hasNumberTwice = (channels: readonly { readonly key: ChannelKey; readonly number: string }[]): boolean =>
  new Set(channels.map(({ number }) => number)).size < channels.length
