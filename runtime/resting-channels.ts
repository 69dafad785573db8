import { join } from 'node:path'
import { openLibrary } from '../adapters/library/open-library.ts'
import { openScheduleKeeper } from '../adapters/linear/schedule-keeper.ts'
import { createStation } from '../adapters/linear/station.ts'
import type { Store } from '../adapters/store/open-store.ts'
import type { ChannelDesk } from './channel-commands.ts'
import { createChannelDesk } from './channel-desk.ts'
import { documentsOf } from './linear.ts'
import type { HouseConfig } from './load-config.ts'

/** The channels of a house that does not run: by what its libraries knew last, without a look at the folders. */
export function restingChannels(
  config: HouseConfig,
  store: Pick<Store, 'schedules'>,
): ChannelDesk & AsyncDisposable {
  const stack = new AsyncDisposableStack()
  const { schedules } = store
  return {}
}
