import type { Channel } from '../../core/lineup/channel.ts'
import type { Tape } from '../../core/live/tape.ts'
import type { TimeShift } from '../../core/live/time-shift.ts'
import { HlsArchive } from './hls-archive.ts'
import type { ArchivedSegment, FinishSegment } from './hls-archive.ts'

/** What the archives of a session need. */
export type HlsArchivesParts = {
  readonly timeShift: TimeShift
  readonly channel: Pick<Channel, 'id' | 'name'>
  readonly now: () => number
}

type Entry = { readonly archive: HlsArchive; readonly tape: Tape; usedAt: number }

/**
 * What a session keeps on disk: an archive for each list (`{delivery}/{variant}`) that somebody plays, from the first one who
 * plays it on, as long as somebody does.
 */
export class HlsArchives {
  readonly #parts: HlsArchivesParts
  readonly #entries = new Map<string, Entry>()
  #isOver = false

  constructor(parts: HlsArchivesParts) {
    this.#parts = parts
  }

  /**
   * The segments that a list has before those of `newer`, which are in memory; at least one. The archive begins with them if
   * there is none: `finish` makes its segments from then on.
   */
  before(
    list: string,
    newer: readonly { readonly msn: number; readonly durationSeconds: number }[],
    finish: FinishSegment,
  ): readonly ArchivedSegment[] {
    if (this.#isOver) return []
    const from = newer[0]?.msn ?? 0
    const { archive } = this.#use(list) ?? this.#begin(list, from, finish)
    archive.work(this.#parts.now())
    return archive.before(
      from,
      newer.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
    )
  }

  #begin(list: string, from: number, finish: FinishSegment): Entry {
    this.#end(list)
    const { timeShift, channel, now } = this.#parts
    const tape = timeShift.tape(channel, list)
    const archive = new HlsArchive({ tape, windowSeconds: timeShift.windowMs / 1000, from, finish })
    const entry = { archive, tape, usedAt: now() }
    this.#entries.set(list, entry)
    return entry
  }

  #use(list: string): Entry | null {
    const entry = this.#entries.get(list)
    if (entry === undefined || entry.archive.isOver) return null
    entry.usedAt = this.#parts.now()
    return entry
  }

  /** A segment of a list that is on disk; null: it is not. */
  find(list: string, msn: number): ArchivedSegment | null {
    return this.#use(list)?.archive.find(msn) ?? null
  }

  /** The bytes of a segment; undefined: the disk no longer has them. */
  read(list: string, segment: ArchivedSegment, clean: boolean): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const archive = this.#use(list)?.archive
    return archive === undefined ? Promise.resolve(undefined) : archive.read(segment, clean).catch(() => undefined)
  }

  /** Takes all segments that are complete by now. */
  work(): void {
    for (const { archive } of this.#entries.values()) archive.work(this.#parts.now())
  }

  /** Deletes the archives of lists that nobody has asked for since this instant, epoch milliseconds. */
  endUnused(since: number): void {
    for (const [list, { usedAt }] of this.#entries) if (usedAt < since) this.#end(list)
  }

  #end(list: string): void {
    const entry = this.#entries.get(list)
    this.#entries.delete(list)
    if (entry !== undefined) void this.#parts.timeShift.close(entry.tape)
  }

  /** Deletes all, for good. */
  close(): void {
    this.#isOver = true
    for (const list of this.#entries.keys()) this.#end(list)
  }
}
