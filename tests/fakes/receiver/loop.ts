import type { AccessUnit, Clip } from './clip.ts'
import { modulo, PACKET_SIZE, SYNC, writePcr, writeTimestamp } from './ts-writer.ts'

/** PIDs of a service. `teletext` and `subtitle` carry filler pages. */
export type Pids = {
  readonly pmt: number
  readonly pcr: number
  readonly video: number | null
  readonly audio: readonly number[]
  readonly teletext: number | null
  readonly subtitle: number | null
}

/**
 * One round of a clip as packets in sending order, ready to be stamped with any time.
 *
 * The picture is sent at a constant rate, as by a satellite, so a key frame takes longer than others; sound is sent
 * shortly before it is due and therefore trails the picture. All times are 90 kHz ticks from the start of the round.
 */
export type Loop = {
  readonly durationTicks: number
  readonly count: number
  /** When packet i is sent, rising. */
  readonly at: Float64Array
  /** Writes packet i of round `round` to `target`. `shiftTicks` is added to PCR, PTS and DTS. */
  write(i: number, round: number, shiftTicks: number, target: Uint8Array, offset: number): void
}

type Packet = {
  readonly bytes: Uint8Array
  at: number
  /** Offset of the PCR, PTS, DTS in the packet; 0 for none. */
  readonly pcrAt: number
  readonly ptsAt: number
  readonly dtsAt: number
  /** Sending time of time stamps relative to the round; set with `at`. */
  pts: number
  dts: number
}

const PCR_INTERVAL = 3150 // 35 ms; ISO/IEC 13818-1 asks for 100 ms at most, DVB for 40 ms
const VIDEO_MARGIN = 7200 // a picture is complete 80 ms before it is decoded
const AUDIO_MARGIN = 13_500 // sound is sent 150 ms before it is heard

/** Lays the tracks of a clip on the given PIDs. */
export function muxLoop(clip: Clip, pids: Pids): Loop {
  const { durationTicks } = clip
  const tracks: Packet[][] = []
  let lead = 0
  if (clip.video && pids.video !== null) {
    const { packets, ready } = packVideo(clip.video, pids.video, pids.pcr === pids.video, durationTicks)
    lead = ready + VIDEO_MARGIN
    for (const packet of packets) {
      packet.pts += lead
      packet.dts += lead
    }
    tracks.push(packets)
  }
  for (const [index, units] of clip.audio.entries()) {
    const pid = pids.audio[index]
    if (pid !== undefined) tracks.push(packSound(units, pid, pid === pids.pcr, { lead, durationTicks }))
  }
  if (pids.teletext !== null) tracks.push(packFiller(pids.teletext, teletextPes(), 3600, { lead, durationTicks }))
  if (pids.subtitle !== null) tracks.push(packFiller(pids.subtitle, subtitlePes(), 86_400, { lead, durationTicks }))

  const all: { packet: Packet; index: number; total: number }[] = []
  for (const track of tracks) {
    track.sort((a, b) => a.at - b.at)
    for (const [index, packet] of track.entries()) all.push({ packet, index, total: track.length })
  }
  all.sort((a, b) => a.packet.at - b.packet.at)

  return {
    durationTicks,
    count: all.length,
    at: Float64Array.from(all, ({ packet }) => packet.at),
    write(i, round, shiftTicks, target, offset) {
      const entry = all[i]
      if (!entry) throw new RangeError(`Loop has ${all.length} packets, not ${i}`)
      const { packet, index, total } = entry
      const base = round * durationTicks + shiftTicks
      target.set(packet.bytes, offset)
      target[offset + 3] = ((packet.bytes[3] ?? 0) & 0xf0) | (((round % 16) * total + index) & 15)
      if (packet.pcrAt) writePcr(target, offset + packet.pcrAt, base + packet.at)
      if (packet.ptsAt) writeTimestamp(target, offset + packet.ptsAt, base + packet.pts)
      if (packet.dtsAt) writeTimestamp(target, offset + packet.dtsAt, base + packet.dts)
    },
  }
}

/** `ready`: how long after its decoding time the last byte of the latest picture is sent. */
function packVideo(
  units: readonly AccessUnit[],
  pid: number,
  carriesPcr: boolean,
  durationTicks: number,
): { packets: Packet[]; ready: number } {
  const size = units.reduce((sum, unit) => sum + unit.pes.length, 0)
  const pcrEvery = Math.max(1, Math.floor((size / 180) * (PCR_INTERVAL / durationTicks)))
  const packets: Packet[] = []
  const ends: number[] = []
  for (const unit of units) {
    const wantsPcr = (): boolean => carriesPcr && (packets.length % pcrEvery === 0 || sincePcr(packets) >= pcrEvery)
    packUnit(unit, pid, wantsPcr, packets)
    ends.push(packets.length)
  }
  for (const [index, packet] of packets.entries()) packet.at = (index * durationTicks) / packets.length
  const ready = Math.max(...ends.map((end, index) => (packets[end - 1]?.at ?? 0) - (units[index]?.dts ?? 0)))
  return { packets, ready }
}

