// The field of 256 elements with the polynomial x⁸ + x⁴ + x³ + x² + 1 (ISO/IEC 18004, 7.5.2).
const POLYNOMIAL = 0x11d

/** The product of two elements. */
export function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * POLYNOMIAL)
    product ^= ((b >>> bit) & 1) * a
  }
  return product & 0xff
}

/** The polynomial whose zeros are 2⁰ … 2^(degree−1), highest power first, without the leading 1. */
export function generator(degree: number): Uint8Array {
  const terms = new Uint8Array(degree)
  terms[degree - 1] = 1
  let root = 1
  for (let round = 0; round < degree; round++) {
    for (let at = 0; at < degree; at++) {
      terms[at] = multiply(terms[at] ?? 0, root) ^ (at + 1 < degree ? (terms[at + 1] ?? 0) : 0)
    }
    root = multiply(root, 2)
  }
  return terms
}

/** What is left of the data behind a division by the generator: the bytes that correct errors. */
export function remainder(data: Uint8Array, divisor: Uint8Array): Uint8Array {
  const rest = new Uint8Array(divisor.length)
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0)
    rest.copyWithin(0, 1)
    rest[rest.length - 1] = 0
    for (let at = 0; at < divisor.length; at++) rest[at] = (rest[at] ?? 0) ^ multiply(divisor[at] ?? 0, factor)
  }
  return rest
}
