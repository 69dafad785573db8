import type { Modules } from './penalty.ts'
import { alignmentMiddles, sizeOf } from './versions.ts'

/** Which modules each mask turns over (ISO/IEC 18004, table 10). */
export const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

const LEVEL_M = 0b00

/** A symbol while it is drawn: patterns first, then data along the free modules, then a mask over the data. */
export class Canvas {
  readonly #version: number
  readonly #size: number
  readonly #dark: boolean[][]
  readonly #fixed: boolean[][]

  constructor(version: number) {
    this.#version = version
    this.#size = sizeOf(version)
    const rows = (): boolean[][] => Array.from({ length: this.#size }, () => Array<boolean>(this.#size).fill(false))
    this.#dark = rows()
    this.#fixed = rows()
    for (let at = 0; at < this.#size; at++) {
      this.#set(6, at, at % 2 === 0)
      this.#set(at, 6, at % 2 === 0)
    }
    this.#drawFinder(3, 3)
    this.#drawFinder(this.#size - 4, 3)
    this.#drawFinder(3, this.#size - 4)
    this.#drawAlignment()
    this.#drawFormat(0)
    this.#drawVersion()
  }

  #set(x: number, y: number, isDark: boolean): void {
    const [row, fixed] = [this.#dark[y], this.#fixed[y]]
    if (row === undefined || fixed === undefined || x < 0 || x >= this.#size) return
    row[x] = isDark
    fixed[x] = true
  }

  /** Seven modules a side around a middle, with the light border. */
  #drawFinder(middleX: number, middleY: number): void {
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy))
        this.#set(middleX + dx, middleY + dy, ring !== 2 && ring !== 4)
      }
  }

  #drawAlignment(): void {
    const middles = alignmentMiddles(this.#version)
    const last = middles.length - 1
    for (const [row, y] of middles.entries())
      for (const [column, x] of middles.entries()) {
        const isFinder = (row === 0 && (column === 0 || column === last)) || (row === last && column === 0)
        if (isFinder) continue
        for (let dy = -2; dy <= 2; dy++)
          for (let dx = -2; dx <= 2; dx++) this.#set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1)
      }
  }

  /** Level and mask, twice, with ten bits that correct errors (7.9). */
  #drawFormat(mask: number): void {
    const bits = protect((LEVEL_M << 3) | mask, { width: 10, divisor: 0x537 }) ^ 0x5412
    const bit = (at: number): boolean => ((bits >>> at) & 1) === 1
    for (let at = 0; at <= 5; at++) this.#set(8, at, bit(at))
    this.#set(8, 7, bit(6))
    this.#set(8, 8, bit(7))
    this.#set(7, 8, bit(8))
    for (let at = 9; at < 15; at++) this.#set(14 - at, 8, bit(at))
    for (let at = 0; at < 8; at++) this.#set(this.#size - 1 - at, 8, bit(at))
    for (let at = 8; at < 15; at++) this.#set(8, this.#size - 15 + at, bit(at))
    this.#set(8, this.#size - 8, true)
  }

  /** The version, twice, from version 7 on (7.10). */
  #drawVersion(): void {
    if (this.#version < 7) return
    const bits = protect(this.#version, { width: 12, divisor: 0x1f25 })
    for (let at = 0; at < 18; at++) {
      const isDark = ((bits >>> at) & 1) === 1
      const [near, far] = [Math.floor(at / 3), this.#size - 11 + (at % 3)]
      this.#set(far, near, isDark)
      this.#set(near, far, isDark)
    }
  }

  /** Puts bytes along the free modules: columns of two from the right, upwards and downwards in turns (7.7.3). */
  place(bytes: Uint8Array): void {
    let bit = 0
    let isUpward = true
    for (const right of this.#columns()) {
      for (let step = 0; step < this.#size; step++) {
        const y = isUpward ? this.#size - 1 - step : step
        for (const x of [right, right - 1]) {
          const row = this.#dark[y]
          if (row === undefined || this.#fixed[y]?.[x] === true) continue
          row[x] = (((bytes[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1
          bit += 1
        }
      }
      isUpward = !isUpward
    }
  }

  /** Right modules of the columns of two; the timing pattern has a column of its own. */
  *#columns(): Generator<number, void, undefined> {
    for (let right = this.#size - 1; right > 6; right -= 2) yield right
    for (let right = 5; right > 0; right -= 2) yield right
  }

  /** The symbol under a mask. Fails with `RangeError` for a mask that there is not. */
  finish(mask: number): Modules {
    const turns = MASKS[mask]
    if (turns === undefined) throw new RangeError(`Mask ${mask} should be 0 to ${MASKS.length - 1}`)
    this.#drawFormat(mask)
    return this.#dark.map((row, y) =>
      row.map((isDark, x) => (this.#fixed[y]?.[x] === true ? isDark : isDark !== turns(x, y))),
    )
  }
}

/** The bits with the remainder of a division behind them. */
function protect(value: number, { width, divisor }: { readonly width: number; readonly divisor: number }): number {
  let rest = value
  for (let round = 0; round < width; round++) rest = (rest << 1) ^ ((rest >>> (width - 1)) * divisor)
  return (value << width) | rest
}
