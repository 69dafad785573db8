/** Last mixing of MurmurHash3: spreads every bit of a 32-bit number over all others. */
export function mix32(number: number): number {
  let mixed = number
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/**
 * The hash that all chance of a schedule comes from: 32-bit FNV-1a over UTF-16 code units, its basis XORed with the seed,
 * then `mix32`. The same on every runtime, for ever: published schedules depend on it (docs/linear-plan.md).
 */
export function hash32(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return mix32(hash)
}

/** The seed of round `round` (0, 1, …) of something that is drawn anew each time. */
export const roundSeed = (seed: number, round: number): number => seed ^ Math.imul(round + 1, 0x9e3779b1)
