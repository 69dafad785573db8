import type { Entry } from '../../core/linear/joiner/feed.ts'
import type { Stretch } from '../../core/linear/stretches.ts'

/** What a showing is told with every beat of the channel. Ticks of 90 kHz on the line; `now`: epoch milliseconds. */
export type Beat = {
  readonly now: number
  /** Where the next picture goes. */
  readonly cursor: number
  /** Where the viewers' clock is: what is behind it comes too late. */
  readonly position: number
  /** For how long nothing has come for the cursor although it is due, milliseconds; 0: all is well. */
  readonly blockedMs: number
  /** Nothing was sent to anybody yet. */
  readonly isFresh: boolean
}

/** A stretch of the plan while it is on the air, or soon will be. */
export interface Showing {
  /** As it is planned now; its end may change while it plays. */
  stretch: Stretch
  /** What plays when, in order. */
  readonly cover: readonly Entry[]
  /** So far ahead of the viewers' clock it is sent, ticks. */
  readonly ahead: number
  /** A slate is on, or will be next. */
  readonly isSlate: boolean
  beat(beat: Beat): void
  /** It is over, or not wanted any more. */
  close(): void
}

/** What is sent ahead of the viewers' clock: an unsteady machine has this long to recover. 1 s. */
export const AHEAD_90K = 90_000

/** A stretch that shows a slate: nothing is encoded, nothing can fail. */
export function slateShowing(stretch: Stretch, entry: Entry): Showing {
  return { stretch, cover: [entry], ahead: AHEAD_90K, isSlate: true, beat() {}, close() {} }
}
