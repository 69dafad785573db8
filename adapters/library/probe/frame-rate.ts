/** A rate as a fraction in lowest terms. */
export type FrameRate = { readonly num: number; readonly den: number }

const NTSC = [24, 30, 48, 60, 120] as const

/**
 * Pictures a second, exact; null: not told, or not constant.
 *
 * Containers give rounded numbers (23.976, 23.98): what is as near to a rate of NTSC as two digits can say is that rate,
 * and all others are taken with two digits. The rate that fits all time stamps (`baseRate`) is the same, or twice of it
 * for fields; with anything else the pictures come at uneven times.
 */
export function frameRateOf(averageRate: number | null, baseRate: number | null): FrameRate | null {
  if (averageRate === null || !(averageRate > 0) || averageRate > 1000) return null
  const average = exactRate(averageRate)
  if (baseRate === null) return average
  const isConstant = [1, 2].some((fields) => Math.abs(baseRate - (fields * average.num) / average.den) < 0.02 * fields)
  return isConstant ? average : null
}

function exactRate(rate: number): FrameRate {
  const hundredths = Math.round(rate * 100)
  for (const whole of NTSC)
    if (hundredths === Math.round((whole * 100_000) / 1001)) return { num: whole * 1000, den: 1001 }
  return lowest(hundredths, 100)
}

/** The fraction in lowest terms. */
export function lowest(num: number, den: number): FrameRate {
  const divisor = greatestCommonDivisor(num, den)
  return { num: num / divisor, den: den / divisor }
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b))
