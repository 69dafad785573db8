import { PACKET_SIZE, SYNC } from './ts-writer.ts'

/** A transport packet, as far as tests look at it. */
export type TsPacket = {
  readonly pid: number
  readonly isStart: boolean
  readonly scrambling: number
  readonly hasPayload: boolean
  readonly continuity: number
  readonly randomAccess: boolean
  /** 90 kHz ticks; null without. */
  readonly pcr: number | null
  readonly payload: Uint8Array
}

/** Reads whole packets from the first sync on; a rest at the end is left out. Throws when sync is lost. */
export function readPackets(bytes: Uint8Array): readonly TsPacket[] {
  let at = findSync(bytes)
  const packets: TsPacket[] = []
  for (; at + PACKET_SIZE <= bytes.length; at += PACKET_SIZE) {
    if (bytes[at] !== SYNC) throw new SyntaxError(`No packet at byte ${at}`)
    packets.push(readPacket(bytes.subarray(at, at + PACKET_SIZE)))
  }
  return packets
}

/** Where the first three packets in a row begin; the length when there are none. */
export function findSync(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    if ([0, 1, 2].every((index) => (bytes[at + index * PACKET_SIZE] ?? SYNC) === SYNC)) return at
  }
  return bytes.length
}

function readPacket(bytes: Uint8Array): TsPacket {
  const byte = (at: number): number => bytes[at] ?? 0
  const control = byte(3)
  const adaptation = control & 0x20 ? byte(4) + 1 : 0
  const flags = adaptation > 1 ? byte(5) : 0
  const pcr = byte(6) * 2 ** 25 + ((byte(7) << 17) | (byte(8) << 9) | (byte(9) << 1) | (byte(10) >> 7))
  return {
    pid: ((byte(1) & 0x1f) << 8) | byte(2),
    isStart: (byte(1) & 0x40) !== 0,
    scrambling: control >> 6,
    hasPayload: (control & 0x10) !== 0,
    continuity: control & 15,
    randomAccess: (flags & 0x40) !== 0,
    pcr: flags & 0x10 ? pcr : null,
    payload: bytes.subarray(4 + adaptation),
  }
}

/** PIDs and places at which a continuity counter does not follow the one before. */
export function continuityErrors(packets: readonly TsPacket[]): readonly string[] {
  const last = new Map<number, number>()
  const errors: string[] = []
  for (const [index, { pid, continuity, hasPayload }] of packets.entries()) {
    const before = last.get(pid)
    if (hasPayload && before !== undefined && continuity !== ((before + 1) & 15)) errors.push(`${pid} at ${index}`)
    last.set(pid, continuity)
  }
  return errors
}

/** Whole sections of a PID, as they were put into packets. */
export function readSections(packets: readonly TsPacket[], pid: number): readonly Uint8Array[] {
  const sections: Uint8Array[] = []
  let open: number[] | null = null
  for (const packet of packets) {
    if (packet.pid !== pid) continue
    if (packet.isStart) open = [...packet.payload.subarray(1 + (packet.payload[0] ?? 0))]
    else open?.push(...packet.payload)
    const length =
      open && open.length > 2 ? ((((open[1] ?? 0) & 15) << 8) | (open[2] ?? 0)) + 3 : Number.POSITIVE_INFINITY
    if (open && open.length >= length) {
      sections.push(Uint8Array.from(open.slice(0, length)))
      open = null
    }
  }
  return sections
}

/** Programme numbers and PMT PIDs of a PAT section. */
export function readPat(section: Uint8Array): ReadonlyMap<number, number> {
  const programmes = new Map<number, number>()
  for (let at = 8; at + 4 <= section.length - 4; at += 4) {
    const number = ((section[at] ?? 0) << 8) | (section[at + 1] ?? 0)
    if (number !== 0) programmes.set(number, (((section[at + 2] ?? 0) & 0x1f) << 8) | (section[at + 3] ?? 0))
  }
  return programmes
}

/** Version and elementary PIDs of a PMT section. */
export function readPmt(section: Uint8Array): { readonly version: number; readonly pids: readonly number[] } {
  const byte = (at: number): number => section[at] ?? 0
  const pids: number[] = []
  let at = 12 + (((byte(10) & 15) << 8) | byte(11))
  while (at + 5 <= section.length - 4) {
    pids.push(((byte(at + 1) & 0x1f) << 8) | byte(at + 2))
    at += 5 + (((byte(at + 3) & 15) << 8) | byte(at + 4))
  }
  return { version: (byte(5) >> 1) & 31, pids }
}
