import { diff90k } from '../timestamps.ts'
import type { Sample } from './sample.ts'

/** Pieces of sound that wait for their pictures: minutes of AAC. */
const MOST_WAITING = 8000
/** Sound so much older than the pictures beside it has missed them. */
const TOO_OLD = 90_000
/** Sound that is later than that belongs to other pictures: its clock is another one. */
const TOO_NEW = 30 * 90_000

/** Sound that comes in segments of its own, until the pictures that it belongs to come. Times are 90 kHz modulo 2³³. */
export class SoundQueue {
  #waiting: Sample[] = []

  /** Puts more behind what waits; the oldest give way. */
  push(samples: readonly Sample[]): void {
    this.#waiting.push(...samples.filter(({ track }) => track.kind === 'audio'))
    if (this.#waiting.length > MOST_WAITING) this.#waiting.splice(0, this.#waiting.length - MOST_WAITING)
  }

  /** The times have begun anew: what waits has no pictures any more. */
  clear(): void {
    this.#waiting = []
  }

  /** Whether the sound reaches to this time. */
  reaches(time: number): boolean {
    const last = this.#waiting.at(-1)
    return last !== undefined && diff90k(last.dts90k, time) >= 0
  }

  /** Takes out what belongs between two times; what is older is lost. */
  take(from: number, to: number): readonly Sample[] {
    const taken: Sample[] = []
    const later: Sample[] = []
    for (const sample of this.#waiting) {
      const early = diff90k(sample.dts90k, from)
      if (early < -TOO_OLD || early > TOO_NEW) continue
      if (diff90k(sample.dts90k, to) < 0) taken.push(sample)
      else later.push(sample)
    }
    this.#waiting = later
    return taken
  }
}

/** The samples in the order in which they are to be decoded; those of one time stay in their order. */
export function inDecodingOrder(samples: readonly Sample[]): readonly Sample[] {
  const [first] = samples
  if (first === undefined) return []
  return samples.toSorted((a, b) => diff90k(a.dts90k, first.dts90k) - diff90k(b.dts90k, first.dts90k))
}

/** From when to when these pictures are decoded; null: there are none. */
export function spanOf(samples: readonly Sample[]): { readonly from: number; readonly to: number } | null {
  const times = inDecodingOrder(samples.filter(({ track }) => track.kind === 'video')).map(({ dts90k }) => dts90k)
  const [from] = times
  const last = times.at(-1)
  if (from === undefined || last === undefined) return null
  const step = times.length < 2 ? 3600 : diff90k(last, from) / (times.length - 1)
  return { from, to: (last + Math.round(step)) % 2 ** 33 }
}
