import type { Context, Hono } from 'hono'
import type { Caller } from '../../core/access/caller.ts'
import { parseChannelId } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { LineupIndex } from '../../core/lineup/lineup.ts'
import type { VodKind } from '../../core/lineup/vod.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import type { CallParameters, Pair } from './call.ts'
import { createLiveShelf } from './live-shelf.ts'
import type { CategoryRow, LiveShelf } from './live-shelf.ts'
import { createServerClock } from './server-clock.ts'
import type { ServerClock } from './server-clock.ts'
import { viewOf } from '../seen-lineup.ts'

/** What of the gateway the Xtream API needs. */
export type XtreamPorts = Pick<
  Gateway,
  | 'role'
  | 'access'
  | 'pairs'
  | 'log'
  | 'rules'
  | 'peerAddress'
  | 'publicUrl'
  | 'lineup'
  | 'guide'
  | 'guideDays'
  | 'live'
  | 'outlet'
  | 'audioTs'
  | 'status'
  | 'timeZone'
  | 'now'
>

/** A house as Xtream clients know it. */
export type XtreamHouse = {
  readonly gateway: XtreamPorts
  readonly clock: ServerClock
  /** Null: there are none here. */
  readonly films: XtreamFilms | null
  /** Groups and numbers of the line-up as it is now. Fails with `lineup/not-ready`. */
  shelf(): LiveShelf
  /** The channels that the caller may watch, by number. Fails with `lineup/not-ready`. */
  channels(caller: Caller): readonly Channel[]
  /** One of them, by the number that clients know it by; null: there is none. */
  channel(caller: Caller, key: string): Channel | null
}

/** A call of the API by somebody who has signed in. */
export type XtreamCall = {
  readonly c: Context<Env>
  readonly house: XtreamHouse
  readonly caller: Caller
  readonly pair: Pair
  readonly parameters: CallParameters
  /** Address of the caller's own root, no slash at the end. */
  readonly root: string
}

/** Answers one action of the API. */
export type XtreamAction = (call: XtreamCall) => Response | Promise<Response>

/** What films and series add to the API. */
export type XtreamFilms = {
  /** What `action=` may be beside live channels and guide. */
  readonly actions: Readonly<Record<string, XtreamAction>>
  categories(call: XtreamCall, kind: VodKind): Promise<readonly CategoryRow[]>
  /** All films as rows; each is in a category of the list. */
  rows(call: XtreamCall): AsyncIterable<{ readonly stream_id: number; readonly category_id: string }>
  /** All films as entries of a playlist. `urlOf`: the address of a file name. */
  entries(call: XtreamCall, urlOf: (file: string) => string): AsyncIterable<string>
  /** `/movie/…` and `/series/…`. `enter` lets in who signs in, or fails. */
  routes(enter: (c: Context<Env>) => Promise<void>): Hono<Env>
}

/** Makes it; a shelf is worked out once for each line-up. */
export function createXtreamHouse(gateway: XtreamPorts, films: XtreamFilms | null): XtreamHouse {
  let last: { readonly lineup: LineupIndex; readonly shelf: LiveShelf } | null = null
  const channels = (caller: Caller): readonly Channel[] =>
    gateway.lineup.current(viewOf(caller)).channels.filter((channel) => channel.enabled)
  return {
    gateway,
    clock: createServerClock(gateway.timeZone),
    films,
    shelf() {
      const lineup = gateway.lineup.current()
      if (last?.lineup !== lineup) last = { lineup, shelf: createLiveShelf(lineup) }
      return last.shelf
    },
    channels,
    channel(caller, key) {
      const id = parseChannelId(`c${key}`)
      return id === null ? null : (gateway.lineup.current(viewOf(caller)).byId.get(id) ?? null)
    },
  }
}
