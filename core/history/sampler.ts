import { inSteps, meanOf } from './sample.ts'
import type { Sample } from './sample.ts'

/** Port: where the means of past days are kept. */
export interface SampleStore {
  add(sample: Sample): void
  /** Those within [from, to), the oldest first, `most` of them at most. */
  between(from: number, to: number, most: number): readonly Sample[]
  forget(before: number): void
}

/** A look every second becomes a sample every 10 s, which is kept for 2 h; a mean over 5 minutes is kept for days. */
export const SAMPLE_MS = 10_000
/** Length of a mean that is kept for days. */
export const MEAN_MS = 300_000
const KEPT_SAMPLES = (2 * 3600 * 1000) / SAMPLE_MS
/** So many points make a graph; a wish for more gets longer steps. */
const MOST_POINTS = 1000
const MOST_MEANS = 12_000

/** What somebody wants to see. */
export type SampleQuery = { readonly from: number; readonly to: number; readonly stepMs: number }

/** Keeps how busy the house was: the last hours in detail, the last days as means. */
export class Sampler {
  readonly #store: SampleStore
  /** Looks since the last sample, and samples since the last mean. */
  #looks: Sample[] = []
  #recent: Sample[] = []
  #meanFrom: number
  #sampleFrom: number

  constructor(store: SampleStore, now: number) {
    this.#store = store
    this.#meanFrom = startOf(now, MEAN_MS)
    this.#sampleFrom = startOf(now, SAMPLE_MS)
  }

  /** What was seen just now; to be called once a second. */
  add(look: Sample): void {
    const span = startOf(look.at, SAMPLE_MS)
    if (span !== this.#sampleFrom) this.#endSample()
    this.#sampleFrom = span
    this.#looks.push(look)
    if (startOf(look.at, MEAN_MS) !== this.#meanFrom) this.#endMean(startOf(look.at, MEAN_MS))
  }

  #endSample(): void {
    const sample = meanOf(this.#looks, this.#sampleFrom)
    this.#looks = []
    if (sample === null) return
    this.#recent.push(sample)
    if (this.#recent.length > KEPT_SAMPLES) this.#recent.shift()
  }

  #endMean(next: number): void {
    const span = this.#recent.filter(({ at }) => at >= this.#meanFrom && at < this.#meanFrom + MEAN_MS)
    const mean = meanOf(span, this.#meanFrom)
    if (mean !== null) this.#store.add(mean)
    this.#meanFrom = next
  }

  /** Keeps what there is of the mean under way; to be called when the program stops. */
  close(): void {
    this.#endSample()
    this.#endMean(this.#meanFrom)
  }

  /** Samples of a time, one for each step; the step that was taken, which is longer where there would be too many. */
  find({ from, to, stepMs }: SampleQuery): { readonly stepMs: number; readonly items: readonly Sample[] } {
    const least = Math.ceil((to - from) / MOST_POINTS / SAMPLE_MS) * SAMPLE_MS
    const step = Math.max(SAMPLE_MS, least, Math.ceil(stepMs / SAMPLE_MS) * SAMPLE_MS)
    const oldest = this.#recent[0]?.at ?? this.#sampleFrom
    // What memory has in detail is not taken from the means as well.
    const means = from < oldest ? this.#store.between(from, Math.min(to, startOf(oldest, MEAN_MS)), MOST_MEANS) : []
    const recent = this.#recent.filter(({ at }) => at >= from && at < to)
    return { stepMs: step, items: inSteps([...means, ...recent], step) }
  }
}

const startOf = (at: number, spanMs: number): number => at - (at % spanMs)
