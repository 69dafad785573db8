import type { Piece } from './ring/piece.ts'
import { continuityAt, hasPayload, PACKET_SIZE, writeContinuity, writeEmptyPacket } from './packet.ts'
import type { PesUnit } from './pes-unit.ts'
import type { Program } from './program.ts'
import { buildPat, buildPmt, packetize } from './psi.ts'
import { withoutForeignReferences } from './reference-marking.ts'
import { add90k, diff90k, readPcr, writePcr } from './timestamps.ts'

/** The clock runs this far ahead of the sound where there is no picture to carry it: 0.3 s, 90 kHz. */
const CLOCK_LEAD_90K = 27_000
/** A clock packet before the first unit from here on: 60 ms, 90 kHz. The rule is 100 ms. */
const CLOCK_EVERY_90K = 5400

/** What a segment is made of. */
export type SegmentParts = {
  /** Media sequence number; PAT and PMT count on by it. */
  readonly msn: number
  readonly pieces: readonly Piece[]
  /** The programme of this variant: the streams that are in it. */
  readonly program: Program
  readonly hasVideo: boolean
  /** Sound of a piece, in order of time. */
  readonly audio: (piece: Piece) => readonly PesUnit[]
  /** A decoder starts here: nothing refers to pictures before. */
  readonly clean: boolean
}

/** A segment as bytes: PAT, PMT, then whole PES packets of picture and sound by time, with a clock on the programme's PID. */
export function buildSegment(parts: SegmentParts): Uint8Array<ArrayBuffer> {
  const { pieces, program, msn } = parts
  const video = parts.hasVideo ? pieces.flatMap((piece) => piece.video) : []
  const kept = parts.clean ? startingClean(video, program) : video
  const audio = pieces.flatMap((piece) => parts.audio(piece))
  const units = interleave(kept, audio)
  const pat = packetize(buildPat(program, program.programNumber), 0, msn & 0x0f)
  const pmt = packetize(buildPmt(program), program.pmtPid, (msn * packetsOf(program)) & 0x0f)
  const clocks = units.some((unit) => unit.pid === program.pcrPid && hasClock(unit)) ? [] : clockPackets(units, program)
  const size =
    pat.length + pmt.length + units.reduce((sum, { bytes }) => sum + bytes.length, 0) + clocks.length * PACKET_SIZE
  const out = new Uint8Array(size)
  out.set(pat)
  out.set(pmt, pat.length)
  let at = pat.length + pmt.length
  let nextClock = 0
  for (const [index, unit] of units.entries()) {
    if (clocks[nextClock]?.before === index) {
      out.set(clocks[nextClock]?.packet ?? [], at)
      at += PACKET_SIZE
      nextClock += 1
    }
    out.set(unit.bytes, at)
    at += unit.bytes.length
  }
  const [first] = video
  if (parts.clean && first !== undefined) recountBackwards(out, first.pid, video.at(-1))
  return out
}

/** The pictures with which a decoder can start: no leading ones, and for H.264 no orders about pictures that it never had. */
export function startingClean(video: readonly PesUnit[], program: Program): readonly PesUnit[] {
  const kept = withoutLeading(video)
  const codec = program.streams.find(({ pid }) => pid === video[0]?.pid)?.codec
  return codec === 'h264' ? withoutForeignReferences(kept) : kept
}

function hasClock({ bytes }: PesUnit): boolean {
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) if (readPcr(bytes, offset) !== null) return true
  return false
}

const packetsOf = (program: Program): number => packetize(buildPmt(program), program.pmtPid, 0).length / PACKET_SIZE

/**
 * Pictures without those that need the GOP before, behind the random access point that comes first. What such a picture
 * carried of the clock stays.
 */
export function withoutLeading(video: readonly PesUnit[]): readonly PesUnit[] {
  const [first] = video
  if (first === undefined) return video
  const next = video.findIndex((unit, index) => index > 0 && unit.randomAccess)
  return video.flatMap((unit, index) => {
    if ((next >= 0 && index >= next) || diff90k(unit.pts90k, first.pts90k) >= 0) return unit
    const bytes = clockOf(unit)
    return bytes === null ? [] : { ...unit, bytes }
  })
}

/** The clock of a unit alone, in packets without payload; null: it carries none. */
function clockOf({ pid, bytes }: PesUnit): Uint8Array | null {
  const packets: Uint8Array[] = []
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
    const clock = readPcr(bytes, offset)
    if (clock === null) continue
    const packet = new Uint8Array(PACKET_SIZE)
    writeEmptyPacket(packet, 0, { pid, counter: 0, flags: 0x10 })
    writePcr(packet, 0, clock)
    packets.push(packet)
  }
  if (packets.length === 0) return null
  const joined = new Uint8Array(packets.length * PACKET_SIZE)
  for (const [index, packet] of packets.entries()) joined.set(packet, index * PACKET_SIZE)
  return joined
}

/** Both by time of decoding, the first picture before all (text may be late); each keeps its own order. */
function interleave(video: readonly PesUnit[], audio: readonly PesUnit[]): PesUnit[] {
  const units: PesUnit[] = []
  let next = 0
  for (const picture of video) {
    for (
      let sound = audio[next];
      sound !== undefined && units.length > 0 && diff90k(sound.dts90k, picture.dts90k) < 0;
      sound = audio[next]
    ) {
      units.push(sound)
      next += 1
    }
    units.push(picture)
  }
  return [...units, ...audio.slice(next)]
}

/** Packets that carry nothing but the clock, for variants whose clock is on a stream that is not in them. */
function clockPackets(units: readonly PesUnit[], program: Program): { before: number; packet: Uint8Array }[] {
  const packets: { before: number; packet: Uint8Array }[] = []
  let last: number | null = null
  for (const [before, { dts90k, pid }] of units.entries()) {
    if (pid !== program.pcrPid || (last !== null && diff90k(dts90k, last) < CLOCK_EVERY_90K)) continue
    last = dts90k
    const packet = new Uint8Array(PACKET_SIZE)
    // Without payload the counter stays where the packet before left it.
    writeEmptyPacket(packet, 0, {
      pid,
      counter: (continuityAt(units[before]?.bytes ?? packet, 0) + 15) & 0x0f,
      flags: 0x10,
    })
    writePcr(packet, 0, add90k(dts90k, -CLOCK_LEAD_90K))
    packets.push({ before, packet })
  }
  return packets
}

/** Numbers one PID so that its last packet keeps its counter, where packets before it were left out. */
function recountBackwards(bytes: Uint8Array, pid: number, last: PesUnit | undefined): void {
  if (last === undefined) return
  let counter = continuityAt(last.bytes, last.bytes.length - PACKET_SIZE)
  for (let offset = bytes.length - PACKET_SIZE; offset >= 0; offset -= PACKET_SIZE) {
    if (((((bytes[offset + 1] ?? 0) & 0x1f) << 8) | (bytes[offset + 2] ?? 0)) !== pid) continue
    writeContinuity(bytes, offset, counter)
    if (hasPayload(bytes, offset)) counter = (counter + 15) & 0x0f
  }
}
