/** What a box holds: bytes, numbers of one byte, or boxes. */
export type BoxContent = Uint8Array | readonly number[]

/** A box of ISO base media: its length, four characters, content. ISO/IEC 14496-12, 4.2. */
export function box(type: string, ...content: readonly BoxContent[]): Uint8Array<ArrayBuffer> {
  const size = content.reduce((sum, { length }) => sum + length, 8)
  const bytes = new Uint8Array(size)
  bytes.set(u32(size))
  for (let index = 0; index < 4; index++) bytes[4 + index] = type.charCodeAt(index)
  let at = 8
  for (const part of content) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** A box with version and flags. ISO/IEC 14496-12, 4.2. */
export const fullBox = (type: string, version: number, flags: number, ...content: readonly BoxContent[]) =>
  box(type, [version, ...u24(flags)], ...content)

/** 16 bits as bytes, the highest first. */
export const u16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff]
/** 24 bits as bytes, the highest first. */
export const u24 = (value: number): number[] => [(value >> 16) & 0xff, ...u16(value)]
/** 32 bits as bytes, the highest first. */
export const u32 = (value: number): number[] => [(value >>> 24) & 0xff, ...u24(value)]
/** 64 bits as bytes, the highest first; up to 2⁵³ − 1. */
export const u64 = (value: number): number[] => [...u32(Math.floor(value / 2 ** 32)), ...u32(value % 2 ** 32)]

/** So many bytes of 0. */
export const zeros = (count: number): Uint8Array => new Uint8Array(count)
