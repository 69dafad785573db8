import {
  adaptationFlags,
  hasPayload,
  isScrambled,
  PACKET_SIZE,
  payloadAt,
  pidAt,
  startsUnit,
  SYNC_BYTE,
} from '../packet.ts'
import { readPesHeader } from '../pes-header.ts'
import { parsePat, parsePmt, SectionReader } from '../psi.ts'
import type { Sample, Track } from './sample.ts'

type Unit = {
  readonly pts90k: number
  readonly dts90k: number
  readonly isRandomAccess: boolean
  readonly parts: Uint8Array[]
}

/**
 * Takes a transport stream apart into its pictures and pieces of sound, segment by segment. What its tables say is
 * remembered from one segment to the next; a PES packet ends with its segment (RFC 8216, 3.2).
 */
export class TransportSamples {
  #pmtPid = -1
  #tracks = new Map<number, Track>()

  /** The samples of one segment, by track in the order in which they came. */
  read(bytes: Uint8Array): readonly Sample[] {
    const pat = new SectionReader()
    const pmt = new SectionReader()
    const open = new Map<number, Unit>()
    const samples: Sample[] = []
    const finish = (pid: number): void => {
      const unit = open.get(pid)
      const track = this.#tracks.get(pid)
      open.delete(pid)
      if (unit === undefined || track === undefined) return
      const { parts, ...times } = unit
      samples.push({ track, ...times, bytes: joined(parts) })
    }
    for (let offset = firstSync(bytes); offset + PACKET_SIZE <= bytes.length; offset += PACKET_SIZE) {
      if (bytes[offset] !== SYNC_BYTE) continue
      const pid = pidAt(bytes, offset)
      if (pid === 0) for (const section of pat.push(bytes, offset)) this.#takePat(section)
      else if (pid === this.#pmtPid) for (const section of pmt.push(bytes, offset)) this.#takePmt(section)
      else if (this.#tracks.has(pid) && hasPayload(bytes, offset) && !isScrambled(bytes, offset)) {
        let from = payloadAt(bytes, offset)
        if (startsUnit(bytes, offset)) {
          finish(pid)
          const head = readPesHeader(bytes, offset)
          if (head === null || head.pts90k === null || head.dts90k === null) continue
          const isRandomAccess = (adaptationFlags(bytes, offset) & 0x40) !== 0
          open.set(pid, { pts90k: head.pts90k, dts90k: head.dts90k, isRandomAccess, parts: [] })
          from = head.payloadAt
        }
        open.get(pid)?.parts.push(bytes.subarray(from, offset + PACKET_SIZE))
      }
    }
    for (const pid of open.keys()) finish(pid)
    return samples
  }

  #takePat(section: Uint8Array): void {
    const [pid] = parsePat(section)?.values() ?? []
    if (pid !== undefined) this.#pmtPid = pid
  }

  #takePmt(section: Uint8Array): void {
    const program = parsePmt(section)
    if (program === null) return
    const known = this.#tracks
    this.#tracks = new Map(
      program.streams.flatMap(({ pid, kind, streamType, descriptors }): [number, Track][] => {
        if (kind !== 'video' && kind !== 'audio') return []
        const before = known.get(pid)
        const isSame = before?.streamType === streamType && sameBytes(before.descriptors, descriptors)
        return [[pid, isSame && before !== undefined ? before : { kind, streamType, descriptors }]]
      }),
    )
  }
}

/** Where packets begin: at the first byte that is followed by two more in their places. */
function firstSync(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(SYNC_BYTE); at >= 0; at = bytes.indexOf(SYNC_BYTE, at + 1)) {
    const isOne = (index: number): boolean => index >= bytes.length || bytes[index] === SYNC_BYTE
    if (isOne(at + PACKET_SIZE) && isOne(at + 2 * PACKET_SIZE)) return at
  }
  return bytes.length
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let used = 0
  for (const part of parts) {
    bytes.set(part, used)
    used += part.length
  }
  return bytes
}
