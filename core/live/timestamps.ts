import { adaptationFlags } from './packet.ts'

/** PTS, DTS and PCR base count 90 kHz ticks modulo this (26.5 hours). ISO/IEC 13818-1, 2.4.2.2. */
export const CLOCK_MODULUS = 2 ** 33

/** `time + ticks` on the 33-bit clock; `ticks` may be negative. */
export function add90k(time: number, ticks: number): number {
  const sum = (time + ticks) % CLOCK_MODULUS
  return sum < 0 ? sum + CLOCK_MODULUS : sum
}

/** The shortest way from `b` to `a` on the 33-bit clock, −2³² … 2³²−1: positive when `a` is later. */
export function diff90k(a: number, b: number): number {
  const difference = (a - b) % CLOCK_MODULUS
  if (difference >= CLOCK_MODULUS / 2) return difference - CLOCK_MODULUS
  return difference < -CLOCK_MODULUS / 2 ? difference + CLOCK_MODULUS : difference
}

const at = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0

/** PCR base of the packet at `offset`, 90 kHz; null if it carries none. The 27 MHz extension is left out. */
export function readPcr(bytes: Uint8Array, offset: number): number | null {
  if ((adaptationFlags(bytes, offset) & 0x10) === 0 || at(bytes, offset + 4) < 7) return null
  return (
    at(bytes, offset + 6) * 0x2000000 +
    (at(bytes, offset + 7) << 17) +
    (at(bytes, offset + 8) << 9) +
    (at(bytes, offset + 9) << 1) +
    (at(bytes, offset + 10) >> 7)
  )
}

/** Writes the PCR base of a packet that carries a PCR; the extension stays. */
export function writePcr(bytes: Uint8Array, offset: number, base: number): void {
  bytes[offset + 6] = Math.floor(base / 0x2000000) & 0xff
  bytes[offset + 7] = (base / 0x20000) & 0xff
  bytes[offset + 8] = (base / 0x200) & 0xff
  bytes[offset + 9] = (base / 2) & 0xff
  bytes[offset + 10] = (at(bytes, offset + 10) & 0x7f) | ((base % 2) << 7)
}

/** The 33-bit time in the five bytes at `index` of a PES header. */
export function readStamp(bytes: Uint8Array, index: number): number {
  return (
    ((at(bytes, index) >> 1) & 0x07) * 0x40000000 +
    (at(bytes, index + 1) << 22) +
    ((at(bytes, index + 2) >> 1) << 15) +
    (at(bytes, index + 3) << 7) +
    (at(bytes, index + 4) >> 1)
  )
}

/** Writes a 33-bit time into the five bytes at `index`; prefix and marker bits stay. */
export function writeStamp(bytes: Uint8Array, index: number, time: number): void {
  bytes[index] = (at(bytes, index) & 0xf1) | ((Math.floor(time / 0x40000000) & 0x07) << 1)
  bytes[index + 1] = (time / 0x400000) & 0xff
  bytes[index + 2] = (at(bytes, index + 2) & 0x01) | (((time / 0x8000) & 0x7f) << 1)
  bytes[index + 3] = (time / 0x80) & 0xff
  bytes[index + 4] = (at(bytes, index + 4) & 0x01) | ((time & 0x7f) << 1)
}
