import { stableHash } from '../stable-hash.ts'

/** What each digit in an odd place of a device id is turned into before the digits are summed up. */
const SUBSTITUTES = [0xa, 0x5, 0xf, 0x6, 0x7, 0xc, 0x1, 0xb, 0x9, 0x2, 0x8, 0xd, 0x4, 0x3, 0xe, 0x0]

/** Every device: the id that a search asks for, and none may have. */
export const ANY_DEVICE = 0xffffffff

/** The exclusive or of all eight digits, those in odd places substituted; 0: the id is whole. */
function checkSum(id: number): number {
  let sum = 0
  for (let place = 0; place < 8; place++) {
    const digit = (id >>> (28 - place * 4)) & 0xf
    sum ^= place % 2 === 0 ? (SUBSTITUTES[digit] ?? 0) : digit
  }
  return sum
}

/**
 * Whether clients accept this number as the id of a device.
 *
 * Source: libhdhomerun, hdhomerun_discover_validate_device_id(). 0 and 0xFFFFFFFF have a right sum and mean "any".
 */
export const isDeviceId = (id: number): boolean =>
  Number.isInteger(id) && id > 0 && id < ANY_DEVICE && checkSum(id) === 0

/** The id with the last digit that makes it whole; the last digit of `id` is ignored. */
export function withCheckDigit(id: number): number {
  const open = (id & 0xfffffff0) >>> 0
  return (open | checkSum(open)) >>> 0
}

/** The id as devices print it: eight hexadecimal digits, upper case. */
export const printDeviceId = (id: number): string => id.toString(16).toUpperCase().padStart(8, '0')

/** The id that a text spells (eight hexadecimal digits); null: it is none, or its check digit is wrong. */
export function parseDeviceId(text: string): number | null {
  if (!/^[0-9a-f]{8}$/i.test(text)) return null
  const id = Number.parseInt(text, 16)
  return isDeviceId(id) ? id : null
}

/**
 * The id that belongs to a seed: the same for the same text, whole, and of no range that clients take for devices from
 * before HTTP (101…, 102…, 103…, 111…, 121…, 122…).
 */
export function deviceIdOf(seed: string): number {
  const hash = stableHash(seed)
  const series = 5 + (hash % 11) // 105 … 10F
  const rest = Math.floor(hash / 11) % 0x10000
  return withCheckDigit(0x10000000 + series * 0x100000 + rest * 0x10)
}

/** The name of a device in the network (UUID of version 8, RFC 9562, section 5.8) that belongs to a seed. */
export function uuidOf(seed: string): string {
  const hex = [0, 1, 2].map((part) => stableHash(`${seed}/${part}`).toString(16).padStart(14, '0').slice(-11)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
