import type { SseEvent } from './sse.ts'

/** How the line to the gateway is: `off` nobody asked for it, `opening` the first time, `open`, `lost` it is tried again. */
export type LineState = 'off' | 'opening' | 'open' | 'lost'

/** What a tab hears from the line, whoever holds it. */
export type LineMessage =
  | { readonly type: 'state'; readonly state: LineState }
  | ({ readonly type: 'event' } & SseEvent)

/** One tab's end of the line to the gateway's events. */
export type Line = {
  /** Another person is signed in: what was said before does not hold any more. */
  restart(): void
  /** Hangs up, at once and for good. */
  close(): void
}

/** Opens a line; what comes is told to `hear`. */
export type OpenLine = (hear: (message: LineMessage) => void) => Line
