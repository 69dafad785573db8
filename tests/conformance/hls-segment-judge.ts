import { judge } from '../core/live/ts-judge.ts'

// What a strict player thinks of TS segments (`hls-ffmpeg.md` §8, "Segments"). Shares no code with what it judges.

const PACKET_SIZE = 188
const MODULUS = 2 ** 33
/** ISO/IEC 13818-1, 2.7.2: a clock reference at least every 100 ms. */
const CLOCK_EVERY_90K = 9000

/** A PES packet of a segment. Times are 90 kHz ticks modulo 2³³; `kind` is of its first picture, if it is one. */
export type ReadPes = {
  readonly pid: number
  readonly pts: number
  readonly dts: number
  readonly head: Uint8Array
}

/** A segment as its packets say it. */
export type ReadSegment = {
  readonly faults: readonly string[]
  /** stream_type by PID of its PMT. */
  readonly streamTypes: ReadonlyMap<number, number>
  readonly videoPid: number | null
  readonly pes: readonly ReadPes[]
}

const VIDEO_TYPES: ReadonlySet<number> = new Set([0x01, 0x02, 0x1b, 0x24])
/** NAL units or headers without which no decoder starts: SPS; SPS; sequence header. */
const startsDecoder = (streamType: number, head: Uint8Array): boolean => {
  for (let at = 0; at + 3 < head.length; at++) {
    if (head[at] !== 0 || head[at + 1] !== 0 || head[at + 2] !== 1) continue
    const unit = head[at + 3] ?? 0
    if (streamType === 0x1b && (unit & 0x1f) === 7) return true
    if (streamType === 0x24 && ((unit >> 1) & 0x3f) === 33) return true
    if (streamType <= 0x02 && unit === 0xb3) return true
  }
  return false
}

/** Signed way from `a` to `b` on the 33-bit clock. */
export const way = (a: number, b: number): number => {
  const difference = (((b - a) % MODULUS) + MODULUS) % MODULUS
  return difference >= MODULUS / 2 ? difference - MODULUS : difference
}

const stamp = (bytes: Uint8Array, at: number): number => {
  const byte = (index: number): number => bytes[at + index] ?? 0
  return ((byte(0) >> 1) & 7) * 2 ** 30 + byte(1) * 2 ** 22 + (byte(2) >> 1) * 2 ** 15 + byte(3) * 128 + (byte(4) >> 1)
}

/** How a segment is looked at. `startsAtAccess`: its list says that a decoder may start here. `hasLoss`: the source lost some of it. */
export type Look = { readonly startsAtAccess?: boolean; readonly hasLoss?: boolean }

