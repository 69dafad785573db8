import type { AccountSeat } from '../../../core/lineup/source-check.ts'
import type { BoxSession } from './box-session.ts'
import type { MacPool } from './mac-pool.ts'

/** The owner's MACs as pages show them, by their places: what is in use, what the portal said last, when they end. */
export function seatsOf(boxes: readonly BoxSession[], pool: MacPool<BoxSession>): readonly AccountSeat[] {
  return boxes.map((box): AccountSeat => {
    const state = pool.state(box)
    const isReady = state.kind === 'ready'
    return {
      place: box.number,
      ...pool.use(box),
      state: state.kind,
      until: isReady ? null : state.until,
      problem: isReady ? null : state.reason,
      expires: box.expiry(),
    }
  })
}
