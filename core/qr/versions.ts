/** How the bytes of a symbol of level M are divided (ISO/IEC 18004, table 9). */
export type Blocks = {
  /** Bytes in all, data and correction. */
  readonly total: number
  readonly blocks: number
  /** Bytes of correction a block. */
  readonly correction: number
}

// Correction a block and number of blocks of level M, by version from 1 on.
const LEVEL_M = [
  [10, 1], [16, 1], [26, 1], [18, 2], [24, 2], [16, 4], [18, 4], [22, 4], [22, 5], [26, 5],
  [30, 5], [22, 8], [22, 9], [24, 9], [24, 10], [28, 10], [28, 11], [26, 13], [26, 14], [26, 16],
] as const // prettier-ignore

/** The largest version that is written: 97 modules a side, 666 bytes. Larger ones are hard to scan from a screen. */
export const MAX_VERSION = LEVEL_M.length

/** Modules a side. */
export const sizeOf = (version: number): number => 17 + 4 * version

/** Middles of the alignment patterns, on both axes (annex E). */
export function alignmentMiddles(version: number): readonly number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2
  const last = sizeOf(version) - 7
  return [6, ...Array.from({ length: count - 1 }, (_, index) => last - (count - 2 - index) * step)]
}

/** The bytes of a version of level M. */
export function blocksOf(version: number): Blocks {
  const [correction = 0, blocks = 0] = LEVEL_M[version - 1] ?? []
  return { total: Math.floor(modulesForData(version) / 8), blocks, correction }
}

/** Modules that are neither pattern nor information about the symbol. */
function modulesForData(version: number): number {
  const size = sizeOf(version)
  const finders = 3 * 64
  const timing = 2 * (size - 16)
  const format = 31
  const middles = alignmentMiddles(version).length
  // Three of the crossings are finders; those on the timing patterns share five modules with them.
  const alignment = middles === 0 ? 0 : (middles ** 2 - 3) * 25 - (middles - 2) * 10
  return size ** 2 - finders - timing - format - alignment - (version >= 7 ? 36 : 0)
}

/** Bits of the count of bytes in front of the data (table 3). */
export const countBits = (version: number): number => (version < 10 ? 8 : 16)

/** How many bytes of text a version holds. */
export function capacityOf(version: number): number {
  const { total, blocks, correction } = blocksOf(version)
  return Math.floor(((total - blocks * correction) * 8 - 4 - countBits(version)) / 8)
}
