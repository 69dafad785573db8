import type { SourceId, Stream } from '../lineup/stream.ts'

/**
 * A seat at a source: a tuner, a connection, a MAC.
 *
 * reserved (before the source is asked) → open → free. `release` is idempotent.
 */
export interface Slot {
  readonly sourceId: SourceId
  readonly key: string
  release(): void
}

/** The one ledger of what every source can spare. Streams of one source with the same slot key share a slot. */
export interface SlotLedger {
  /** A slot for the stream; null when the source has no other slot key free. */
  reserve(stream: Stream): Slot | null
  /** Different slot keys in use at a source. */
  used(source: SourceId): number
}

/** A ledger over the sources' own limits; `limit` null: not known, so never refused here. */
export function createSlotLedger(limit: (source: SourceId) => number | null): SlotLedger {
  const holders = new Map<SourceId, Map<string, number>>()
  return {
    reserve({ sourceId, slotKey: key }) {
      const keys = holders.get(sourceId) ?? new Map<string, number>()
      holders.set(sourceId, keys)
      const total = limit(sourceId)
      if (!keys.has(key) && total !== null && keys.size >= total) return null
      keys.set(key, (keys.get(key) ?? 0) + 1)
      let isHeld = true
      return {
        sourceId,
        key,
        release() {
          if (!isHeld) return
          isHeld = false
          const count = (keys.get(key) ?? 1) - 1
          if (count > 0) keys.set(key, count)
          else keys.delete(key)
        },
      }
    },
    used: (source) => holders.get(source)?.size ?? 0,
  }
}
