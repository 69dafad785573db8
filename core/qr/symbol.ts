import { Canvas, MASKS } from './canvas.ts'
import { codewords } from './codewords.ts'
import { penalty } from './penalty.ts'
import type { Modules } from './penalty.ts'
import { capacityOf, MAX_VERSION } from './versions.ts'

/**
 * The QR symbol of a text, without the quiet zone: UTF-8 in byte mode, level M (15 % can be missing), the smallest version
 * that holds it, the mask with the least penalty. `mask`: that one instead.
 *
 * Fails with `RangeError` for a text of more than 666 bytes. Source: ISO/IEC 18004:2015, clause 7.
 */
export function qrSymbol(text: string, mask: number | null = null): Modules {
  const data = new TextEncoder().encode(text)
  const version = versionFor(data.length)
  const canvas = new Canvas(version)
  canvas.place(codewords(data, version))
  if (mask !== null) return canvas.finish(mask)
  const symbols = MASKS.map((_, index) => canvas.finish(index))
  const penalties = symbols.map(penalty)
  return symbols[penalties.indexOf(Math.min(...penalties))] ?? canvas.finish(0)
}

function versionFor(length: number): number {
  for (let version = 1; version <= MAX_VERSION; version++) if (capacityOf(version) >= length) return version
  throw new RangeError(`A QR symbol holds ${capacityOf(MAX_VERSION)} bytes, the text has ${length}`)
}
