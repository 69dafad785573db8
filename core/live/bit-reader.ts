/** Reads bits and exp-Golomb numbers of a raw byte sequence payload. ITU-T H.264, 7.2 and 9.1. Behind the end all bits are 0. */
export class BitReader {
  readonly #bytes: Uint8Array
  /** Bits read so far. */
  position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The next `count` bits as an unsigned number; up to 53. */
  u(count: number): number {
    let value = 0
    for (let index = 0; index < count; index++) {
      value = value * 2 + (((this.#bytes[this.position >> 3] ?? 0) >> (7 - (this.position & 7))) & 1)
      this.position += 1
    }
    return value
  }

  flag(): boolean {
    return this.u(1) === 1
  }

  ue(): number {
    let zeros = 0
    while (this.u(1) === 0) if (++zeros > 31) return 0
    return 2 ** zeros - 1 + this.u(zeros)
  }

  se(): number {
    const value = this.ue()
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2
  }
}

/** Takes emulation prevention bytes out; `places` says where each byte stood. ITU-T H.264, 7.4.1. */
export function unescapeNal(bytes: Uint8Array): { readonly payload: Uint8Array; readonly places: Uint32Array } {
  const payload = new Uint8Array(bytes.length)
  const places = new Uint32Array(bytes.length)
  let used = 0
  let zeros = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    payload[used] = byte
    places[used] = index
    used += 1
  }
  return { payload: payload.subarray(0, used), places: places.subarray(0, used) }
}

/** Skips a scaling list of so many numbers. ITU-T H.264, 7.3.2.1.1.1. */
export function skipScalingList(reader: BitReader, size: number): void {
  let last = 8
  let next = 8
  for (let index = 0; index < size; index++) {
    if (next !== 0) next = (last + reader.se() + 256) % 256
    last = next === 0 ? last : next
  }
}
