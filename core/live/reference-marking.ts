import { BitReader, skipScalingList, unescapeNal } from './bit-reader.ts'
import { PACKET_SIZE, payloadAt, startsUnit } from './packet.ts'
import type { PesUnit } from './pes-unit.ts'
import { nextStartCode } from './video-access.ts'

/** Bytes of a slice that are looked at; its header is far shorter. */
const HEADER_BYTES = 256

/** memory_management_control_operation that makes a short-term picture no reference any more. Table 7-9. */
const FORGET_SHORT = 1

type Sequence = {
  readonly frameNumBits: number
  readonly planes: boolean
  readonly hasChroma: boolean
  readonly orderType: number
  readonly orderBits: number
  readonly orderIsFixed: boolean
  readonly references: number
  readonly framesOnly: boolean
}

type Picture = {
  readonly hasFieldOrder: boolean
  readonly defaultReferences: readonly [number, number]
  readonly weighted: boolean
  readonly weightedBoth: number
  readonly hasRedundant: boolean
}

type Operation = { readonly kind: number; readonly value: number; readonly at: number; readonly bits: number }

/**
 * Makes H.264 pictures behind a random access point forget nothing that a decoder which starts there has never had.
 *
 * Encoders with open GOPs tell the decoder, in the first pictures behind an I picture, to drop references of the GOP before.
 * A decoder that has just started has none of them: FFmpeg only says so ("mmco: unref short failure"), but Chromium gives up
 * (PIPELINE_ERROR_DECODE). The order is replaced, bit for bit of the same length, by one that changes nothing ("long-term
 * pictures: at most n"), so that no byte moves. FFmpeg makes up pictures for the frame numbers before the first one, as many
 * as there are references but none below 0; orders that name those are kept, for else there would be too many references.
 *
 * Units that do not need it are given back as they are; changed ones are copies.
 * Source: ITU-T H.264, 7.3.3 and 7.4.3.3; FFmpeg h264_refs.c and h264_slice.c.
 */
export function withoutForeignReferences(units: readonly PesUnit[]): readonly PesUnit[] {
  const mender = new ReferenceMender()
  return units.map((unit) => {
    const bytes = mender.mend(unit.bytes)
    return bytes === unit.bytes ? unit : { ...unit, bytes }
  })
}

/**
 * The same for pictures as they come: the first one is the random access point. `isSeam`: the decoder has decoded others
 * before. Then it finds a gap in the frame numbers and makes up pictures below 0 too, modulo the largest number.
 */
export class ReferenceMender {
  readonly #isSeam: boolean
  readonly #sequences = new Map<number, Sequence>()
  readonly #pictures = new Map<number, Picture>()
  #first: number | null = null
  #newest = 0

  constructor({ isSeam = false }: { readonly isSeam?: boolean } = {}) {
    this.#isSeam = isSeam
  }

