import { openLibrary } from '../adapters/library/open-library.ts'
import { openScheduleKeeper } from '../adapters/linear/schedule-keeper.ts'
import { createStation } from '../adapters/linear/station.ts'
import type { Store } from '../adapters/store/open-store.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { ChannelDesk } from './channel-commands.ts'
import { createChannelDesk } from './channel-desk.ts'
import { documentsOf } from './linear.ts'
import type { HouseConfig } from './load-config.ts'

/**
 * The channels of a house that does not run: by what its libraries knew last, without a look at the folders. Nothing is
 * published by it.
 */
export function restingChannels(config: HouseConfig, store: Pick<Store, 'schedules'>): ChannelDesk {
  const log = (): void => {}
  const schedules = openScheduleKeeper({
    fixed: documentsOf(config),
    store: store.schedules,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    now: Date.now,
    newId: () => '',
    log,
  })
  const { dataDir } = config
  return createChannelDesk({
    schedules,
    async stationOf({ library, doc, revision }) {
      if (doc === null) return null
      const parts = { id: library, path: dataDir, dataDir, ffmpeg: null, now: Date.now, timers: systemTimers, log }
      await using opened = openLibrary({ ...parts, isFollowing: false })
      const { items } = opened.items({ filter: {}, offset: 0, limit: Infinity })
      const publications = { read: (id: string) => store.schedules.publication(id), write: () => {} }
      return createStation(
        { library, doc, edition: revision ?? '', items, isWhole: true },
        { store: publications, now: Date.now },
      )
    },
  })
}
