import type { FailureCode } from '../errors.ts'
import type { ChannelId } from '../lineup/channel.ts'
import type { SourceId, StreamId } from '../lineup/stream.ts'
import type { EndReason, WatchedKind } from '../live/attendance.ts'
import type { StreamSwitch, ViewerMode } from '../live/hub.ts'
import type { Quality } from '../live/quality.ts'

/** Lost packets within one minute. */
export type ErrorMinute = {
  /** Beginning of the minute, epoch milliseconds. */
  readonly at: number
  readonly count: number
}

/** One person's watching of one thing, from the first byte to the last. Instants are epoch milliseconds. */
export type Viewing = {
  /** Not used again, also not by another run of the program. */
  readonly id: string
  /** Id of the viewer in the status; only while it watches. */
  readonly viewerId: string
  readonly kind: WatchedKind
  /** Null for films. */
  readonly channelId: ChannelId | null
  /** Name of the channel or film. */
  readonly title: string
  /** What carried it last; null: that was not known before it ended. */
  readonly sourceId: SourceId | null
  readonly streamId: StreamId | null
  readonly mode: ViewerMode
  readonly quality: Quality
  /** Name of the person or token; null: nobody by name. */
  readonly user: string | null
  /** What the player calls itself; null: it does not say. */
  readonly player: string | null
  /** As far as it is kept (`history.addresses`); null: not at all. */
  readonly address: string | null
  readonly startedAt: number
  /** When it was last known to go on. */
  readonly lastSeen: number
  /** Null: it goes on. */
  readonly endedAt: number | null
  readonly bytes: number
  /** Null: it goes on. */
  readonly reason: EndReason | null
  /** The failure behind the reason, where there was one. */
  readonly code: FailureCode | null
  /** Changes to another stream of the channel while it was watched: all of them, and the last ones. */
  readonly switchCount: number
  readonly switches: readonly StreamSwitch[]
  /** Lost packets while it was watched: all of them, and the last minutes that had some. */
  readonly errors: number
  readonly errorMinutes: readonly ErrorMinute[]
}

/** Which viewings: what is null does not matter. */
export type ViewingQuery = {
  readonly channelId: string | null
  /** Name of the person or token, any case. */
  readonly person: string | null
  readonly sourceId: string | null
  /** `running`: those that go on. */
  readonly reason: EndReason | 'running' | null
  /** Those that went on at some time within [from, to), epoch milliseconds. */
  readonly from: number | null
  readonly to: number | null
  readonly offset: number
  readonly limit: number
}

/** A window of viewings, the newest first, and how many there are in all. */
export type ViewingPage = { readonly total: number; readonly items: readonly Viewing[] }

/** By what viewings are told apart: who, what, from where. */
export const VIEWING_FIELDS = ['person', 'channel', 'source'] as const

/** One of them. */
export type ViewingField = (typeof VIEWING_FIELDS)[number]

/** A value that viewings have: what to ask for, its newest name, how many there are. */
export type ViewingChoice = { readonly id: string; readonly name: string; readonly viewings: number }

/** Port: where viewings are kept. */
export interface ViewingStore {
  /** Adds them, or replaces what is kept of them, all at once. */
  put(viewings: readonly Viewing[]): void
  find(query: ViewingQuery): ViewingPage
  /** Values of a field whose name has this text in it, any case, the most frequent first; '' has all. */
  choices(field: ViewingField, text: string, limit: number): readonly ViewingChoice[]
  /** Ends what an earlier run has left open, as `interrupted`, when it was last seen; gives how many. */
  interruptOpen(): number
  /** Forgets those that ended before this instant, and the oldest beyond `most`. */
  forget(before: number, most: number): void
}
