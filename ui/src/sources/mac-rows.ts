import { isSetTopBoxMac, parseMac } from '../../../core/source-kinds/mac.ts'
import type { RowsSpec } from '../forms/describe-field.ts'
import { failureText } from '../text/failures.ts'
import { formatClock, formatDate } from '../text/format.ts'
import type { SeatAnswer } from './answers.ts'
import { words } from './words.ts'

/** The MACs of a portal as rows of a form; `seats`: what is known of those that are kept. */
export function macRows(seats: readonly SeatAnswer[]): RowsSpec {
  return {
    parse: parseMac,
    words: words().macs,
    advice: (mac) => (isSetTopBoxMac(mac) ? null : words().macs.strange),
    note(place) {
      const seat = seats.find((one) => one.place === place)
      return seat === undefined ? null : { text: describeSeat(seat), isBad: seat.state !== 'ready' }
    },
  }
}

/** What is in use, what the portal said, and when it ends. */
export function describeSeat({ inUse, limit, state, until, problem, expires }: SeatAnswer): string {
  const say = words().macs
  const why = problem === null ? null : (failureText(problem.code)?.title ?? problem.title)
  const parts = [
    limit === null ? say.inUse(inUse) : say.inUseOf(inUse, limit),
    state === 'ready' ? say.ready : why,
    state === 'ready' || until === null ? null : say.rests(formatClock(until)),
    expires === null ? null : expires.at === null ? expires.text : say.ends(formatDate(expires.at)),
  ]
  return parts.filter((part) => part !== null).join(' · ')
}
