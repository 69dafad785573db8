import { CLOSING_MS } from '../../core/live/slots.ts'
import type { SlotRule, StreamOpener } from '../../core/live/upstream.ts'

/** The same source with another way to open its streams; what it can spare, and what it needs itself, stays its own. */
export const openingBy = (source: StreamOpener & SlotRule, open: StreamOpener['open']): StreamOpener & SlotRule => ({
  open,
  slots: () => source.slots(),
  ...(source.sharesSlots === undefined ? {} : { sharesSlots: source.sharesSlots }),
  demand: () => source.demand?.() ?? null,
  // Sources learn it while they run.
  get closingMs() {
    return source.closingMs ?? CLOSING_MS
  },
})
