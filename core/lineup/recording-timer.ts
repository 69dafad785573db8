import type { RecordingShelf } from './recording.ts'
import type { SourceId } from './stream.ts'

/** Days of a timer that repeats, as the receiver's calendar has them. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** One of them. */
export type Weekday = (typeof WEEKDAYS)[number]

/** How far a timer has come. */
export type TimerState = 'waiting' | 'prepared' | 'running' | 'ended'

/** What a receiver will do at a time, is doing, or has done. Instants are epoch milliseconds; texts are clean. */
export type RecordingTimer = {
  /** The source's key of it, of `A-Za-z0-9_-`; changes when channel or times are edited. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** Canonical service reference; null: no broadcast channel. */
  readonly serviceRef: string | null
  readonly channelName: string
  readonly beginsAt: number
  readonly endsAt: number
  readonly state: TimerState
  readonly isEnabled: boolean
  /** The receiver only switches the television to the channel. */
  readonly isZap: boolean
  /** Days on which it repeats; empty: once. `beginsAt` is its next time. */
  readonly repeats: readonly Weekday[]
  readonly tags: readonly string[]
  /** Where the recording goes; null: the receiver's usual place. */
  readonly folder: string | null
}

/** An instant, or a reading of the receiver's wall clock (`2026-11-21T20:15`). */
export type TimerTime = number | string

/** A timer as somebody wants it. `folder` is one of the receiver's own. */
export type TimerWish = Pick<
  RecordingTimer,
  'name' | 'description' | 'isEnabled' | 'isZap' | 'repeats' | 'tags' | 'folder'
> & { readonly serviceRef: string; readonly begin: TimerTime; readonly end: TimerTime }

/** A programme of the guide to record. Times and texts are ours; the receiver's own guide has the last word. */
export type ProgrammeWish = Pick<TimerWish, 'serviceRef' | 'name' | 'description' | 'isZap' | 'tags' | 'folder'> & {
  readonly start: number
  readonly stop: number
}

/** The timers of a receiver, and what its owner can choose for new ones. */
export type TimerList = {
  readonly timers: readonly RecordingTimer[]
  readonly folders: readonly string[]
  readonly tags: readonly string[]
  /** The instant as the receiver's wall clock shows it: `2026-11-21T20:15`. */
  readonly wallTime: (instant: number) => string
}

/**
 * Port of a source: its timers. Scheduling stays with the receiver.
 *
 * Fails with `timer/unknown`, `timer/conflict` (`facts.conflicts` holds the `TimerConflict`s in the way),
 * `timer/refused`, `source/*`.
 */
export interface TimerBook {
  timers(signal: AbortSignal): Promise<TimerList>
  addTimer(wish: TimerWish, signal: AbortSignal): Promise<RecordingTimer>
  /** The receiver adds its margins. */
  addProgramme(wish: ProgrammeWish, signal: AbortSignal): Promise<RecordingTimer>
  changeTimer(id: string, change: Partial<TimerWish>, signal: AbortSignal): Promise<RecordingTimer>
  removeTimer(id: string, signal: AbortSignal): Promise<void>
}

/** A timer that is in the way of another one. */
export type TimerConflict = Pick<RecordingTimer, 'name' | 'channelName' | 'beginsAt' | 'endsAt'>

/** A source that records by itself. */
export interface Recorder extends RecordingShelf, TimerBook {}

/** A recorder of this house. */
export type HouseRecorder = { readonly id: SourceId; readonly name: string; readonly recorder: Recorder }
