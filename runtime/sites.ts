import { createAdapterWatch } from '../adapters/link/adapter-watch.ts'
import { createRemoteLink } from '../adapters/link/remote-link.ts'
import { createRemoteVod } from '../adapters/link/remote-vod.ts'
import { createSnapshotClient } from '../adapters/link/snapshot-client.ts'
import type { SnapshotClient } from '../adapters/link/snapshot-client.ts'
import { joinLive } from '../adapters/sites/joined-live.ts'
import { joinSnapshots } from '../adapters/sites/joined-snapshots.ts'
import { joinVod } from '../adapters/sites/joined-vod.ts'
import type { Site } from '../adapters/sites/site.ts'
import type { KeyRing } from '../core/access/keys.ts'
import { systemRandom } from '../core/access/random.ts'
import type { Config, SiteConfig } from '../core/config.ts'
import { Failure } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { PublishDesk } from '../core/snapshots/publish-desk.ts'
import type { SnapshotStore } from '../core/snapshots/store.ts'
import { createShelves } from './shelves.ts'

/** The houses behind a front, one or several, as one. */
export type Sites = Pick<Site, 'snapshots' | 'live' | 'vod'> & {
  readonly configs: readonly SiteConfig[]
  /** Where they publish; null: nowhere. */
  readonly publishing: PublishDesk | null
}

/** Opens the way to every house of a front. Fails with `config/invalid` when there is none. */
export function openSites({
  config: { links },
  ring,
  store,
  ...common
}: {
  readonly config: Pick<Config, 'links'>
  readonly ring: KeyRing
  readonly store: SnapshotStore | null
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly log: Log
  readonly now: () => number
}): Sites {
  const configs = sitesOf(links)
  const shelves = createShelves({
    store,
    sites: configs.map(({ id, publishers }) => ({ site: id, publishers })),
    now: common.now,
  })
  const { ttlSeconds, mode } = links
  const open = ({ id, number, adapterUrl, numbersFrom }: SiteConfig): Site => {
    const parts = { ...common, adapterUrl, ring, ttlSeconds, mode, random: systemRandom }
    const watched = links.checkAdapter ? { ...parts, watch: createAdapterWatch(parts) } : parts
    const snapshots = createSnapshotClient({ ...parts, ...shelves.kept(id) })
    return {
      id,
      number,
      numbersFrom,
      snapshots,
      live: createRemoteLink(watched),
      vod: createRemoteVod({ ...watched, shelves: () => snapshots.shelves() }),
    }
  }
  const sites = configs.map(open)
  const reload = async (site: string): Promise<void> => sites.find(({ id }) => id === site)?.snapshots.reload()
  const publishing = shelves.desk(reload)
  // One house is shown as it is, whatever its keys are.
  const [only] = links.sites.length === 0 ? sites : []
  if (only !== undefined) return { ...only, configs, publishing }
  const snapshots: SnapshotClient = joinSnapshots(sites)
  return { configs, publishing, snapshots, live: joinLive(sites), vod: joinVod(sites) }
}

/** The sites as configured; without a list the one that `links.adapterUrl` names. */
function sitesOf({ sites, site: id, adapterUrl, publishers }: Config['links']): readonly SiteConfig[] {
  if (sites.length > 0) return sites
  if (adapterUrl !== null) return [{ id, number: 0, adapterUrl, publishers, numbersFrom: 0 }]
  throw new Failure(
    'config/invalid',
    'links.adapterUrl: missing; a front needs the address of its adapter (DOWNLINK_ADAPTER_URL)',
  )
}
