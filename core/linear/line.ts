import type { ShelvedFile } from '../library/media-item.ts'
import type { PlanItem } from './plan-item.ts'

export type { ShelvedFile } from '../library/media-item.ts'

/**
 * Port of the playout: what plays when on one channel. It answers from memory. After a change (an edit, an override) the
 * items from that instant on are others; who plays asks again then.
 */
export interface ProgrammeLine {
  /** The items that overlap the window, in order and without holes; epoch milliseconds. */
  items(from: number, to: number): readonly PlanItem[]
  /** Calls after every change of what is planned; returns the way to stop that. */
  onChange(listener: () => void): () => void
}

/** Port of the playout: where the media lie. Null: it is away, or cannot be read. */
export interface MediaShelf {
  file(media: string): ShelvedFile | null
}
