import type { SnapshotClientParts } from '../adapters/link/snapshot-client.ts'
import { createMemorySnapshotStore } from '../adapters/snapshots/memory-store.ts'
import { createPublishDesk } from '../core/snapshots/publish-desk.ts'
import type { PublishDesk } from '../core/snapshots/publish-desk.ts'
import type { PublisherId } from '../core/snapshots/publisher-key.ts'
import { createSiteShelf } from '../core/snapshots/site-shelf.ts'
import type { SnapshotStore } from '../core/snapshots/store.ts'

/** What a front keeps of its sites, and where they publish to it. */
export type Shelves = {
  /** For the snapshots of a site; nothing: they are as its adapter tells them. */
  kept(site: string): Pick<SnapshotClientParts, 'kept'>
  /** `taken` hears of every site that has published. Null: nothing would last here, or nobody may publish. */
  desk(taken: (site: string) => Promise<void>): PublishDesk | null
}

/**
 * The shelves of a front. Without a store what a site with a publisher tells is still checked, in memory; but it is not
 * published to: the next request may meet another process.
 */
export function createShelves({
  store,
  sites,
  now,
}: {
  readonly store: SnapshotStore | null
  readonly sites: readonly { readonly site: string; readonly publishers: readonly PublisherId[] }[]
  readonly now: () => number
}): Shelves {
  const place = store ?? createMemorySnapshotStore({ now })
  const shelves = sites.map(({ site, publishers }) =>
    createSiteShelf({ site, publishers: publishers.length === 0 ? null : publishers, store: place, now }),
  )
  return {
    kept(site) {
      const shelf = shelves.find((one) => one.site === site)
      const isPlain = store === null && shelf?.publishers === null
      return shelf === undefined || isPlain ? {} : { kept: { store: place, shelf } }
    },
    desk(taken) {
      if (store === null || shelves.every(({ publishers }) => publishers === null)) return null
      return createPublishDesk({ shelves, store, now, taken })
    },
  }
}
