import { generator, remainder } from './galois.ts'
import { blocksOf, countBits } from './versions.ts'

const BYTE_MODE = 0b0100
const PADDING = [0xec, 0x11]

/** All bytes of a symbol in the order in which they are placed: blocks in turns, data first (ISO/IEC 18004, 7.6). */
export function codewords(data: Uint8Array, version: number): Uint8Array {
  const { total, blocks, correction } = blocksOf(version)
  const padded = pad(data, version, total - blocks * correction)
  const divisor = generator(correction)
  const short = Math.floor(padded.length / blocks)
  // The last blocks are one byte longer where the bytes do not divide evenly.
  const firstLonger = blocks - (padded.length % blocks)
  const pieces = Array.from({ length: blocks }, (_, index) => {
    const start = index * short + Math.max(0, index - firstLonger)
    const piece = padded.subarray(start, start + short + (index >= firstLonger ? 1 : 0))
    return { piece, check: remainder(piece, divisor) }
  })
  const bytes: number[] = []
  for (let at = 0; at <= short; at++) for (const { piece } of pieces) if (at < piece.length) bytes.push(piece[at] ?? 0)
  for (let at = 0; at < correction; at++) for (const { check } of pieces) bytes.push(check[at] ?? 0)
  return Uint8Array.from(bytes)
}

/** Mode, count and data as bits, ended and filled up to `length` bytes. */
function pad(data: Uint8Array, version: number, length: number): Uint8Array {
  const bits: number[] = []
  const push = (value: number, count: number): void => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1)
  }
  push(BYTE_MODE, 4)
  push(data.length, countBits(version))
  for (const byte of data) push(byte, 8)
  push(0, Math.min(4, length * 8 - bits.length))
  push(0, (8 - (bits.length % 8)) % 8)
  for (let turn = 0; bits.length < length * 8; turn++) push(PADDING[turn % 2] ?? 0, 8)
  return Uint8Array.from({ length }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((value, bit) => (value << 1) | bit, 0),
  )
}
