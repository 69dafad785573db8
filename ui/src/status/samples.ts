/** Last bitrates of each running stream, oldest first. */
export type Samples = ReadonlyMap<string, readonly number[]>

/** Two minutes at one sample every two seconds. */
export const SAMPLES_KEPT = 60

/** The samples with one more of each running stream; ended streams are forgotten. */
export function addSample(
  samples: Samples,
  streams: readonly { readonly channelId: string; readonly bitrateKbps: number }[],
): Samples {
  return new Map(
    streams.map(({ channelId, bitrateKbps }) => [
      channelId,
      [...(samples.get(channelId) ?? []), bitrateKbps].slice(-SAMPLES_KEPT),
    ]),
  )
}

/** An SVG path of the samples in a box of 100 × 24; its right edge is now, its top the highest sample. */
export function sparkPath(samples: readonly number[]): string {
  const highest = Math.max(1, ...samples)
  const step = 100 / (SAMPLES_KEPT - 1)
  const first = SAMPLES_KEPT - samples.length
  return samples
    .map(
      (kbps, index) =>
        `${index === 0 ? 'M' : 'L'}${((first + index) * step).toFixed(1)} ${(23 - (kbps / highest) * 21).toFixed(1)}`,
    )
    .join('')
}
