import { PACKET_SIZE, pidAt, payloadAt, startsUnit } from './packet.ts'
import { readStamp, writeStamp } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** One PES packet in its transport packets: a picture, or a piece of sound. Times are 90 kHz ticks modulo 2³³. */
export type PesUnit = {
  readonly pid: number
  readonly pts90k: number
  readonly dts90k: number
  readonly randomAccess: boolean
  readonly leading: boolean
  /** Whole 188-byte packets, a private copy. */
  readonly bytes: Uint8Array
}

/**
 * PES packets under way by PID, put together from a relay's chunks. A unit is complete when the next one of its PID starts;
 * `starts` is told of that next one right behind, long before it is complete itself.
 */
export class PesCollector {
  readonly #open = new Map<number, { mark: PesMark; packets: Uint8Array; used: number }>()
  readonly #done: (unit: PesUnit) => void
  readonly #starts: (mark: PesMark) => void

  constructor(done: (unit: PesUnit) => void, starts: (mark: PesMark) => void = () => {}) {
    this.#done = done
    this.#starts = starts
  }

  /** Takes a chunk; packets of these PIDs only. PES packets without a time stamp are left out. */
  push(chunk: TsChunk, pids: ReadonlySet<number>): void {
    let nextMark = 0
    for (let offset = 0; offset < chunk.bytes.length; offset += PACKET_SIZE) {
      const mark = chunk.marks[nextMark]?.offset === offset ? chunk.marks[nextMark] : undefined
      if (mark) nextMark += 1
      const pid = pidAt(chunk.bytes, offset)
      if (!pids.has(pid)) continue
      if (mark) this.#start(mark)
      const unit = this.#open.get(pid)
      if (!unit) continue
      if (unit.used + PACKET_SIZE > unit.packets.length) {
        const larger = new Uint8Array(unit.packets.length * 2)
        larger.set(unit.packets)
        unit.packets = larger
      }
      unit.packets.set(chunk.bytes.subarray(offset, offset + PACKET_SIZE), unit.used)
      unit.used += PACKET_SIZE
    }
  }

  /** Forgets what is under way: a break is behind it. */
  reset(): void {
    this.#open.clear()
  }

  #start(mark: PesMark): void {
    const last = this.#open.get(mark.pid)
    if (last) this.#finish(last.mark, last.packets.slice(0, last.used))
    const packets = last?.packets ?? new Uint8Array((mark.kind === 'video' ? 64 : 8) * PACKET_SIZE)
    this.#open.set(mark.pid, { mark, packets, used: 0 })
    this.#starts(mark)
  }

  #finish({ pid, pts90k, dts90k, randomAccess, leading }: PesMark, bytes: Uint8Array): void {
    if (pts90k === null) return
    this.#done({ pid, pts90k, dts90k: dts90k ?? pts90k, randomAccess, leading, bytes })
  }
}

/** The payload of a unit behind its PES header: what a decoder gets. */
export function elementaryBytes(unit: Pick<PesUnit, 'bytes'>): Uint8Array {
  const out = new Uint8Array(unit.bytes.length)
  let used = 0
  for (let offset = 0; offset < unit.bytes.length; offset += PACKET_SIZE) {
    let at = payloadAt(unit.bytes, offset)
    if (startsUnit(unit.bytes, offset)) at += 9 + (unit.bytes[at + 8] ?? 0)
    if (at >= offset + PACKET_SIZE) continue
    out.set(unit.bytes.subarray(at, offset + PACKET_SIZE), used)
    used += offset + PACKET_SIZE - at
  }
  return out.subarray(0, used)
}

/** A copy of the unit's packets with another PTS in its header (sound has no DTS of its own). */
export function withPts(bytes: Uint8Array, pts90k: number): Uint8Array {
  const copy = bytes.slice()
  writeStamp(copy, payloadAt(copy, 0) + 9, pts90k)
  return copy
}

/** PTS in the PES header of the first packet; null if there is none. */
export function ptsOf(bytes: Uint8Array): number | null {
  const at = payloadAt(bytes, 0)
  const isPes = bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1
  return isPes && ((bytes[at + 7] ?? 0) & 0x80) !== 0 ? readStamp(bytes, at + 9) : null
}
