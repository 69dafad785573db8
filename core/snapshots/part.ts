import { foldName } from '../access/accounts.ts'
import type { Account, TokenRecord } from '../access/accounts.ts'
import { writePeopleSnapshot } from '../access/people-snapshot.ts'
import { snapshotWindow, writeGuideSnapshot } from '../guide/snapshot.ts'
import type { GuideReader } from '../guide/guide.ts'
import { writeLineupSnapshot } from '../lineup/snapshot.ts'
import type { LineupSnapshot } from '../lineup/snapshot.ts'
import type { LineupReader } from '../lineup/lineup.ts'

/** A part of what a house publishes to its fronts, by name (`lineup`, `people`, `guide`). */
export type SnapshotPart = {
  /** Lower-case letters; part of the address at which fronts ask for it. */
  readonly name: string
  readonly contentType: string
  /** Is another one exactly when the text is another one: a revision, and what else is in it. */
  version(): Promise<{ readonly revision: string; readonly view: readonly string[] }>
  /** The text, in pieces, as it is now. */
  write(): Promise<Iterator<string> | AsyncIterator<string>>
}

/** The line-up, with the ids of revoked viewing tokens and the sources that have films. */
export function lineupPart(house: {
  readonly lineup: LineupReader
  readonly revoked: () => Promise<readonly string[]>
  readonly shelves: () => NonNullable<LineupSnapshot['shelves']>
}): SnapshotPart {
  return {
    name: 'lineup',
    contentType: 'application/json',
    async version() {
      const shelves = house.shelves().map(({ id, name }) => `${id} ${name}`)
      return { revision: house.lineup.current().revision, view: ['lineup', ...(await house.revoked()), ...shelves] }
    },
    write: async () =>
      writeLineupSnapshot({
        lineup: house.lineup.current(),
        revoked: await house.revoked(),
        shelves: house.shelves(),
      }),
  }
}

/**
 * The people with their limits, and the tokens that are good. Everybody gets a viewing token of their own (`ownToken`), which
 * the addresses in their playlists carry: a front cannot make one.
 */
export function peoplePart(house: {
  readonly accounts: () => Promise<readonly Account[]>
  readonly tokens: () => Promise<readonly TokenRecord[]>
  readonly ownToken: (account: string) => Promise<unknown>
}): SnapshotPart {
  const text = async (): Promise<string> => {
    const [accounts, tokens] = await Promise.all([house.accounts(), house.tokens()])
    const owners = new Set(tokens.flatMap(({ account }) => (account === null ? [] : [foldName(account)])))
    const without = accounts.filter(({ name }) => !owners.has(foldName(name)))
    for (const { name } of without) await house.ownToken(name)
    return writePeopleSnapshot(accounts, without.length === 0 ? tokens : await house.tokens())
  }
  return {
    name: 'people',
    contentType: 'application/json',
    version: async () => ({ revision: 'people', view: [await text()] }),
    write: async () => [await text()].values(),
  }
}

/** The guide of some days around now, one JSON line a channel. */
export function guidePart(house: {
  readonly lineup: LineupReader
  readonly guide: GuideReader
  readonly days: number
  readonly now: () => number
}): SnapshotPart {
  const window = () => snapshotWindow(house.now(), house.days)
  return {
    name: 'guide',
    contentType: 'application/jsonl',
    async version() {
      const { from, to } = window()
      const { revision } = house.lineup.current()
      return { revision: house.guide.revision(), view: ['guide', revision, String(from), String(to)] }
    },
    async write() {
      const channels = house.lineup.current().channels.filter((channel) => channel.enabled)
      return writeGuideSnapshot(house.guide, channels, window())
    },
  }
}
