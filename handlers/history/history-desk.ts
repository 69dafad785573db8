import type { StreamFigures } from '../../core/history/meter.ts'
import type { Sample } from '../../core/history/sample.ts'
import type { SampleQuery } from '../../core/history/sampler.ts'
import type { ViewingChoice, ViewingField, ViewingPage, ViewingQuery } from '../../core/history/viewing.ts'

/** What flows now. */
export type LiveFigures = Sample & { readonly perStream: readonly StreamFigures[] }

/** Port of the LAN: what happened, and what happens now. */
export interface HistoryDesk {
  /** So many days are kept. */
  readonly days: number
  viewings(query: ViewingQuery): ViewingPage
  /** Who, what or from where something was watched, by a part of the name; the most frequent first. */
  choices(field: ViewingField, text: string, limit: number): readonly ViewingChoice[]
  /** One sample for each step, the oldest first; the step is longer where there would be too many. */
  samples(query: SampleQuery): { readonly stepMs: number; readonly items: readonly Sample[] }
  /** Somebody looks at live figures, and will for the next 30 s. */
  askFigures(): void
  /** Whether somebody has asked for them lately. */
  areFiguresAsked(): boolean
  /** Calls `listener` once a second with what flows; gives the function that ends it. */
  onFigures(listener: (figures: LiveFigures) => void): () => void
}
