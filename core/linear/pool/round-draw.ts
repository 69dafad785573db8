import { START } from './cursor.ts'
import type { Cursor, Draw } from './cursor.ts'

/** The order of one round. */
export type Round = readonly string[]

/** How rounds are made. `successor`: what follows an id that is gone, as an index; nothing: what stands in its place. */
export type RoundRules = {
  readonly size: number
  order(round: number): Round
  successor?(order: Round, id: string, round: number): number
}

type Known = { readonly round: number; readonly order: Round; readonly places: ReadonlyMap<string, number> }

/** Each id once a round, round after round; one that ended a round does not begin the next. */
export function createRoundDraw(rules: RoundRules): Draw {
  let known: Known | null = null

  const look = (round: number): Known => {
    if (known?.round === round) return known
    const order = withoutEcho(rules, round)
    known = { round, order, places: new Map(order.map((id, index) => [id, index])) }
    return known
  }

  return {
    next(cursor) {
      if (rules.size === 0) return null
      const index = indexAfter(look(cursor.round), cursor, rules)
      const here: Cursor = index < rules.size ? { ...cursor, index } : { ...START, round: cursor.round + 1, index: 0 }
      const id = look(here.round).order[here.index]
      return id === undefined ? null : { id, cursor: { ...here, last: id }, isRepeat: here.round > 0 }
    },
  }
}

function indexAfter({ order, places, round }: Known, { last, index }: Cursor, rules: RoundRules): number {
  if (last === null) return 0
  const place = places.get(last)
  return place !== undefined ? place + 1 : (rules.successor?.(order, last, round) ?? Math.max(0, index))
}

/** The order of a round whose first is not the last of the round before. */
function withoutEcho({ size, order }: RoundRules, round: number): Round {
  const own = order(round)
  const [first, second, ...rest] = own
  // Of two, a swap would make one that plays twice as the next round ends.
  if (round === 0 || size < 3 || first === undefined || second === undefined) return own
  return order(round - 1).at(-1) === first ? [second, first, ...rest] : own
}
