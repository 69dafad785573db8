import type { Caller } from '../../core/access/caller.ts'
import { parseChannelId } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { LineupIndex } from '../../core/lineup/lineup.ts'
import type { Gateway } from '../gateway.ts'
import { createLiveShelf } from './live-shelf.ts'
import type { LiveShelf } from './live-shelf.ts'
import { createServerClock } from './server-clock.ts'
import type { ServerClock } from './server-clock.ts'
import { createVodLibrary } from './vod-library.ts'
import type { VodLibrary } from './vod-library.ts'

/** What of the gateway the Xtream API needs. */
export type XtreamPorts = Pick<
  Gateway,
  | 'role'
  | 'access'
  | 'rules'
  | 'peerAddress'
  | 'publicUrl'
  | 'lineup'
  | 'guide'
  | 'guideDays'
  | 'live'
  | 'outlet'
  | 'audioTs'
  | 'vod'
  | 'vodNumbers'
  | 'status'
  | 'timeZone'
  | 'log'
  | 'now'
>

/** A house as Xtream clients know it. */
export type XtreamHouse = {
  readonly gateway: XtreamPorts
  readonly clock: ServerClock
  /** Null: no films are listed here. */
  readonly library: VodLibrary | null
  /** Groups and numbers of the line-up as it is now. Fails with `lineup/not-ready`. */
  shelf(): LiveShelf
  /** The channels that the caller may watch, by number. Fails with `lineup/not-ready`. */
  channels(caller: Caller): readonly Channel[]
  /** One of them, by the number that clients know it by; null: there is none. */
  channel(caller: Caller, key: string): Channel | null
}

/** Makes it; a shelf is worked out once for each line-up. */
export function createXtreamHouse(gateway: XtreamPorts): XtreamHouse {
  const { vod, vodNumbers: numbers, log } = gateway
  let last: { readonly lineup: LineupIndex; readonly shelf: LiveShelf } | null = null
  const channels = (): readonly Channel[] => gateway.lineup.current().channels.filter((channel) => channel.enabled)
  return {
    gateway,
    clock: createServerClock(gateway.timeZone),
    library: vod === null || numbers === null ? null : createVodLibrary({ vod, numbers, log }),
    shelf() {
      const lineup = gateway.lineup.current()
      if (last?.lineup !== lineup) last = { lineup, shelf: createLiveShelf(lineup) }
      return last.shelf
    },
    channels,
    channel(_, key) {
      const id = parseChannelId(`c${key}`)
      return id === null ? null : (gateway.lineup.current().byId.get(id) ?? null)
    },
  }
}
