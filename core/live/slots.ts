import type { SourceId, Stream } from '../lineup/stream.ts'
import type { SlotRule } from './upstream.ts'

/**
 * A seat at a source: a tuner, a connection, a MAC.
 *
 * reserved (before the source is asked) → open → closing (given back; the source may still count it) → free.
 * `release` is idempotent.
 */
export interface Slot {
  readonly sourceId: SourceId
  readonly key: string
  /** The source must not be asked before this instant, epoch milliseconds: it still counts the connection before. */
  readonly readyAt: number
  release(): void
}

/** The one ledger of what every source can spare. */
export interface SlotLedger {
  /** A slot for the stream; null when the source has none free. */
  reserve(stream: Pick<Stream, 'sourceId' | 'slotKey'>): Slot | null
  /** Slots of a source in use. */
  used(source: SourceId): number
  /** Keys of the slots of a source in use. */
  keys(source: SourceId): ReadonlySet<string>
}

/** A receiver notices a closed connection a moment later: how long a source counts it that does not say, milliseconds. */
export const CLOSING_MS = 150

type Seat = { readonly key: string; readonly readyAt: number; holders: number; closingUntil: number }

/**
 * A ledger over the sources' own rules; `rule` null: there is no such source. Where a source shares slots (transponders of
 * a receiver), streams of one slot key sit in one slot; elsewhere every open stream has its own.
 */
export function createSlotLedger(rule: (source: SourceId) => SlotRule | null, now: () => number): SlotLedger {
  const houses = new Map<SourceId, Set<Seat>>()

  const seatsOf = (id: SourceId): Set<Seat> => {
    const seats = houses.get(id) ?? new Set()
    houses.set(id, seats)
    const at = now()
    for (const seat of seats) if (seat.holders === 0 && seat.closingUntil <= at) seats.delete(seat)
    return seats
  }

  const sit = (id: SourceId, seat: Seat, closingMs: number): Slot => {
    seat.holders += 1
    let isHeld = true
    return {
      sourceId: id,
      key: seat.key,
      readyAt: Math.max(seat.readyAt, now()),
      release() {
        if (!isHeld) return
        isHeld = false
        seat.holders -= 1
        if (seat.holders === 0) seat.closingUntil = now() + closingMs
      },
    }
  }

  return {
    reserve({ sourceId, slotKey: key }) {
      const terms = rule(sourceId)
      const total = terms?.slots() ?? null
      const shares = terms?.sharesSlots ?? true
      const closingMs = terms?.closingMs ?? CLOSING_MS
      const seats = seatsOf(sourceId)
      const same = shares ? [...seats].find((seat) => seat.key === key) : undefined
      // What was just given back for the same key is still tuned: it can be had at once.
      if (same !== undefined) return sit(sourceId, same, closingMs)
      let readyAt = now()
      if (total !== null && seats.size >= total) {
        const [closing] = [...seats]
          .filter(({ holders }) => holders === 0)
          .toSorted((a, b) => a.closingUntil - b.closingUntil)
        if (closing === undefined) return null
        seats.delete(closing)
        readyAt = closing.closingUntil
      }
      const seat: Seat = { key, readyAt, holders: 0, closingUntil: 0 }
      seats.add(seat)
      return sit(sourceId, seat, closingMs)
    },
    keys: (source) => new Set([...seatsOf(source)].filter(({ holders }) => holders > 0).map(({ key }) => key)),
    used: (source) => [...seatsOf(source)].filter(({ holders }) => holders > 0).length,
  }
}
