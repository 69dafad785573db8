import type { Tape } from '../../core/live/tape.ts'

/** What left the list stays for those whose list is older, seconds. */
const SLACK_SECONDS = 60

/** A finished segment, on its way to the disk. */
export type FinishedSegment = {
  readonly msn: number
  readonly durationSeconds: number
  readonly randomAccess: boolean
  readonly discontinuity: boolean
  /** Wall clock of its beginning, epoch milliseconds. */
  readonly dateMs: number
  /** Discontinuities of all segments before it. */
  readonly discontinuitiesBefore: number
  readonly contentType: 'video/mp2t' | 'video/mp4'
  readonly extension: 'ts' | 'm4s'
  /** Name of its initialization section, '' for none. */
  readonly map: string
  /** Numbers that its files have for whoever fetches one after the other (`Step`). */
  readonly first: number
  readonly last: number
  /** As it follows the one before, and as a decoder can start with it. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly clean: Uint8Array<ArrayBuffer>
}

type Place = { readonly position: number; readonly length: number }

/** A segment on disk. */
export type ArchivedSegment = Omit<FinishedSegment, 'bytes' | 'clean'> & {
  /** Seconds from the first segment of the archive to its end. */
  readonly endSeconds: number
  readonly plain: Place
  readonly clean: Place
}

/** Finishes the segment of a number; null: it is not complete yet; `gone`: it cannot be made any more. */
export type FinishSegment = (msn: number) => FinishedSegment | null | 'gone'

/** The segments of one list that are kept on disk for those who go back: without holes, and none that memory lost before. */
export class HlsArchive {
  readonly #tape: Tape
  readonly #windowSeconds: number
  readonly #finish: FinishSegment
  #segments: ArchivedSegment[] = []
  #next: number
  #isOver = false

  constructor(options: {
    readonly tape: Tape
    readonly windowSeconds: number
    /** Number of the first segment. */
    readonly from: number
    readonly finish: FinishSegment
  }) {
    this.#tape = options.tape
    this.#windowSeconds = options.windowSeconds
    this.#next = options.from
    this.#finish = options.finish
  }

  /** A segment was missed: what is here goes on to nothing, and another archive has to begin. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Takes the segments that are complete by now; `nowMs`: epoch milliseconds. */
  work(nowMs: number): void {
    while (!this.#isOver && !this.#tape.isOver) {
      const finished = this.#finish(this.#next)
      if (finished === null) break
      if (finished === 'gone') this.#isOver = true
      else this.#append(finished, nowMs)
    }
  }

  #append({ bytes, clean, ...segment }: FinishedSegment, nowMs: number): void {
    const plain = this.#write(bytes, nowMs)
    const endSeconds = (this.#segments.at(-1)?.endSeconds ?? 0) + segment.durationSeconds
    // In closed GOPs there is nothing to be cleaned.
    this.#segments.push({
      ...segment,
      endSeconds,
      plain,
      clean: isSame(bytes, clean) ? plain : this.#write(clean, nowMs),
    })
    this.#next += 1
    const kept = this.#segments.findIndex((old) => endSeconds - old.endSeconds <= this.#windowSeconds + SLACK_SECONDS)
    this.#tape.forget(this.#segments[kept]?.plain.position ?? 0)
    this.#forget()
  }

  #write(bytes: Uint8Array, nowMs: number): Place {
    const position = this.#tape.end
    this.#tape.append(bytes, nowMs)
    return { position, length: bytes.length }
  }

  /** What the disk no longer has is not listed either. */
  #forget(): void {
    const { from, isOver } = this.#tape
    const kept = isOver ? -1 : this.#segments.findIndex(({ plain }) => plain.position >= from)
    if (kept !== 0) this.#segments = kept < 0 ? [] : this.#segments.slice(kept)
  }

  /**
   * The segments that a list has before its segment `msn`, oldest first, so that the list becomes no longer than the window;
   * from a random access point on. `listedSeconds`: what it has from that segment on.
   */
  before(msn: number, listedSeconds: number): readonly ArchivedSegment[] {
    this.#forget()
    const [oldest] = this.#segments
    const last = oldest === undefined ? undefined : this.#segments[msn - 1 - oldest.msn]
    if (last === undefined) return []
    const longest = this.#windowSeconds - listedSeconds
    const isListed = (old: ArchivedSegment): boolean =>
      old.randomAccess && last.endSeconds - old.endSeconds + old.durationSeconds <= longest
    const first = this.#segments.findIndex(isListed)
    return first < 0 ? [] : this.#segments.slice(first, msn - (oldest?.msn ?? 0))
  }

  /** The segment of this number; null: it is not here. */
  find(msn: number): ArchivedSegment | null {
    this.#forget()
    return this.#segments[msn - (this.#segments[0]?.msn ?? 0)] ?? null
  }

  /** The bytes of a segment. Rejects when the disk no longer has them. */
  async read({ plain, clean }: ArchivedSegment, isClean: boolean): Promise<Uint8Array<ArrayBuffer>> {
    const { position, length } = isClean ? clean : plain
    const bytes = await this.#tape.read(position, length)
    return bytes as Uint8Array<ArrayBuffer> // a tape makes its own copies
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