function sincePcr(packets: readonly Packet[]): number {
  const last = packets.findLastIndex((packet) => packet.pcrAt !== 0)
  return packets.length - last
}

function packSound(
  units: readonly AccessUnit[],
  pid: number,
  carriesPcr: boolean,
  { lead, durationTicks }: { lead: number; durationTicks: number },
): Packet[] {
  return units.flatMap((unit) => {
    const packets: Packet[] = []
    packUnit(unit, pid, () => carriesPcr && packets.length === 0, packets)
    const due = unit.pts + lead + (lead === 0 ? AUDIO_MARGIN : 0)
    const at = modulo(due - AUDIO_MARGIN, durationTicks)
    for (const [index, packet] of packets.entries()) {
      packet.at = at + index * 1e-3 // keeps the order inside a frame
      packet.pts = packet.dts = at + AUDIO_MARGIN
    }
    return packets
  })
}

function packFiller(
  pid: number,
  pes: Uint8Array,
  every: number,
  { lead, durationTicks }: { lead: number; durationTicks: number },
): Packet[] {
  const units = Array.from({ length: Math.floor(durationTicks / every) }, (_, index) => {
    return { pts: index * every, dts: index * every, randomAccess: false, pes, ptsAt: 9, dtsAt: 0 }
  })
  return packSound(units, pid, false, { lead, durationTicks })
}

/** Cuts a PES packet into transport packets and appends them to `packets`. */
function packUnit(unit: AccessUnit, pid: number, wantsPcr: () => boolean, packets: Packet[]): void {
  let taken = 0
  while (taken < unit.pes.length) {
    const first = taken === 0
    const pcr = wantsPcr()
    const left = unit.pes.length - taken
    let adaptation = pcr ? 8 : first && unit.randomAccess ? 2 : 0
    if (left < 184 - adaptation) adaptation = 184 - left
    const bytes = new Uint8Array(PACKET_SIZE).fill(0xff)
    bytes[0] = SYNC
    bytes[1] = (first ? 0x40 : 0) | (pid >> 8)
    bytes[2] = pid & 0xff
    bytes[3] = adaptation > 0 ? 0x30 : 0x10
    if (adaptation > 0) bytes[4] = adaptation - 1
    if (adaptation > 1) bytes[5] = (first && unit.randomAccess ? 0x40 : 0) | (pcr ? 0x10 : 0)
    const payloadAt = 4 + adaptation
    bytes.set(unit.pes.subarray(taken, taken + PACKET_SIZE - payloadAt), payloadAt)
    taken += PACKET_SIZE - payloadAt
    packets.push({
      bytes,
      at: 0,
      pcrAt: pcr ? 6 : 0,
      ptsAt: first && unit.ptsAt ? payloadAt + unit.ptsAt : 0,
      dtsAt: first && unit.dtsAt ? payloadAt + unit.dtsAt : 0,
      pts: unit.pts,
      dts: unit.dts,
    })
  }
}

/** A teletext PES of one packet with stuffing lines. Source: ETSI EN 300 472. */
function teletextPes(): Uint8Array {
  const line = [0xff, 0x2c, ...Array.from({ length: 44 }, () => 0xff)]
  const header = [0x80, 0x80, 0x24, 0x21, 0, 1, 0, 1, ...Array.from({ length: 31 }, () => 0xff)]
  return pes([...header, 0x10, ...line, ...line, ...line])
}

/** An empty subtitle display set. Source: ETSI EN 300 743. */
function subtitlePes(): Uint8Array {
  const pageComposition = [0x0f, 0x10, 0, 1, 0, 2, 10, 0x08]
  const endOfSet = [0x0f, 0x80, 0, 1, 0, 0]
  return pes([0x80, 0x80, 5, 0x21, 0, 1, 0, 1, 0x20, 0, ...pageComposition, ...endOfSet, 0xff])
}

function pes(rest: readonly number[]): Uint8Array {
  return Uint8Array.from([0, 0, 1, 0xbd, rest.length >> 8, rest.length & 0xff, ...rest])
}
