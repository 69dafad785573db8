import { writeLinearSnapshot } from '../../core/linear/snapshot.ts'
import type { PublishedChannels } from '../../core/linear/snapshot.ts'
import type { SnapshotPart } from '../../core/snapshots/part.ts'

const DAY_MS = 86_400_000
/** A front tells what was on a day ago; before that it may have slept for a while. */
const DAYS_BACK = 3

/**
 * The documents of channels of one's own with their catalogue and a state of some days ago: a front plans with them what
 * lies beyond the guide that it has.
 */
export function linearPart(house: { readonly linear: PublishedChannels; readonly now: () => number }): SnapshotPart {
  const lines = async (): Promise<readonly string[]> => {
    const today = Math.floor(house.now() / DAY_MS) * DAY_MS
    return writeLinearSnapshot(await house.linear.published(today - DAYS_BACK * DAY_MS))
  }
  return {
    name: 'linear',
    contentType: 'application/jsonl',
    version: async () => {
      const [head = ''] = await lines()
      return { revision: 'linear', view: [head] }
    },
    write: async () => (await lines()).values(),
  }
}
