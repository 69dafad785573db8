import type { Programme } from './programme.ts'

/** Programmes of one channel of a feed for a window of time; `complete` when the source said all it has for the window. */
export type GuideBatch = {
  readonly channel: string
  readonly from: number
  readonly to: number
  readonly programmes: readonly Programme[]
}

/**
 * Port of a guide source. Yields one batch a channel, in the order asked; the caller stores each batch before asking
 * for the next, so that a restart goes on where it stopped. A channel that fails is skipped by the feed and reported
 * in its log; the feed throws `source/*` only when going on is pointless.
 */
export interface GuideFeed {
  guide(
    channels: readonly string[],
    window: { from: number; to: number },
    signal: AbortSignal,
  ): AsyncIterable<GuideBatch>
}
