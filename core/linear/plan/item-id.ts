import { hash32, mix32 } from '../hash.ts'

/** Names the items of a channel: base36 of the start, "-", base36 of mix32(hash32(channel) ⊕ hash32(what plays)). */
export function createItemIds(channel: string): (start: number, what: string) => string {
  const own = hash32(channel)
  const known = new Map<string, string>()
  return (start, what) => {
    let tail = known.get(what)
    if (tail === undefined) {
      if (known.size > MOST_KNOWN) known.clear()
      tail = `-${mix32(own ^ hash32(what)).toString(36)}`
      known.set(what, tail)
    }
    return base36(start) + tail
  }
}

const MOST_KNOWN = 100_000
const HALF = 36 ** 5

/** The same as `toString(36)`, of two small numbers, which engines print ten times as fast as a large one. */
function base36(instant: number): string {
  if (instant < HALF) return instant.toString(36)
  const high = Math.floor(instant / HALF)
  return high.toString(36) + (instant - high * HALF).toString(36).padStart(5, '0')
}
