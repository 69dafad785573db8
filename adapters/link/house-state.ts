import { readPeopleSnapshot } from '../../core/access/people-snapshot.ts'
import type { KnownPeople } from '../../core/access/people-snapshot.ts'
import { Failure } from '../../core/errors.ts'
import type { GuideReader } from '../../core/guide/guide.ts'
import { programmesOf, readGuideSnapshot } from '../../core/guide/snapshot.ts'
import type { GuideSnapshot } from '../../core/guide/snapshot.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import type { LineupIndex, LineupReader } from '../../core/lineup/lineup.ts'
import { readLineupSnapshot } from '../../core/lineup/snapshot.ts'
import { continued, createLinearGuide, readLinearSnapshot } from '../../core/linear/snapshot.ts'
import type { LinearGuide } from '../../core/linear/snapshot.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { Log } from '../../core/log.ts'

/** A part of a snapshot as a front takes it in. */
export type PartReader = {
  /** The part's name (`core/snapshots/part.ts`). */
  readonly name: string
  /** The longest text, bytes. */
  readonly limit: number
  /** Reads the text; what it gives makes it count. Fails when the text is none of its kind. */
  read(text: string): () => void
  /** The adapter is of a version that does not tell this part; absent: every version does. */
  readonly absent?: () => void
  /** Adapters that tell it publish manifests: by itself it is not asked for. */
  readonly isPublishedOnly?: true
}

/** A house as a front knows it: the last good state of every part. */
export interface HouseState {
  readonly lineup: LineupReader
  readonly guide: GuideReader
  /** Ids of revoked viewing tokens. */
  revoked(): ReadonlySet<string>
  /** The sources that have films and series. */
  shelves(): readonly { readonly id: SourceId; readonly name: string }[]
  /** Null: not known, or the adapter is of a version that does not tell. */
  people(): KnownPeople | null
  /** Whether a line-up is there, and who may see what of it. */
  ready(): boolean
  /** Where the texts of the parts go, the line-up's first. */
  readonly readers: readonly PartReader[]
}

const MAX_LINEUP_BYTES = 32 * 1024 * 1024
const MAX_PEOPLE_BYTES = 8 * 1024 * 1024
const MAX_LINEAR_BYTES = 32 * 1024 * 1024
const MAX_GUIDE_BYTES = 64 * 1024 * 1024

/** A state that knows nothing yet. */
export function createHouseState(log: Log): HouseState {
  let lineup: {
    readonly index: LineupIndex
    readonly revoked: ReadonlySet<string>
    readonly shelves: readonly { readonly id: SourceId; readonly name: string }[]
  } | null = null
  let people: { readonly known: KnownPeople | null } | null = null
  let guide: GuideSnapshot | null = null
  let linear: LinearGuide | null = null
  const readers: readonly PartReader[] = [
    {
      name: 'lineup',
      limit: MAX_LINEUP_BYTES,
      read(text) {
        const snapshot = readLineupSnapshot(JSON.parse(text))
        const next = {
          index: indexLineup(snapshot.lineup),
          revoked: new Set(snapshot.revoked),
          shelves: snapshot.shelves ?? [],
        }
        return () => {
          lineup = next
          log('info', 'snapshot-lineup', { channels: next.index.channels.length, revoked: next.revoked.size })
        }
      },
    },
    {
      name: 'people',
      limit: MAX_PEOPLE_BYTES,
      read(text) {
        const known = readPeopleSnapshot(JSON.parse(text))
        return () => {
          people = { known }
          log('info', 'snapshot-people', { people: known.byName.size, tokens: known.byId.size })
        }
      },
      absent() {
        people ??= { known: null }
      },
    },
    {
      name: 'guide',
      limit: MAX_GUIDE_BYTES,
      read(text) {
        const next = readGuideSnapshot(text)
        return () => {
          guide = next
          log('info', 'snapshot-guide', { channels: next.lines.size })
        }
      },
    },
    {
      name: 'linear',
      isPublishedOnly: true,
      limit: MAX_LINEAR_BYTES,
      read(text) {
        const snapshot = readLinearSnapshot(text)
        return () => {
          linear = createLinearGuide(snapshot)
          log('info', 'snapshot-linear', { channels: snapshot.channels.size })
        }
      },
      absent() {
        linear = null
      },
    },
  ]
  return {
    readers,
    lineup: {
      current() {
        // Without the people nobody knows who may see what.
        if (lineup === null || people === null)
          throw new Failure('lineup/not-ready', 'The adapter at home has not given its line-up yet')
        return lineup.index
      },
    },
    guide: {
      revision: () => [guide?.revision ?? '0', ...(linear === null ? [] : [linear.revision])].join('.'),
      programmes(channel, window) {
        const known = guide === null ? [] : programmesOf(guide, channel, window)
        const end = known.at(-1)?.stop ?? window.from
        if (linear === null || end >= window.to) return known
        return continued(known, linear.programmes(channel.key, { from: end, to: window.to }))
      },
    },
    revoked: () => lineup?.revoked ?? new Set(),
    shelves: () => lineup?.shelves ?? [],
    people: () => people?.known ?? null,
    ready: () => lineup !== null && people !== null,
  }
}
