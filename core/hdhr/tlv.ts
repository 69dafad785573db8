/** Tags of the fields in a packet (libhdhomerun, hdhomerun_pkt.h). */
export const TAG = {
  deviceType: 0x01,
  deviceId: 0x02,
  name: 0x03,
  value: 0x04,
  error: 0x05,
  tunerCount: 0x10,
  lockKey: 0x15,
  lineupUrl: 0x27,
  baseUrl: 0x2a,
  deviceAuth: 0x2b,
  multiType: 0x2d,
} as const

/** A field of a packet. */
export type Field = { readonly tag: number; readonly value: Uint8Array }

/** The fields of a payload in order; what is cut off at the end is left out, as the reference reader does. */
export function readFields(payload: Uint8Array): readonly Field[] {
  const fields: Field[] = []
  let at = 0
  while (at + 2 <= payload.length) {
    const tag = payload[at] ?? 0
    const low = payload[at + 1] ?? 0
    const isLong = (low & 0x80) !== 0
    if (isLong && at + 2 >= payload.length) break
    const length = isLong ? (low & 0x7f) | ((payload[at + 2] ?? 0) << 7) : low
    const start = at + (isLong ? 3 : 2)
    if (start + length > payload.length) break
    fields.push({ tag, value: payload.subarray(start, start + length) })
    at = start + length
  }
  return fields
}

/** The fields as a payload; lengths over 127 take two bytes, the low seven bits first. */
export function writeFields(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    fields.flatMap(({ tag, value }) => {
      const { length } = value
      return [tag, ...(length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7]), ...value]
    }),
  )
}

const utf8 = new TextEncoder()

/** A field with a number of 32 bits in network order. */
export const numberField = (tag: number, number: number): Field => ({
  tag,
  value: Uint8Array.of(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff),
})

/** A field with a text as it is. */
export const textField = (tag: number, text: string): Field => ({ tag, value: utf8.encode(text) })

/** A field with a text that ends in NUL, counted in its length: clients compare bytes. */
export const nulTextField = (tag: number, text: string): Field => textField(tag, `${text}\0`)

/** The number of 32 bits in a field; null: it has another length. */
export function fieldNumber({ value }: Field): number | null {
  return value.length === 4 ? new DataView(value.buffer, value.byteOffset, 4).getUint32(0) : null
}

/** The text in a field, up to its NUL if it has one. */
export const fieldText = ({ value }: Field): string => new TextDecoder().decode(value).replace(/\0.*$/s, '')
