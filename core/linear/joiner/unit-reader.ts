import { Failure } from '../../errors.ts'
import { PacketAligner } from '../../live/align.ts'
import { adaptationFlags, hasPayload, isDamaged, PACKET_SIZE, payloadAt, pidAt, startsUnit } from '../../live/packet.ts'
import { readPesHeader } from '../../live/pes-header.ts'
import { parsePat, parsePmt, SectionReader } from '../../live/psi.ts'

/** Longest picture or piece of sound, bytes: an I picture of 8K has less. */
const MAX_UNIT = 8 * 1024 * 1024

/** Room for one at first. */
const FIRST_BYTES = 32 * 1024

/** A PES packet of an encoder, as a decoder gets it. Times are the encoder's own, 90 kHz modulo 2³³. */
export type Unit = {
  /** Null: the picture; otherwise the sound track, counted from 0. */
  readonly track: number | null
  readonly pts90k: number
  readonly dts90k: number
  /** A decoder may start here (random_access_indicator). */
  readonly isKey: boolean
  readonly bytes: Uint8Array
}

type OpenUnit = Omit<Unit, 'bytes'> & { readonly wanted: number }

/** A place for what is under way on one PID, used again and again. */
type Desk = { bytes: Uint8Array; length: number; unit: OpenUnit | null }

/**
 * Takes the transport stream of one encoder apart: the first picture track and the sound tracks of its programme.
 *
 * A unit is given when it is whole: by its length where that is told, otherwise when the next one of its track starts.
 * Throws `live/not-mpeg-ts` where packets do not follow each other: an encoder on a pipe loses none.
 */
export class UnitReader {
  readonly #out: (unit: Unit) => void
  readonly #aligner = new PacketAligner()
  readonly #pat = new SectionReader()
  readonly #pmt = new SectionReader()
  readonly #desks = new Map<number, Desk>()
  #pmtPid: number | null = null
  #videoPid: number | null = null
  #audioPids: readonly number[] = []

  constructor(out: (unit: Unit) => void) {
    this.#out = out
  }

  /** Takes bytes of any length. */
  push(chunk: Uint8Array): void {
    const packets = this.#aligner.push(chunk)
    if (this.#aligner.losses > 0) throw new Failure('live/not-mpeg-ts', 'The encoder sent broken packets')
    for (let offset = 0; offset < packets.length; offset += PACKET_SIZE) this.#packet(packets, offset)
  }

  /** Nothing more will come: gives what is under way. */
  end(): void {
    for (const desk of this.#desks.values()) this.#finish(desk)
  }

  #packet(bytes: Uint8Array, offset: number): void {
    const pid = pidAt(bytes, offset)
    if (isDamaged(bytes, offset)) return
    if (pid === 0) this.#readPat(bytes, offset)
    else if (pid === this.#pmtPid) this.#readPmt(bytes, offset)
    else if ((pid === this.#videoPid || this.#audioPids.includes(pid)) && hasPayload(bytes, offset))
      this.#payload(bytes, offset, pid)
  }

  #readPat(bytes: Uint8Array, offset: number): void {
    for (const section of this.#pat.push(bytes, offset)) {
      const [pmtPid] = parsePat(section)?.values() ?? []
      if (pmtPid !== undefined) this.#pmtPid = pmtPid
    }
  }

  #readPmt(bytes: Uint8Array, offset: number): void {
    for (const section of this.#pmt.push(bytes, offset)) {
      const streams = parsePmt(section)?.streams ?? []
      this.#videoPid = streams.find(({ kind }) => kind === 'video')?.pid ?? this.#videoPid
      const sound = streams.filter(({ kind }) => kind === 'audio')
      if (sound.length > 0) this.#audioPids = sound.map((stream) => stream.pid)
    }
  }

  #payload(bytes: Uint8Array, offset: number, pid: number): void {
    const desk = this.#desks.get(pid) ?? { bytes: new Uint8Array(FIRST_BYTES), length: 0, unit: null }
    this.#desks.set(pid, desk)
    let from = payloadAt(bytes, offset)
    if (startsUnit(bytes, offset)) {
      this.#finish(desk)
      const header = readPesHeader(bytes, offset)
      if (header === null || header.pts90k === null || header.dts90k === null) return
      from = header.payloadAt
      const told = ((bytes[header.at + 4] ?? 0) << 8) | (bytes[header.at + 5] ?? 0)
      desk.unit = {
        track: pid === this.#videoPid ? null : this.#audioPids.indexOf(pid),
        pts90k: header.pts90k,
        dts90k: header.dts90k,
        isKey: (adaptationFlags(bytes, offset) & 0x40) !== 0,
        wanted: told === 0 ? MAX_UNIT : told + 6 - (header.payloadAt - header.at),
      }
    }
    if (desk.unit === null) return
    if (desk.length + PACKET_SIZE > desk.bytes.length) {
      if (desk.length > MAX_UNIT) throw new Failure('live/not-mpeg-ts', 'The encoder sent a picture without end')
      const larger = new Uint8Array(desk.bytes.length * 2)
      larger.set(desk.bytes)
      desk.bytes = larger
    }
    desk.bytes.set(bytes.subarray(from, offset + PACKET_SIZE), desk.length)
    desk.length += offset + PACKET_SIZE - from
    if (desk.length >= desk.unit.wanted) this.#finish(desk)
  }

  #finish(desk: Desk): void {
    const { unit, length } = desk
    desk.unit = null
    desk.length = 0
    if (unit === null) return
    const { track, pts90k, dts90k, isKey } = unit
    this.#out({ track, pts90k, dts90k, isKey, bytes: desk.bytes.slice(0, length) })
  }
}
