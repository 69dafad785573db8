/** How busy the house is: at an instant, or as the mean over a span that begins there. */
export type Sample = {
  /** Epoch milliseconds. */
  readonly at: number
  /** From all sources, and to all viewers. */
  readonly inKbps: number
  readonly outKbps: number
  readonly viewers: number
  readonly streams: number
  /** Lost packets a minute. */
  readonly errorsPerMinute: number
  /** Of one processor core, so that four busy cores are 400; null: not known here. */
  readonly cpuPercent: number | null
  /** Memory that the program holds. */
  readonly rssBytes: number | null
  /** How late timers were at worst. */
  readonly loopDelayMs: number | null
  /** Slots in use, by source. */
  readonly slots: Readonly<Record<string, number>>
}

/** The mean of samples, at the given instant; the worst delay of the loop stays the worst. Null of none. */
export function meanOf(samples: readonly Sample[], at: number): Sample | null {
  if (samples.length === 0) return null
  const mean = (value: (sample: Sample) => number): number => round(sum(samples.map(value)) / samples.length)
  const known = (value: (sample: Sample) => number | null): readonly number[] =>
    samples.flatMap((sample) => value(sample) ?? [])
  const meanOrNull = (values: readonly number[]): number | null =>
    values.length === 0 ? null : round(sum(values) / values.length)
  const delays = known(({ loopDelayMs }) => loopDelayMs)
  const sources = new Set(samples.flatMap(({ slots }) => Object.keys(slots)))
  return {
    at,
    inKbps: mean(({ inKbps }) => inKbps),
    outKbps: mean(({ outKbps }) => outKbps),
    viewers: mean(({ viewers }) => viewers),
    streams: mean(({ streams }) => streams),
    errorsPerMinute: mean(({ errorsPerMinute }) => errorsPerMinute),
    cpuPercent: meanOrNull(known(({ cpuPercent }) => cpuPercent)),
    rssBytes: meanOrNull(known(({ rssBytes }) => rssBytes)),
    loopDelayMs: delays.length === 0 ? null : Math.max(...delays),
    slots: Object.fromEntries([...sources].map((id) => [id, mean(({ slots }) => slots[id] ?? 0)])),
  }
}

/**
 * Samples as one for each `stepMs`, by the clock: the span that begins at a multiple of it. In: in the order of time. Spans
 * without samples are left out.
 */
export function inSteps(samples: readonly Sample[], stepMs: number): readonly Sample[] {
  const spans = Map.groupBy(samples, ({ at }) => at - (at % stepMs))
  return [...spans].flatMap(([at, span]) => meanOf(span, at) ?? [])
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const round = (value: number): number => Math.round(value * 100) / 100
