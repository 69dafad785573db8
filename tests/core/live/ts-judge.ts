/**
 * What a strict receiver thinks of a transport stream. Reads the bytes by itself: it shares no code with what it judges.
 *
 * Times have to rise even where a break is announced (contract §4). Source: ISO/IEC 13818-1, 2.4.3.
 */
export type Judgement = {
  /** What is wrong, in order of appearance; empty for a good stream. */
  readonly faults: readonly string[]
  /** Breaks that were announced by a discontinuity_indicator. */
  readonly announced: number
  /** Names of tables and PIDs in order of first appearance: `PAT`, `PMT`, `256`. */
  readonly order: readonly string[]
  /** DTS of every PES start by PID, 90 kHz. */
  readonly dts: ReadonlyMap<number, readonly number[]>
  readonly pcr: readonly number[]
  /** Versions of the PMT as they came, repetitions left out. */
  readonly pmtVersions: readonly number[]
  /** stream_type by PID of the last PMT. */
  readonly streamTypes: ReadonlyMap<number, number>
}

const MODULUS = 2 ** 33

/** Whether `b` comes after `a` on the 33-bit clock. */
const isLater = (a: number, b: number): boolean => {
  const way = (((b - a) % MODULUS) + MODULUS) % MODULUS
  return way > 0 && way < MODULUS / 2
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte << 24
    for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  }
  return value >>> 0
}

/** Reads a whole stream and names every fault: counters, clocks, times, tables, foreign programmes, encryption. */
export function judge(bytes: Uint8Array): Judgement {
  const faults: string[] = []
  const order: string[] = []
  const dts = new Map<number, number[]>()
  const pcr: number[] = []
  const pmtVersions: number[] = []
  const streamTypes = new Map<number, number>()
  const counters = new Map<number, number>()
  let announced = 0
  let pmtPid = -1
  const say = (at: number, text: string): void => void faults.push(`packet ${at / 188}: ${text}`)
  const appear = (name: string): void => void (order.includes(name) || order.push(name))

  if (bytes.length % 188 !== 0) faults.push(`${bytes.length} bytes are no whole packets`)
  for (let at = 0; at + 188 <= bytes.length; at += 188) {
    const p = bytes.subarray(at, at + 188) as Uint8Array & Record<number, number>
    const byte = (index: number): number => p[index] ?? 0
    if (byte(0) !== 0x47) {
      say(at, 'no sync byte')
      continue
    }
    const pid = ((byte(1) & 0x1f) << 8) | byte(2)
    if (pid === 0x1fff) continue
    if (byte(1) & 0x80) say(at, `error indicator on ${pid}`)
    if (byte(3) & 0xc0) say(at, `scrambled on ${pid}`)
    const hasField = (byte(3) & 0x20) !== 0
    const hasPayload = (byte(3) & 0x10) !== 0
    const flags = hasField && byte(4) > 0 ? byte(5) : 0
    const isBreak = (flags & 0x80) !== 0
    if (isBreak) announced += 1
    const last = counters.get(pid)
    const counter = byte(3) & 15
    const expected = last === undefined ? counter : hasPayload ? (last + 1) & 15 : last
    if (counter !== expected && !isBreak) say(at, `PID ${pid} counts ${String(last)} → ${counter}`)
    counters.set(pid, counter)

    if (flags & 0x10) {
      const base = byte(6) * 2 ** 25 + byte(7) * 2 ** 17 + byte(8) * 2 ** 9 + byte(9) * 2 + (byte(10) >> 7)
      const before = pcr.at(-1)
      if (before !== undefined && !isLater(before, base)) say(at, `PCR ${before} → ${base}`)
      pcr.push(base)
    }
    const from = hasField ? 5 + byte(4) : 4
    if (from > 188 || (hasPayload && from > 187)) say(at, 'adaptation field too long')
    if (!hasPayload || !(byte(1) & 0x40)) continue
    if (pid === 0 || pid === pmtPid) {
      const start = from + 1 + byte(from)
      const length = 3 + (((byte(start + 1) & 15) << 8) | byte(start + 2))
      if (start + length <= 188 && crc(p.subarray(start, start + length)) !== 0) say(at, 'wrong CRC')
      if (pid === 0) {
        appear('PAT')
        if (length !== 16) say(at, `PAT of ${length} bytes should list one programme`)
        pmtPid = ((byte(start + 10) & 0x1f) << 8) | byte(start + 11)
        continue
      }
      appear('PMT')
      const version = (byte(start + 5) >> 1) & 31
      if (pmtVersions.at(-1) !== version) pmtVersions.push(version)
      streamTypes.clear()
      const end = Math.min(start + length - 4, 188)
      for (let entry = start + 12; entry + 5 <= end;) {
        streamTypes.set(((byte(entry + 1) & 0x1f) << 8) | byte(entry + 2), byte(entry))
        const loopEnd = entry + 5 + (((byte(entry + 3) & 15) << 8) | byte(entry + 4))
        for (let tag = entry + 5; tag < loopEnd; tag += 2 + byte(tag + 1))
          if (byte(tag) === 0x09) say(at, 'CA descriptor')
        entry = loopEnd
      }
      continue
    }
    appear(String(pid))
    if (byte(from) !== 0 || byte(from + 1) !== 0 || byte(from + 2) !== 1) {
      say(at, `PID ${pid} starts without a PES header`)
      continue
    }
    const timeFlags = byte(from + 7) >> 6
    if (timeFlags < 2) continue
    const t = from + (timeFlags === 3 ? 14 : 9)
    const time =
      ((byte(t) >> 1) & 7) * 2 ** 30 +
      byte(t + 1) * 2 ** 22 +
      (byte(t + 2) >> 1) * 2 ** 15 +
      byte(t + 3) * 128 +
      (byte(t + 4) >> 1)
    const times = dts.get(pid) ?? []
    const before = times.at(-1)
    if (before !== undefined && !isLater(before, time)) say(at, `DTS of ${pid}: ${before} → ${time}`)
    times.push(time)
    dts.set(pid, times)
  }
  return { faults, announced, order, dts, pcr, pmtVersions, streamTypes }
}
