import { buildPat, buildPmt, packetize } from '../../core/live/psi.ts'
import type { Program } from '../../core/live/program.ts'

const PACKET = 188
const VIDEO = 0x100
const AUDIO = 0x101
const FRAMES_A_SECOND = 25
const FRAME_90K = 3600
/** What stands in front of the sending time in one packet of every picture. */
export const STAMP = new TextEncoder().encode('SENT-AT:')

const PROGRAM: Program = {
  programNumber: 1,
  version: 0,
  pmtPid: 0x1000,
  pcrPid: VIDEO,
  streams: [
    { pid: VIDEO, kind: 'video', codec: 'h264', streamType: 0x1b, language: null, descriptors: new Uint8Array() },
    { pid: AUDIO, kind: 'audio', codec: 'mp2', streamType: 0x03, language: null, descriptors: new Uint8Array() },
  ],
}

/**
 * A programme that looks like television to a multiplexer and to nobody else: 25 pictures a second, a key frame every
 * second, tables, clock and sound. It runs as long as it is asked.
 */
export class Broadcast {
  readonly #packetsAPicture: number
  readonly #counters = new Map<number, number>()
  #picture = 0

  constructor(bitrate: number) {
    this.#packetsAPicture = Math.floor(bitrate / 8 / FRAMES_A_SECOND / PACKET)
  }

  /** The packets of the next picture and its sound; `sentAt` is written into one of them. */
  next(sentAt: number): Uint8Array {
    const packets: Uint8Array[] = []
    const clock = 900_000 + this.#picture * FRAME_90K
    const isKey = this.#picture % FRAMES_A_SECOND === 0
    packets.push(...this.#table(buildPat(PROGRAM, 1), 0), ...this.#table(buildPmt(PROGRAM), PROGRAM.pmtPid))
    packets.push(this.#start(VIDEO, 0xe0, clock, isKey ? KEY_PICTURE : OTHER_PICTURE))
    packets.push(this.#start(AUDIO, 0xc0, clock, new Uint8Array(100)))
    while (packets.length < this.#packetsAPicture - 1) packets.push(this.#more(VIDEO))
    const stamped = this.#more(VIDEO)
    stamped.set(STAMP, 4)
    new DataView(stamped.buffer).setFloat64(4 + STAMP.length, sentAt)
    packets.push(stamped)
    this.#picture += 1
    const bytes = new Uint8Array(packets.length * PACKET)
    for (const [index, packet] of packets.entries()) bytes.set(packet, index * PACKET)
    return bytes
  }

  #count(pid: number): number {
    const count = this.#counters.get(pid) ?? 0
    this.#counters.set(pid, (count + 1) & 15)
    return count
  }

  #table(section: Uint8Array, pid: number): Uint8Array[] {
    return [packetize(section, pid, this.#count(pid))]
  }

  #more(pid: number): Uint8Array {
    const packet = new Uint8Array(PACKET).fill(0x55)
    packet.set([0x47, pid >> 8, pid & 255, 0x10 | this.#count(pid)])
    return packet
  }

  /** A packet with clock, PES header and the beginning of a picture; stuffing fills the rest. */
  #start(pid: number, streamId: number, clock: number, payload: Uint8Array): Uint8Array {
    const packet = new Uint8Array(PACKET).fill(0xff)
    const pts = clock + 27_000
    const header = [0, 0, 1, streamId, 0, 0, 0x80, 0x80, 5, ...stamp(pts)]
    const field = PACKET - 5 - header.length - payload.length
    packet.set([0x47, 0x40 | (pid >> 8), pid & 255, 0x30 | this.#count(pid), field, pid === VIDEO ? 0x10 : 0])
    if (pid === VIDEO) packet.set(pcr(clock), 6)
    packet.set(header, 5 + field)
    packet.set(payload, 5 + field + header.length)
    return packet
  }
}

/** Access unit delimiter, SPS, PPS, IDR slice; and a P slice. */
const KEY_PICTURE = Uint8Array.from([
  0, 0, 1, 9, 0x10, 0, 0, 1, 0x67, 0x64, 0, 0x1f, 0, 0, 1, 0x68, 0xee, 0, 0, 1, 0x65, 0x88, 0x84,
])
const OTHER_PICTURE = Uint8Array.from([0, 0, 1, 9, 0x30, 0, 0, 1, 0x41, 0x9a, 0x24, 0x55, 0x55, 0x55])

const stamp = (time: number): number[] => [
  0x21 | ((Math.floor(time / 2 ** 30) & 7) << 1),
  (time >> 22) & 255,
  ((time >> 14) & 254) | 1,
  (time >> 7) & 255,
  ((time << 1) & 254) | 1,
]

const pcr = (time: number): number[] => [
  Math.floor(time / 2 ** 25) & 255,
  (time >> 17) & 255,
  (time >> 9) & 255,
  (time >> 1) & 255,
  ((time & 1) << 7) | 0x7e,
  0,
]