/** Reads one segment by itself. */
export function readSegment(bytes: Uint8Array, { startsAtAccess = true, hasLoss = false }: Look = {}): ReadSegment {
  const faults: string[] = []
  const { streamTypes, faults: packetFaults } = judge(bytes)
  faults.push(...packetFaults)
  const byte = (at: number): number => bytes[at] ?? 0
  const pidAt = (at: number): number => ((byte(at + 1) & 0x1f) << 8) | byte(at + 2)
  const tablesPid = pidAt(PACKET_SIZE)
  if (pidAt(0) !== 0 || (byte(1) & 0x40) === 0) faults.push('the first packet is not the start of a PAT')
  if (streamTypes.size === 0 || streamTypes.has(tablesPid) || (byte(PACKET_SIZE + 1) & 0x40) === 0)
    faults.push('the second packet is not the start of the PMT')
  const clockPid = ((byte(PACKET_SIZE + 13) & 0x1f) << 8) | byte(PACKET_SIZE + 14)
  const videoPid = [...streamTypes].find(([, type]) => VIDEO_TYPES.has(type))?.[0] ?? null

  const open = new Map<number, Uint8Array[]>()
  const pes: ReadPes[] = []
  const clocks: number[] = []
  const finish = (pid: number): void => {
    const parts = open.get(pid)
    if (!parts) return
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    const whole = new Uint8Array(length)
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    const declared = ((whole[4] ?? 0) << 8) | (whole[5] ?? 0)
    if (!hasLoss && declared !== 0 && declared + 6 !== length)
      faults.push(`PES of ${pid}: ${length} bytes instead of ${declared + 6}`)
    const flags = (whole[7] ?? 0) >> 6
    if (flags < 2) {
      faults.push(`PES of ${pid} without a time`)
      return
    }
    const pts = stamp(whole, 9)
    const dts = flags === 3 ? stamp(whole, 14) : pts
    const index = order.indexOf(parts)
    starts[index] = { pid, pts, dts, head: whole.subarray(9 + (whole[8] ?? 0)) }
  }
  const order: Uint8Array[][] = []
  const starts: ReadPes[] = []
  for (let at = 0; at + PACKET_SIZE <= bytes.length; at += PACKET_SIZE) {
    const pid = pidAt(at)
    const hasField = (byte(at + 3) & 0x20) !== 0
    if (hasField && byte(at + 4) > 6 && (byte(at + 5) & 0x10) !== 0) {
      if (pid !== clockPid) faults.push(`a clock reference on PID ${pid}, the PMT says ${clockPid}`)
      clocks.push(
        byte(at + 6) * 2 ** 25 +
          byte(at + 7) * 2 ** 17 +
          byte(at + 8) * 2 ** 9 +
          byte(at + 9) * 2 +
          (byte(at + 10) >> 7),
      )
    }
    if (pid === 0 || pid === tablesPid) continue
    if (!streamTypes.has(pid)) faults.push(`PID ${pid} is not in the PMT`)
    if ((byte(at + 3) & 0x10) === 0) continue
    const payload = bytes.subarray(at + (hasField ? 5 + byte(at + 4) : 4), at + PACKET_SIZE)
    if ((byte(at + 1) & 0x40) !== 0) {
      finish(pid)
      const parts = [payload]
      order.push(parts)
      open.set(pid, parts)
    } else if (open.has(pid)) open.get(pid)?.push(payload)
    else faults.push(`PID ${pid} begins in the middle of a PES packet`)
  }
  for (const pid of open.keys()) finish(pid)
  pes.push(...starts.filter((start) => start !== undefined))

  if (clocks.length === 0) faults.push('no clock reference')
  for (const [index, clock] of clocks.entries()) {
    const step = index === 0 ? 0 : way(clocks[index - 1] ?? 0, clock)
    if (step > CLOCK_EVERY_90K && !hasLoss) faults.push(`no clock reference for ${Math.round(step / 90)} ms`)
  }
  const [first] = pes
  if (first === undefined) faults.push('nothing in it')
  else if (videoPid !== null && startsAtAccess) {
    if (first.pid !== videoPid) faults.push('the first PES packet is not the picture')
    const picture = pes.find(({ pid }) => pid === videoPid)
    if (!picture || !startsDecoder(streamTypes.get(videoPid) ?? 0, picture.head))
      faults.push('the first picture is not one with which a decoder can start')
  }
  return { faults, streamTypes, videoPid, pes }
}

/** A segment with what its list says about it. */
export type Fetched = {
  readonly msn: number
  readonly seconds: number
  readonly discontinuity: boolean
  readonly bytes: Uint8Array
}

/** What is wrong with segments that follow each other; empty: nothing. `isIndependent`: each starts at a random access point. */
export function judgeSegments(
  segments: readonly Fetched[],
  { isIndependent, hasLoss = false }: { readonly isIndependent: boolean; readonly hasLoss?: boolean },
): readonly string[] {
  const faults: string[] = []
  for (const [index, { msn, seconds, discontinuity, bytes }] of segments.entries()) {
    const startsAtAccess = isIndependent || index === 0 || discontinuity
    const read = readSegment(bytes, { startsAtAccess, hasLoss })
    faults.push(...read.faults.map((fault) => `segment ${msn}: ${fault}`))
    const next = segments[index + 1]
    if (!next || next.discontinuity) continue
    if (next.msn !== msn + 1) faults.push(`segment ${msn + 1} was not fetched`)
    const following = readSegment(next.bytes, { startsAtAccess: false, hasLoss })
    const leading = ({ pes, videoPid }: ReadSegment): ReadPes | undefined =>
      pes.find(({ pid }) => videoPid === null || pid === videoPid)
    const [from, to] = [leading(read), leading(following)]
    if (!from || !to) continue
    // One picture of 25 a second, and what rounding adds.
    if (Math.abs(way(from.dts, to.dts) - seconds * 90_000) > 3610)
      faults.push(`segment ${msn}: EXTINF ${seconds}, and ${way(from.dts, to.dts) / 90_000} s of pictures`)
    if (String([...read.streamTypes]) !== String([...following.streamTypes]))
      faults.push(`segment ${next.msn}: other streams without a discontinuity`)
  }
  // Counters, times and clock references run on from one to the next.
  let run: Uint8Array[] = []
  const close = (): void => {
    const whole = new Uint8Array(run.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const bytes of run) {
      whole.set(bytes, at)
      at += bytes.length
    }
    faults.push(...judge(whole).faults.map((fault) => `in a row: ${fault}`))
    run = []
  }
  for (const { discontinuity, bytes } of segments) {
    if (discontinuity) close()
    run.push(bytes)
  }
  close()
  return faults
}
