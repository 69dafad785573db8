import { NULL_PID } from '../packet.ts'
import type { Track } from '../track.ts'

// What a PID carries, as bits.
const TABLE = 1
const MEDIA = 2
const CLOCK = 4

/** What the PIDs of the upstream at hand carry. Asked for every packet, so it is a table of 8192 bytes. */
export class InputPids {
  readonly #roles = new Uint8Array(8192)
  #tracks: ReadonlyMap<number, Track> = new Map()
  #pcrPid = -1
  #tables: readonly number[] = []

  /** Bits for `isTable`, `isMedia` and `isClock`; 0: nothing of the programme. */
  role(pid: number): number {
    return this.#roles[pid] ?? 0
  }

  /** The track that a PID carries. */
  track(pid: number): Track | undefined {
    return this.#tracks.get(pid)
  }

  /** Another upstream begins: nothing is known but PID 0. */
  reset(): void {
    this.#pcrPid = -1
    this.#tables = []
    this.forgetTracks()
  }

  /** No more sound and pictures come. */
  forgetTracks(): void {
    this.#tracks = new Map()
    this.#renew()
  }

  /** PMTs are expected on these PIDs. */
  setTables(pids: Iterable<number>): void {
    this.#tables = [...pids]
    this.#renew()
  }

  /** The programme's clock and its tracks, which come on `pids` in their order. */
  setTracks(pcrPid: number, pids: readonly number[], tracks: readonly Track[]): void {
    this.#pcrPid = pcrPid
    const byPid = new Map<number, Track>()
    for (const [index, input] of pids.entries()) {
      const track = tracks[index]
      if (track !== undefined && input !== NULL_PID) byPid.set(input, track)
    }
    this.#tracks = byPid
    this.#renew()
  }

  #renew(): void {
    const roles = this.#roles.fill(0)
    for (const pid of this.#tracks.keys()) roles[pid] = MEDIA
    if (this.#pcrPid >= 0 && this.#pcrPid !== NULL_PID) roles[this.#pcrPid] = (roles[this.#pcrPid] ?? 0) | CLOCK
    for (const pid of this.#tables) roles[pid] = TABLE
    roles[0] = TABLE
  }
}

/** PAT or PMT come on a PID of this role. */
export const isTable = (role: number): boolean => (role & TABLE) !== 0
/** Sound, pictures or subtitles come on a PID of this role. */
export const isMedia = (role: number): boolean => (role & MEDIA) !== 0
/** The programme's clock comes on a PID of this role. */
export const isClock = (role: number): boolean => (role & CLOCK) !== 0
