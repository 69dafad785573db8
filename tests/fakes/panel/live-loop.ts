import { readTimestamp, writePcr, writeTimestamp } from '../receiver/ts-writer.ts'

const PACKET_SIZE = 188

/** A clip that can be sent for ever: round after round its clocks and counters go on. */
export interface LiveLoop {
  readonly durationMs: number
  /** Bytes from `from` to `to` of the endless stream; both are multiples of 188. */
  read(from: number, to: number): Uint8Array<ArrayBuffer>
  /** How many bytes have been sent `ms` after the beginning, a multiple of 188. */
  bytesAt(ms: number): number
}

type Stamp = { readonly at: number; readonly ticks: number; readonly isPcr: boolean }

/**
 * Makes a loop of whole packets of a transport stream whose programme is not longer than two minutes.
 *
 * `lasts` is its length in ticks of 90 kHz; without it the clocks of the clip are taken for evenly spread.
 */
export function createLiveLoop(clip: Uint8Array, lasts?: number): LiveLoop {
  const stamps = findStamps(clip)
  const clocks = stamps.filter(({ isPcr }) => isPcr).map(({ ticks }) => ticks)
  const [first = 0] = clocks
  const step = clocks.length > 1 ? ((clocks.at(-1) ?? 0) - first) / (clocks.length - 1) : 0
  const durationTicks = lasts ?? Math.max(1, Math.round((clocks.at(-1) ?? 0) - first + step))
  const durationMs = durationTicks / 90
  const counters = countPackets(clip)
  return {
    durationMs,
    bytesAt: (ms) => Math.floor(((ms / durationMs) * clip.length) / PACKET_SIZE) * PACKET_SIZE,
    read(from, to) {
      const bytes = new Uint8Array(to - from)
      for (let at = from; at < to; at += PACKET_SIZE) {
        const round = Math.floor(at / clip.length)
        const place = at - round * clip.length
        bytes.set(clip.subarray(place, place + PACKET_SIZE), at - from)
        const { before, total } = counters(place)
        const control = clip[place + 3] ?? 0
        bytes[at - from + 3] = (control & 0xf0) | ((before + round * total) & 15)
      }
      for (let round = Math.floor(from / clip.length); round * clip.length < to; round++) {
        for (const stamp of stamps) {
          const target = round * clip.length + stamp.at - from
          const packet = target - (target % PACKET_SIZE)
          if (packet < 0 || target < 0 || packet >= bytes.length) continue
          const ticks = (stamp.ticks + round * durationTicks) % 2 ** 33
          if (stamp.isPcr) writePcr(bytes, target, ticks)
          else writeTimestamp(bytes, target, ticks)
        }
      }
      return bytes
    },
  }
}

/** Where the clip has PCR, PTS and DTS, 90 kHz. */
function findStamps(clip: Uint8Array): readonly Stamp[] {
  const byte = (at: number): number => clip[at] ?? 0
  const stamps: Stamp[] = []
  for (let packet = 0; packet < clip.length; packet += PACKET_SIZE) {
    const hasAdaptation = (byte(packet + 3) & 0x20) !== 0
    if (hasAdaptation && byte(packet + 4) > 6 && (byte(packet + 5) & 0x10) !== 0) {
      const at = packet + 6
      const ticks =
        byte(at) * 2 ** 25 + ((byte(at + 1) << 17) | (byte(at + 2) << 9) | (byte(at + 3) << 1) | (byte(at + 4) >> 7))
      stamps.push({ at, ticks, isPcr: true })
    }
    const pes = packet + 4 + (hasAdaptation ? byte(packet + 4) + 1 : 0)
    const isPes = (byte(packet + 1) & 0x40) !== 0 && byte(pes) === 0 && byte(pes + 1) === 0 && byte(pes + 2) === 1
    if (!isPes || (byte(pes + 6) & 0xc0) !== 0x80) continue
    if (byte(pes + 7) & 0x80) stamps.push({ at: pes + 9, ticks: readTimestamp(clip, pes + 9), isPcr: false })
    if ((byte(pes + 7) & 0xc0) === 0xc0)
      stamps.push({ at: pes + 14, ticks: readTimestamp(clip, pes + 14), isPcr: false })
  }
  return stamps
}

/** For each packet: payloads of its PID before it in the clip, with its own, and in the whole clip. */
function countPackets(clip: Uint8Array): (place: number) => { readonly before: number; readonly total: number } {
  const seen = new Map<number, number>()
  const before = new Int32Array(clip.length / PACKET_SIZE)
  const pidAt = (at: number): number => (((clip[at + 1] ?? 0) & 0x1f) << 8) | (clip[at + 2] ?? 0)
  for (let at = 0; at < clip.length; at += PACKET_SIZE) {
    const hasPayload = ((clip[at + 3] ?? 0) & 0x10) !== 0
    const count = (seen.get(pidAt(at)) ?? 0) + (hasPayload ? 1 : 0)
    seen.set(pidAt(at), count)
    before[at / PACKET_SIZE] = count
  }
  return (place) => ({ before: before[place / PACKET_SIZE] ?? 0, total: seen.get(pidAt(place)) ?? 0 })
}
