import { PACKET_SIZE } from '../packet.ts'
import type { ElementaryStream, Program } from '../program.ts'
import { buildPat, buildPmt, packetize } from '../psi.ts'
import { add90k, diff90k } from '../timestamps.ts'
import { packPes } from './pes-packets.ts'
import type { Sample, Track } from './sample.ts'

const PROGRAM_NUMBER = 1
const PMT_PID = 0x1000
const FIRST_PID = 0x100
/** So far the clock is behind what is decoded, 90 kHz: players have this long to get it. */
const CLOCK_LEAD = 27_000
/** A clock is due after this, 90 kHz: ISO/IEC 13818-1, 2.7.2 allows 100 ms. */
const CLOCK_EVERY = 7200
/** Fragments begin at 0: what has to be before that must not be a day later. */
const OFFSET_90K = 90_000

/**
 * Writes samples as one transport stream. Tables come with each segment, their version grows when the tracks change; the
 * clock goes with the pictures, or with the sound where there are none. All times are moved by one second.
 */
export class TransportWriter {
  /** What the tables announce; the first one carries the clock. */
  #places: readonly Place[] = []
  /** Where the tracks of the segment being written go. */
  #pids: ReadonlyMap<Track, number> = new Map()
  #version = -1
  readonly #counters = new Map<number, number>()
  #clockAt: number | null = null

  /** The packets of these samples, which are in the order in which they are to be decoded. */
  write(samples: readonly Sample[]): Uint8Array {
    if (samples.length === 0) return new Uint8Array()
    this.#announce(placesOf(samples))
    this.#pids = this.#pidsOf(placesOf(samples))
    const parts: Uint8Array[] = [...this.#tables()]
    for (const sample of samples) parts.push(this.#packets(sample))
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
    let used = 0
    for (const part of parts) {
      bytes.set(part, used)
      used += part.length
    }
    return bytes
  }

  /** Tracks of other making that are the same to a decoder stay what they were; so does the rest of a segment without sound. */
  #announce(places: readonly Place[]): void {
    if (places.every(({ name }) => this.#places.some((known) => known.name === name))) return
    const kinds = new Set(places.map(({ track }) => track.kind))
    const kept = this.#places.filter(({ track }) => !kinds.has(track.kind))
    this.#places = [...places, ...kept].toSorted((a, b) => rank(a.track) - rank(b.track))
    this.#version = (this.#version + 1) % 32
  }

  #pidsOf(places: readonly Place[]): ReadonlyMap<Track, number> {
    const names = this.#places.map(({ name }) => name)
    return new Map(places.map(({ name, track }) => [track, FIRST_PID + names.indexOf(name)]))
  }

  #tables(): readonly Uint8Array[] {
    const streams = this.#places.map(({ track }, index): ElementaryStream => ({
      pid: FIRST_PID + index,
      kind: track.kind,
      codec: 'other',
      streamType: track.streamType,
      language: null,
      descriptors: track.descriptors,
    }))
    const program: Program = {
      programNumber: PROGRAM_NUMBER,
      version: this.#version,
      pmtPid: PMT_PID,
      pcrPid: FIRST_PID,
      streams,
    }
    return [this.#section(0, buildPat(program, 1)), this.#section(PMT_PID, buildPmt(program))]
  }

  #section(pid: number, section: Uint8Array): Uint8Array {
    const counter = this.#counters.get(pid) ?? 0
    const packets = packetize(section, pid, counter)
    this.#counters.set(pid, (counter + packets.length / PACKET_SIZE) & 0x0f)
    return packets
  }

  #packets({ track, bytes, pts90k, dts90k, isRandomAccess }: Sample): Uint8Array {
    const pid = this.#pids.get(track) ?? FIRST_PID
    const dts = add90k(dts90k, OFFSET_90K)
    const clock90k = pid === FIRST_PID ? this.#dueClock(dts) : null
    const counter = this.#counters.get(pid) ?? 0
    const times = { pts90k: add90k(pts90k, OFFSET_90K), dts90k: dts, clock90k }
    const packets = packPes({ ...track, ...times, pid, isRandomAccess, bytes }, counter)
    this.#counters.set(pid, (counter + packets.length / PACKET_SIZE) & 0x0f)
    return packets
  }

  #dueClock(dts: number): number | null {
    const clock = add90k(dts, -CLOCK_LEAD)
    const since = this.#clockAt === null ? Infinity : diff90k(clock, this.#clockAt)
    if (since >= 0 && since < CLOCK_EVERY) return null
    this.#clockAt = clock
    return clock
  }
}

/** A track by what it is to a decoder, and its place among those that are the same. */
type Place = { readonly name: string; readonly track: Track }

function placesOf(samples: readonly Sample[]): readonly Place[] {
  const counts = new Map<string, number>()
  return [...new Set(samples.map(({ track }) => track))].map((track) => {
    const kind = `${track.kind} ${track.streamType} ${track.descriptors.join()}`
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    return { name: `${kind} ${count}`, track }
  })
}

/** Pictures first. */
const rank = ({ kind }: Track): number => (kind === 'video' ? 0 : 1)
