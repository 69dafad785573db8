import type { ElementaryStream, Program } from './program.ts'
import { descriptors } from './psi.ts'
import type { ParsedPmt } from './psi.ts'

/** PID of our PMT; FFmpeg's own choice, which no broadcaster uses for a stream. */
const PMT_PID = 0x1000
/** Streams get PIDs from here when their own is taken. */
const FIRST_FREE_PID = 0x100
/** CA_descriptor: what we send is in the clear. ISO/IEC 13818-1, 2.6.16. */
const CA_DESCRIPTOR = 0x09

/** Turns the PMTs of one upstream after another into our own programme. */
export interface OutputProgram {
  /**
   * The programme for this PMT; `pids` are the input PIDs of its streams, in their order. `changed`: the first one, or not
   * the same as before; the version has risen then.
   */
  next(pmt: ParsedPmt): { readonly program: Program; readonly pids: readonly number[]; readonly changed: boolean }
}

/**
 * Makes programmes whose PIDs stay: the first German AC-3 track keeps its PID for the life of the relay, on whatever PID
 * an upstream sends it. Streams that no player of ours knows (data carousels, encryption messages) are left out.
 */
export function programMaker(): OutputProgram {
  const given = new Map<string, number>()
  let programNumber: number | null = null
  let last: Program | null = null

  const pidFor = (key: string, wish: number): number => {
    const known = given.get(key)
    if (known !== undefined) return known
    const taken = new Set([...given.values(), PMT_PID])
    let pid = wish
    for (let next = FIRST_FREE_PID; taken.has(pid) || pid < 0x20 || pid > 0x1ffe; next++) pid = next
    given.set(key, pid)
    return pid
  }

  return {
    next(pmt) {
      programNumber ??= pmt.programNumber
      const known = pmt.streams.filter(({ kind }) => kind !== 'data')
      const seen = new Map<string, number>()
      const streams = known.map((stream): ElementaryStream => {
        const name = `${stream.kind}/${stream.codec}/${stream.language ?? ''}`
        const nth = seen.get(name) ?? 0
        seen.set(name, nth + 1)
        return { ...stream, pid: pidFor(`${name}/${nth}`, stream.pid), descriptors: withoutCa(stream.descriptors) }
      })
      const clock = known.findIndex(({ pid }) => pid === pmt.pcrPid)
      const pcrPid = streams[clock]?.pid ?? pidFor('clock', pmt.pcrPid)
      const next = { programNumber, version: last?.version ?? 0, pmtPid: PMT_PID, pcrPid, streams }
      const changed = last === null || !isSame(last, next)
      if (changed) last = { ...next, version: last === null ? 0 : (last.version + 1) & 0x1f }
      return { program: last ?? next, pids: known.map(({ pid }) => pid), changed }
    },
  }
}

function withoutCa(loop: Uint8Array): Uint8Array {
  const kept = [...descriptors(loop)].filter(({ tag }) => tag !== CA_DESCRIPTOR)
  return Uint8Array.from(kept.flatMap(({ tag, body }) => [tag, body.length, ...body]))
}

function isSame(a: Program, b: Program): boolean {
  return (
    a.pcrPid === b.pcrPid &&
    a.streams.length === b.streams.length &&
    a.streams.every((stream, index) => {
      const other = b.streams[index]
      return (
        other !== undefined &&
        stream.pid === other.pid &&
        stream.streamType === other.streamType &&
        stream.descriptors.length === other.descriptors.length &&
        stream.descriptors.every((byte, at) => byte === other.descriptors[at])
      )
    })
  )
}