  /** The packets of the next picture; a copy if something in them was changed. */
  mend(packets: Uint8Array): Uint8Array {
    const { bytes, places } = flatten(packets)
    let copy: Uint8Array | null = null
    for (let at = nextStartCode(bytes, 0, bytes.length); at >= 0; at = nextStartCode(bytes, at, bytes.length)) {
      const header = bytes[at] ?? 0
      const type = header & 0x1f
      const nal = unescapeNal(bytes.subarray(at + 1, at + 1 + HEADER_BYTES))
      if (type === 7) readSequence(nal.payload, this.#sequences)
      else if (type === 8) readPicture(nal.payload, this.#pictures)
      if (type !== 1 || header >> 5 === 0) {
        if (type === 5) this.#first = this.#newest = 0
        continue
      }
      for (const operation of this.#foreign(nal.payload)) {
        copy ??= packets.slice()
        replaceOrder(copy, operation, (bit) => {
          const place = places[at + 1 + (nal.places[bit >> 3] ?? 0)] ?? 0
          return { place, shift: 7 - (bit & 7) }
        })
      }
    }
    return copy ?? packets
  }

  /** The orders of a slice that name pictures from before the first one. */
  #foreign(slicePayload: Uint8Array): readonly Operation[] {
    const [sequence] = this.#sequences.values()
    const slice = sequence === undefined ? null : readSlice(slicePayload, sequence, this.#pictures)
    if (sequence === undefined || slice === null) return []
    const modulus = 2 ** sequence.frameNumBits
    // Frame numbers counted on over their wrap, from the first picture.
    if (this.#first === null) this.#first = this.#newest = slice.frameNum
    else this.#newest += (slice.frameNum - (this.#newest % modulus) + modulus) % modulus
    const newest = this.#newest
    const oldest = Math.max(this.#isSeam ? -Infinity : 0, this.#first - sequence.references)
    return slice.operations.filter(({ kind, value }) => {
      if (kind !== FORGET_SHORT) return false
      const target = slice.isField ? Math.floor((2 * newest + 1 - (value + 1)) / 2) : newest - (value + 1)
      return target < oldest
    })
  }
}

/** The payload of a unit's packets in one row, and where each byte stands. */
function flatten(packets: Uint8Array): { bytes: Uint8Array; places: Uint32Array } {
  const bytes = new Uint8Array(packets.length)
  const places = new Uint32Array(packets.length)
  let used = 0
  for (let offset = 0; offset < packets.length; offset += PACKET_SIZE) {
    let from = payloadAt(packets, offset)
    if (startsUnit(packets, offset)) from += 9 + (packets[from + 8] ?? 0)
    for (let place = from; place < offset + PACKET_SIZE; place++) {
      bytes[used] = packets[place] ?? 0
      places[used] = place
      used += 1
    }
  }
  return { bytes: bytes.subarray(0, used), places: places.subarray(0, used) }
}

/**
 * Order 1 with a number of 3 or more bits has as many bits as order 4 (two bits longer) with a number two bits shorter:
 * `010 010` → `00101 1`, `010 00100` → `00101 010`. A number of one bit names the picture just before, which is there.
 */
function replaceOrder(
  bytes: Uint8Array,
  { at, bits }: Operation,
  locate: (bit: number) => { readonly place: number; readonly shift: number },
): void {
  const numberBits = bits - 5
  if (numberBits < 1) return
  // The smallest number of that length: 1, 010, 00100 … , which stand for 0, 1, 3 ….
  const zeros = (numberBits - 1) / 2
  const pattern = `00101${'0'.repeat(zeros)}1${'0'.repeat(zeros)}`
  for (const [index, digit] of [...pattern].entries()) {
    const { place, shift } = locate(at + index)
    bytes[place] = ((bytes[place] ?? 0) & ~(1 << shift)) | (Number(digit) << shift)
  }
}

const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128])

/** ITU-T H.264, 7.3.2.1.1. */
function readSequence(payload: Uint8Array, known: Map<number, Sequence>): void {
  const reader = new BitReader(payload)
  const profile = reader.u(8)
  reader.u(16)
  const id = reader.ue()
  let chroma = 1
  let planes = false
  if (HIGH_PROFILES.has(profile)) {
    chroma = reader.ue()
    if (chroma === 3) planes = reader.flag()
    reader.ue()
    reader.ue()
    reader.u(1)
    if (reader.flag())
      for (let list = 0; list < (chroma === 3 ? 12 : 8); list++)
        if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64)
  }
  const frameNumBits = reader.ue() + 4
  const orderType = reader.ue()
  let orderBits = 0
  let orderIsFixed = false
  if (orderType === 0) orderBits = reader.ue() + 4
  else if (orderType === 1) {
    orderIsFixed = reader.flag()
    reader.se()
    reader.se()
    const count = reader.ue()
    for (let index = 0; index < Math.min(count, 255); index++) reader.se()
  }
  const references = reader.ue()
  reader.u(1)
  reader.ue()
  reader.ue()
  const framesOnly = reader.flag()
  if (frameNumBits > 16 || orderBits > 16) return
  known.set(id, {
    frameNumBits,
    planes,
    hasChroma: chroma !== 0 && !planes,
    orderType,
    orderBits,
    orderIsFixed,
    references,
    framesOnly,
  })
}

/** ITU-T H.264, 7.3.2.2. Slice groups are for profiles that nobody broadcasts. */
function readPicture(payload: Uint8Array, known: Map<number, Picture>): void {
  const reader = new BitReader(payload)
  const id = reader.ue()
  reader.ue()
  reader.u(1)
  const hasFieldOrder = reader.flag()
  if (reader.ue() > 0) return
  const defaultReferences = [reader.ue() + 1, reader.ue() + 1] as const
  const weighted = reader.flag()
  const weightedBoth = reader.u(2)
  reader.se()
  reader.se()
  reader.se()
  reader.u(2)
  known.set(id, { hasFieldOrder, defaultReferences, weighted, weightedBoth, hasRedundant: reader.flag() })
}

/** The header of a reference slice that is no IDR slice. ITU-T H.264, 7.3.3; null: it cannot be read. */
function readSlice(
  payload: Uint8Array,
  sequence: Sequence,
  pictures: ReadonlyMap<number, Picture>,
): { readonly frameNum: number; readonly isField: boolean; readonly operations: readonly Operation[] } | null {
  const reader = new BitReader(payload)
  reader.ue()
  const type = reader.ue() % 5
  const picture = pictures.get(reader.ue())
  if (picture === undefined) return null
  const isB = type === 1
  const isIntra = type === 2 || type === 4
  if (sequence.planes) reader.u(2)
  const frameNum = reader.u(sequence.frameNumBits)
  const isField = !sequence.framesOnly && reader.flag()
  if (isField) reader.u(1)
  if (sequence.orderType === 0) {
    reader.u(sequence.orderBits)
    if (picture.hasFieldOrder && !isField) reader.se()
  } else if (sequence.orderType === 1 && !sequence.orderIsFixed) {
    reader.se()
    if (picture.hasFieldOrder && !isField) reader.se()
  }
  if (picture.hasRedundant) reader.ue()
  if (isB) reader.u(1)
  let [forward, backward] = picture.defaultReferences
  if (!isIntra && reader.flag()) {
    forward = reader.ue() + 1
    if (isB) backward = reader.ue() + 1
  }
  if (forward > 32 || backward > 32) return null
  for (let list = 0; list < (isIntra ? 0 : isB ? 2 : 1); list++) skipListChange(reader)
  if ((picture.weighted && !isIntra && !isB) || (picture.weightedBoth === 1 && isB)) {
    reader.ue()
    if (sequence.hasChroma) reader.ue()
    skipWeights(reader, forward, sequence.hasChroma)
    if (isB) skipWeights(reader, backward, sequence.hasChroma)
  }
  return { frameNum, isField, operations: reader.flag() ? readOperations(reader) : [] }
}

function skipListChange(reader: BitReader): void {
  if (!reader.flag()) return
  for (let guard = 0; guard < 66 && reader.ue() !== 3; guard++) reader.ue()
}

function skipWeights(reader: BitReader, count: number, hasChroma: boolean): void {
  for (let index = 0; index < count; index++) {
    if (reader.flag()) for (let value = 0; value < 2; value++) reader.se()
    if (hasChroma && reader.flag()) for (let value = 0; value < 4; value++) reader.se()
  }
}

/** ITU-T H.264, 7.3.3.3. */
function readOperations(reader: BitReader): Operation[] {
  const operations: Operation[] = []
  for (let guard = 0; guard < 66; guard++) {
    const at = reader.position
    const kind = reader.ue()
    if (kind === 0 || kind > 6) break
    const value = kind === 5 ? 0 : reader.ue()
    if (kind === 3) reader.ue()
    operations.push({ kind, value, at, bits: reader.position - at })
  }
  return operations
}
