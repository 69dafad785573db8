import type { PesUnit } from '../pes-unit.ts'
import { audioStreams, textStreams } from '../program.ts'
import type { Program } from '../program.ts'
import type { ClosedPiece } from './piece.ts'
import type { RingClock } from './ring-clock.ts'

/** Sound that is this late is not waited for: the picture goes on alone (`hls-ffmpeg.md` §7). */
const LATE_SOUND_MS = 1500
/** Units of sound that may wait for their picture: more than a minute of any codec. */
const MAX_WAITING = 4096

type Track = {
  /** Units that belong to no complete piece yet. */
  waiting: PesUnit[]
  /** PTS on the ring's clock up to which the track is complete. */
  until: number
  /** PTS of the unit that started last. */
  startedPts90k: number | null
  /** Nothing of it comes: it is not waited for until something does. */
  isSilent: boolean
  /** Teletext or subtitles, which come when there is something to say: never waited for. */
  readonly isText: boolean
}

const EMPTY_TRACK = { until: -Infinity, startedPts90k: null, isSilent: false } as const

/** Sound, teletext and subtitles of a ring's programme, waiting for the pieces whose time they have. */
export class SoundTracks {
  readonly #clock: RingClock
  readonly #now: () => number
  #tracks: ReadonlyMap<number, Track> = new Map()

  constructor(clock: RingClock, now: () => number) {
    this.#clock = clock
    this.#now = now
  }

  /** PIDs of the tracks. */
  get pids(): Iterable<number> {
    return this.#tracks.keys()
  }

  /** Ring time up to which the track that is furthest is complete; -Infinity: nothing has come. */
  get until90k(): number {
    return Math.max(...[...this.#tracks.values()].map(({ until }) => until))
  }

  /** Takes the tracks of another programme. */
  setProgram(program: Program): void {
    const tracks = [...audioStreams(program), ...textStreams(program)]
    this.#tracks = new Map(
      tracks.map(({ pid, kind }) => [pid, { ...EMPTY_TRACK, waiting: [], isText: kind !== 'audio' }]),
    )
  }

  /** Forgets what waits: a break is behind it. */
  reset(): void {
    for (const track of this.#tracks.values()) Object.assign(track, EMPTY_TRACK, { waiting: [] })
  }

  /** What a PID carries; null if it is no track of the programme. */
  kindOf(pid: number): 'sound' | 'text' | null {
    const track = this.#tracks.get(pid)
    return track === undefined ? null : track.isText ? 'text' : 'sound'
  }

  /** A unit of the track starts: all before it is there, long before it is complete itself. */
  starts(pid: number, pts90k: number): void {
    const track = this.#tracks.get(pid)
    if (track === undefined) return
    track.until = this.#clock.place(pts90k) ?? track.until
    track.startedPts90k = pts90k
  }

  /** Takes a complete unit; it is left out while the ring has no clock. */
  push(unit: PesUnit): void {
    const track = this.#tracks.get(unit.pid)
    if (track === undefined || !this.#clock.isRunning) return
    track.waiting.push(unit)
    if (track.waiting.length > MAX_WAITING) track.waiting.shift()
    track.isSilent = false
  }

  /** Units of a track that belong to no complete piece yet. */
  waiting(pid: number): readonly PesUnit[] {
    return this.#tracks.get(pid)?.waiting ?? []
  }

  /** PTS of the unit of a track that started last, complete or not; null: none did. */
  startedPts90k(pid: number): number | null {
    return this.#tracks.get(pid)?.startedPts90k ?? null
  }

  /**
   * All sound whose PTS on the ring's clock is before this has come, or is later than can be waited for. `closedAtMs`: when
   * the last picture before it was complete.
   */
  has(endPts90k: number, closedAtMs: number): boolean {
    const missing = [...this.#tracks.values()].filter(
      (track) => !track.isText && !track.isSilent && track.until < endPts90k,
    )
    if (missing.length > 0 && this.#now() - closedAtMs <= LATE_SOUND_MS && this.#isAwaited(missing)) return false
    for (const track of missing) track.isSilent = true
    return true
  }

  /** A track that never came yet is not waited for when others have: many programmes announce more than they send. */
  #isAwaited(missing: readonly Track[]): boolean {
    const hasSound = [...this.#tracks.values()].some(({ until, isText }) => !isText && until > -Infinity)
    return missing.some(({ until }) => until > -Infinity || !hasSound)
  }

  /** Takes out what belongs to this piece, by PID. `lag90k`: sound is heard so much later than the DTS of its picture. */
  take(
    { start90k, duration90k }: Pick<ClosedPiece, 'start90k' | 'duration90k'>,
    lag90k: number,
  ): Map<number, PesUnit[]> {
    const end = start90k + duration90k
    const taken = new Map<number, PesUnit[]>()
    for (const [pid, track] of this.#tracks) {
      const units: PesUnit[] = []
      const later: PesUnit[] = []
      for (const unit of track.waiting) {
        const time = (this.#clock.place(unit.pts90k) ?? end + lag90k) - lag90k
        if (time >= end) later.push(unit)
        else if (time >= start90k || track.isText) units.push(unit)
      }
      track.waiting = later
      taken.set(pid, units)
    }
    return taken
  }
}
