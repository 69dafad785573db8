import type { ElementaryStream, Program } from '../program.ts'
import { Track } from '../track.ts'

/** The tracks of a splicer's output. They outlive upstreams and programmes, so that a PID never goes back in time. */
export class ProgramTracks {
  /** All that ever were, by output PID. */
  readonly #all = new Map<number, Track>()
  #current: readonly Track[] = []
  #leader: Track | null = null
  #video: Track | null = null
  #openCount = 0

  /** Those of the programme, in its order. */
  get current(): readonly Track[] {
    return this.#current
  }

  /** The picture, or without one the sound. */
  get leader(): Track | null {
    return this.#leader
  }

  /** The picture; null in radio. */
  get video(): Track | null {
    return this.#video
  }

  /** PES packets of a track pass. */
  get hasOpen(): boolean {
    return this.#openCount > 0
  }

  /** Takes the programme's streams; tracks that are not among them close. */
  setProgram({ streams }: Program): void {
    const tracks = streams.map((stream) => this.#trackOf(stream))
    for (const track of this.#current) if (!tracks.includes(track)) this.close(track)
    this.#current = tracks
    this.#video = tracks.find(({ isVideo }) => isVideo) ?? null
    this.#leader = this.#video ?? tracks.find(({ isTimed }) => isTimed) ?? null
  }

  #trackOf(stream: ElementaryStream): Track {
    const track = this.#all.get(stream.pid) ?? new Track(stream)
    track.stream = stream
    this.#all.set(stream.pid, track)
    return track
  }

  /** PES packets of the track pass from now on. */
  open(track: Track): void {
    if (!track.isOpen) this.#openCount += 1
    track.open()
  }

  /** Nothing of the track passes until the next start. */
  close(track: Track): void {
    if (track.isOpen) this.#openCount -= 1
    track.close()
  }

  /** Nothing passes until the next start. */
  closeAll(): void {
    for (const track of this.#current) this.close(track)
  }

  /** Nothing has come of any track yet: another upstream follows. */
  endUpstream(): void {
    this.closeAll()
    for (const track of this.#current) {
      track.darkAt = null
      track.isSeen = false
    }
  }

  /** Times start anew, wherever the last ones were. */
  forgetTimes(): void {
    for (const track of this.#all.values()) track.lastDts = null
  }
}
