import { adaptationFlags, PACKET_SIZE, payloadAt, pidAt, startsUnit } from '../../../../core/live/packet.ts'
import { readPesHeader } from '../../../../core/live/pes-header.ts'
import { parsePmt, SectionReader } from '../../../../core/live/psi.ts'
import type { ParsedPmt } from '../../../../core/live/psi.ts'
import { diff90k, readPcr } from '../../../../core/live/timestamps.ts'
import { judge } from '../../../core/live/ts-judge.ts'

/** A PES packet of a piece. */
export type Unit = {
  readonly pts90k: number
  readonly dts90k: number
  readonly isKey: boolean
  /** What the decoder gets. */
  readonly bytes: Uint8Array
}

/** What one piece of a channel consists of, read packet by packet. */
export type Piece = {
  readonly units: ReadonlyMap<number, readonly Unit[]>
  readonly pcr90k: readonly number[]
  /** The different bytes that the tables had, as hexadecimal. */
  readonly pmts: ReadonlySet<string>
  readonly pmt: ParsedPmt
}

const PMT_PID = 0x1000

/** Reads a transport stream as FFmpeg's multiplexer writes it. */
export function readPiece(bytes: Uint8Array): Piece {
  const open = new Map<number, { unit: Omit<Unit, 'bytes'>; parts: Uint8Array[] }>()
  const units = new Map<number, Unit[]>()
  const pcr90k: number[] = []
  const pmts = new Set<string>()
  const reader = new SectionReader()
  let pmt: ParsedPmt | null = null
  const finish = (pid: number): void => {
    const done = open.get(pid)
    if (done === undefined) return
    const list = units.get(pid) ?? []
    list.push({ ...done.unit, bytes: new Uint8Array(Buffer.concat(done.parts)) })
    units.set(pid, list)
  }
  for (let at = 0; at + PACKET_SIZE <= bytes.length; at += PACKET_SIZE) {
    const pid = pidAt(bytes, at)
    const pcr = readPcr(bytes, at)
    if (pcr !== null) pcr90k.push(pcr)
    if (pid === PMT_PID)
      for (const section of reader.push(bytes, at)) {
        pmts.add(Buffer.from(section).toString('hex'))
        pmt = parsePmt(section)
      }
    if (pid < 0x100 || pid === PMT_PID) continue
    if (!startsUnit(bytes, at)) {
      open.get(pid)?.parts.push(bytes.slice(payloadAt(bytes, at), at + PACKET_SIZE))
      continue
    }
    finish(pid)
    const header = readPesHeader(bytes, at)
    if (header === null || header.pts90k === null || header.dts90k === null)
      throw new Error(`PID ${pid} has a PES packet without times`)
    const isKey = (adaptationFlags(bytes, at) & 0x40) !== 0
    const unit = { pts90k: header.pts90k, dts90k: header.dts90k, isKey }
    open.set(pid, { unit, parts: [bytes.slice(header.payloadAt, at + PACKET_SIZE)] })
  }
  for (const pid of open.keys()) finish(pid)
  if (pmt === null) throw new Error('There is no PMT')
  return { units, pcr90k, pmts, pmt }
}

/** The differences between neighbours. */
export const steps = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, index) => diff90k(time, times[index] ?? 0))

/** The types of the NAL units in a picture (Annex B). */
export function nalTypes(bytes: Uint8Array): readonly number[] {
  const types: number[] = []
  for (let at = 0; at + 3 < bytes.length; at++)
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) types.push((bytes[at + 3] ?? 0) & 0x1f)
  return types
}

/** What a strict receiver objects to; the service description table, which it does not read, is left out. */
export const faultsOf = (bytes: Uint8Array): readonly string[] =>
  judge(bytes).faults.filter((fault) => !fault.includes('PID 17 '))
