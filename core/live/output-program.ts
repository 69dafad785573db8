import type { ElementaryStream, Program } from './program.ts'
import { descriptors } from './psi.ts'
import type { ParsedPmt } from './psi.ts'

/** PID of our PMT; FFmpeg's own choice, which no broadcaster uses for a stream. */
const PMT_PID = 0x1000
/** Streams get PIDs from here when their own is taken. */
const FIRST_FREE_PID = 0x100
/** So many kinds of streams are told apart; a sender that makes up more is no broadcaster. */
const MAX_KNOWN = 256
/** CA_descriptor: what we send is in the clear. ISO/IEC 13818-1, 2.6.16. */
const CA_DESCRIPTOR = 0x09

/** Turns the PMTs of one upstream after another into our own programme. */
export interface OutputProgram {
  /** Another upstream begins: its PIDs mean something else. */
  nextUpstream(): void
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
  /** Within one upstream a stream is what its PID says: languages get corrected while it runs. */
  let byInput = new Map<string, number>()
  let programNumber: number | null = null
  let last: Program | null = null

  const pidFor = (key: string, wish: number, used: Set<number>): number => {
    const known = given.get(key)
    const pid = known !== undefined && !used.has(known) ? known : freePid(wish, new Set([...given.values(), ...used]))
    given.set(key, pid)
    used.add(pid)
    return pid
  }

  return {
    nextUpstream() {
      byInput = new Map()
    },
    next(pmt) {
      programNumber ??= pmt.programNumber
      if (given.size > MAX_KNOWN) given.clear()
      const known = pmt.streams.filter(({ kind }) => kind !== 'data')
      const seen = new Map<string, number>()
      const used = new Set<number>()
      // Streams that run on keep their PIDs before new ones are given any.
      const kept = known.map(({ pid, codec }) => {
        const output = byInput.get(`${pid}/${codec}`)
        if (output === undefined || used.has(output)) return null
        used.add(output)
        return output
      })
      const streams = known.map((stream, index): ElementaryStream => {
        const name = `${stream.kind}/${stream.codec}/${stream.language ?? ''}`
        const nth = seen.get(name) ?? 0
        seen.set(name, nth + 1)
        const pid = kept[index] ?? pidFor(`${name}/${nth}`, stream.pid, used)
        return { ...stream, pid, descriptors: withoutCa(stream.descriptors) }
      })
      byInput = new Map(known.map(({ pid, codec }, index) => [`${pid}/${codec}`, streams[index]?.pid ?? pid]))
      const clock = known.findIndex(({ pid }) => pid === pmt.pcrPid)
      const pcrPid = streams[clock]?.pid ?? pidFor('clock', pmt.pcrPid, used)
      const next = { programNumber, version: last?.version ?? 0, pmtPid: PMT_PID, pcrPid, streams }
      const changed = last === null || !isSame(last, next)
      if (changed) last = { ...next, version: last === null ? 0 : (last.version + 1) & 0x1f }
      return { program: last ?? next, pids: known.map(({ pid }) => pid), changed }
    },
  }
}

function freePid(wish: number, taken: ReadonlySet<number>): number {
  let pid = wish
  for (let next = FIRST_FREE_PID; taken.has(pid) || pid < 0x20 || pid > 0x1ffe || pid === PMT_PID; next++) pid = next
  return pid
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
