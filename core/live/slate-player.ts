import { PacketAligner } from './align.ts'
import { adaptationFlags, PACKET_SIZE, payloadAt, pidAt, startsUnit, writePid } from './packet.ts'
import { moveTimes, readPesHeader } from './pes-header.ts'
import type { ElementaryStream, Program } from './program.ts'
import { buildPat, buildPmt, packetize } from './psi.ts'
import type { SlateLoop } from './slate.ts'
import { add90k, diff90k, readPcr, writePcr } from './timestamps.ts'

/** Tables go in front of every so many units: a demuxer that starts anywhere finds them soon. */
const TABLES_EVERY_UNITS = 20
/** It is sent so far ahead of its time, as a broadcaster's multiplex is: 0.2 s. */
const LEAD_MS = 200

type Unit = { readonly isVideo: boolean; readonly timeMs: number; readonly bytes: Uint8Array }

/**
 * Plays a slate over and over in real time, as a stream of the programme that it stands in for: the same tables and PIDs, its
 * sound on every sound track of the same codec. What comes out is an upstream for the splicer.
 */
export class SlatePlayer {
  readonly #program: Program
  readonly #units: readonly Unit[]
  readonly #durationMs: number
  readonly #startedAt: number
  readonly #tables: Uint8Array
  readonly #sound: readonly ElementaryStream[]
  readonly #video: ElementaryStream | null
  #next = 0
  #sent = 0

  constructor(loop: SlateLoop, program: Program, nowMs: number) {
    this.#program = program
    // Encoders of sound begin a frame early: what lies behind the loop's end is the next round's beginning.
    this.#units = readUnits(loop.bytes).filter(({ timeMs }) => timeMs < loop.durationMs - 1)
    this.#durationMs = loop.durationMs
    this.#startedAt = nowMs
    this.#video = program.streams.find(({ kind }) => kind === 'video') ?? null
    const [first] = program.streams.filter(({ kind }) => kind === 'audio')
    this.#sound = program.streams.filter(({ kind, codec }) => kind === 'audio' && codec === first?.codec)
    const pat = packetize(buildPat(program, program.programNumber), 0, 0)
    const pmt = packetize(buildPmt(program), program.pmtPid, 0)
    this.#tables = joined([pat, pmt])
  }

  /** What is due by now: whole packets, perhaps none. */
  due(nowMs: number): Uint8Array {
    const until = nowMs - this.#startedAt + LEAD_MS
    const parts: Uint8Array[] = []
    for (;;) {
      const round = Math.floor(this.#next / this.#units.length)
      const unit = this.#units[this.#next % this.#units.length]
      const baseMs = round * this.#durationMs
      if (unit === undefined || baseMs + unit.timeMs > until) break
      this.#next += 1
      const outputs = unit.isVideo ? (this.#video === null ? [] : [this.#video]) : this.#sound
      for (const { pid } of outputs) {
        if (this.#sent % TABLES_EVERY_UNITS === 0) parts.push(this.#tables.slice())
        this.#sent += 1
        parts.push(this.#restamped(unit, pid, Math.round(baseMs * 90)))
      }
    }
    return joined(parts)
  }

  #restamped(unit: Unit, pid: number, ticks: number): Uint8Array {
    const bytes = unit.bytes.slice()
    const isClock = pid === this.#program.pcrPid
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
      writePid(bytes, offset, pid)
      const clock = readPcr(bytes, offset)
      if (clock === null) continue
      if (isClock) writePcr(bytes, offset, add90k(clock, ticks))
      // Two tracks may be made of one: only the programme's own clock is one.
      else bytes[offset + 5] = adaptationFlags(bytes, offset) & ~0x10
    }
    const header = readPesHeader(bytes, 0)
    if (header !== null) moveTimes(bytes, header, ticks)
    return bytes
  }
}

/** The PES packets of the loop with their times from its beginning, by time. */
function readUnits(bytes: Uint8Array): readonly Unit[] {
  const aligned = new PacketAligner().push(bytes)
  const open = new Map<number, { parts: Uint8Array[]; dts: number; isVideo: boolean }>()
  const done: { parts: Uint8Array[]; dts: number; isVideo: boolean }[] = []
  for (let offset = 0; offset < aligned.length; offset += PACKET_SIZE) {
    const pid = pidAt(aligned, offset)
    if (startsUnit(aligned, offset)) {
      const last = open.get(pid)
      if (last !== undefined) done.push(last)
      open.delete(pid)
      const header = readPesHeader(aligned, offset)
      const id = aligned[payloadAt(aligned, offset) + 3] ?? 0
      // stream_id of video is 0xe0 … 0xef. ISO/IEC 13818-1, table 2-22.
      if (header?.dts90k !== null && header !== null)
        open.set(pid, { parts: [], dts: header.dts90k, isVideo: (id & 0xf0) === 0xe0 })
    }
    open.get(pid)?.parts.push(aligned.slice(offset, offset + PACKET_SIZE))
  }
  done.push(...open.values())
  const first = done.reduce<number | null>(
    (least, { dts }) => (least === null || diff90k(dts, least) < 0 ? dts : least),
    null,
  )
  return done
    .map(({ parts, dts, isVideo }) => ({ isVideo, timeMs: diff90k(dts, first ?? dts) / 90, bytes: joined(parts) }))
    .toSorted((a, b) => a.timeMs - b.timeMs)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
