/** What a window has to know of a segment; its own number comes with it. */
export type WindowSegment = {
  readonly msn: number
  readonly start90k: number
  readonly durationSeconds: number
  readonly randomAccess: boolean
  readonly discontinuity: boolean
}

/** How long a live list is. */
export type WindowRules = {
  readonly windowSeconds: number
  readonly minSegments: number
  /** Seconds that a viewer should have before the edge. */
  readonly startBehind: number
}

/** The complete segments of a delivery, as long as they can be fetched. Numbers only rise, and nothing that was listed changes. */
export class SegmentWindow<T extends WindowSegment> {
  readonly #rules: WindowRules
  #segments: T[] = []
  #forgotten = 0
  /** Number of the next segment. */
  nextMsn = 0
  /** All segments so far start at a random access point. */
  isIndependent = true

  constructor(rules: WindowRules) {
    this.#rules = rules
  }

  /** Takes the next segment, whose number is `nextMsn`. */
  push(segment: T): void {
    this.isIndependent &&= segment.randomAccess
    this.#segments.push(segment)
    this.nextMsn += 1
  }

  /** What left the window stays to be fetched as long as the ring has it, and nothing longer than that. */
  forgetBefore(start90k: number): void {
    const kept = this.#segments.findIndex((segment) => segment.start90k >= start90k)
    const cut = kept < 0 ? this.#segments.length : kept
    this.#forgotten += this.#segments.slice(0, cut).filter(({ discontinuity }) => discontinuity).length
    this.#segments = this.#segments.slice(cut)
  }

  /** Segments of a list, oldest first: as few as fill its time, but not under the least number. */
  listed(): readonly T[] {
    const { windowSeconds, minSegments } = this.#rules
    let index = this.#segments.length
    let total = 0
    while (index > 0 && (total < windowSeconds || this.#segments.length - index < minSegments)) {
      index -= 1
      total += this.#segments[index]?.durationSeconds ?? 0
    }
    // Who comes with an old address begins where a decoder can.
    const access = this.#segments.findLastIndex((segment, at) => at <= index && segment.randomAccess)
    return this.#segments.slice(access < 0 ? index : access)
  }

  /** A segment that is listed, or was a window ago. */
  segment(msn: number): T | null {
    return this.#segments.find((segment) => segment.msn === msn) ?? null
  }

  /** Number of the segment from which a viewer who comes now starts; the next one if there is nothing to start with yet. */
  start(ahead = 0): number {
    let behind = ahead
    let found: T | null = null
    for (const segment of this.listed().toReversed()) {
      behind += segment.durationSeconds
      if (!segment.randomAccess) continue
      found = segment
      if (behind >= this.#rules.startBehind) break
    }
    return found?.msn ?? this.nextMsn
  }

  /** Discontinuities of segments before this one: EXT-X-DISCONTINUITY-SEQUENCE of a list that starts with it. */
  discontinuitiesBefore(msn: number): number {
    return this.#forgotten + this.#segments.filter((segment) => segment.discontinuity && segment.msn < msn).length
  }
}
