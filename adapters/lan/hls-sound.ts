import { Failure } from '../../core/errors.ts'
import type { HlsRing } from '../../core/live/hls-ring.ts'
import type { Piece, Span } from '../../core/live/ring/piece.ts'
import { aacFormat } from '../../core/live/fmp4/sound-format.ts'
import type { SoundFormat } from '../../core/live/fmp4/sound-format.ts'
import type { Tally } from '../../core/live/counts/tally.ts'
import type { SoundRun } from '../../core/live/hls-fragment.ts'
import type { PesUnit } from '../../core/live/pes-unit.ts'
import type { Program } from '../../core/live/program.ts'
import type { Log } from '../../core/log.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import { createAacTrack } from './aac-track.ts'
import type { AacTrack } from './aac-track.ts'
import type { VariantContent } from './hls-variants.ts'

/** Of all AAC that we make (`ffmpeg/args.ts`). */
const SIDECAR_RATE = 48_000

/** What the sound of a session needs. */
export type HlsSoundParts = {
  readonly ring: HlsRing
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  readonly log: Log
  readonly now: () => number
  /** Counts sidecars; absent: nobody does. */
  readonly tally?: Tally | undefined
  /** So many frames more could not be decoded. */
  readonly complained?: ((count: number) => void) | undefined
  /** Name of the channel, for messages. */
  readonly name: string
  /** More sound has come. */
  readonly changed: () => void
}

/**
 * The AAC of a session: a sidecar for each track that is asked for and is not AAC already.
 *
 * Tracks belong to a programme; those of an old one make no more, and stay as long as its pieces.
 */
export class HlsSound {
  readonly #parts: HlsSoundParts
  readonly #tracks = new Map<Program, Map<number, AacTrack>>()

  constructor(parts: HlsSoundParts) {
    this.#parts = parts
    parts.ring.onAudio = (unit) => this.#live().get(unit.pid)?.push(unit)
  }

  /** There is an FFmpeg that makes AAC. */
  get canEncode(): boolean {
    return this.#encoder() !== null
  }

  /** Tracks of the programme that is on now, by PID. */
  #live(): ReadonlyMap<number, AacTrack> {
    const { program } = this.#parts.ring
    return (program === null ? undefined : this.#tracks.get(program)) ?? new Map()
  }

  #encoder(): string | null {
    const { path, encoders } = this.#parts.ffmpeg
    return encoders.has('aac') ? path : null
  }

  /** Fails with `ffmpeg/missing` when the variant has to be made and cannot be. */
  need(program: Program, content: VariantContent): string | null {
    const [stream] = content.aac(program)
    const path = this.#encoder()
    if (stream !== undefined && path === null)
      throw new Failure(
        'ffmpeg/missing',
        `"${this.#parts.name}" has ${stream.codec} sound, and there is no FFmpeg to make AAC of it`,
      )
    return path
  }

  /** Starts the sidecars of a variant with the first request that needs them, with the sound from this ring time on. */
  ensure(content: VariantContent, from90k: number): void {
    const { ring, audio, tally, complained, log, now, changed } = this.#parts
    const { program } = ring
    if (program === null) return
    const path = this.need(program, content)
    if (path === null) return
    const tracks = this.#tracks.get(program) ?? new Map<number, AacTrack>()
    this.#tracks.set(program, tracks)
    for (const stream of content.aac(program)) {
      const known = tracks.get(stream.pid)
      if (known !== undefined) {
        known.usedAt = now()
        continue
      }
      const track = createAacTrack({ path, stream, intent: audio, tally, complained, log, now, changed })
      tracks.set(stream.pid, track)
      for (const piece of ring.pieces)
        if (piece.program === program && piece.start90k + piece.duration90k > from90k)
          for (const unit of piece.audio.get(stream.pid) ?? []) track.push(unit)
      for (const unit of ring.waitingSound(stream.pid)) track.push(unit)
      track.flush()
    }
  }

  /** All sound of the variant has come up to the end of this stretch of a programme. */
  isWhole(program: Program, content: VariantContent, span: Span): boolean {
    const tracks = this.#tracks.get(program)
    return content.aac(program).every(({ pid }) => tracks?.get(pid)?.has(span) ?? true)
  }

  /** Gives the sound of each piece of a programme, track by track. What is announced as AAC is AAC or nothing. */
  of(program: Program, content: VariantContent): (piece: Piece) => readonly PesUnit[] {
    const made = new Map(content.aac(program).map(({ pid }) => [pid, this.#tracks.get(program)?.get(pid)]))
    const streams = content.audio(program)
    return (piece) =>
      streams.flatMap(({ pid }) =>
        made.has(pid) ? (made.get(pid)?.unitsOf(piece) ?? []) : (piece.audio.get(pid) ?? []),
      )
  }

  /** The sound of any stretch of a programme, track by track. */
  runs(program: Program, content: VariantContent, span: Span): readonly SoundRun[] {
    const { ring } = this.#parts
    const made = new Set(content.aac(program).map(({ pid }) => pid))
    return content.audio(program).map(({ pid, codec, language }): SoundRun => {
      if (!made.has(pid)) return { pid, codec, language, ...ring.sound(pid, span) }
      const track = this.#tracks.get(program)?.get(pid)
      return {
        pid,
        codec: 'aac',
        language,
        units: track?.unitsOf(span) ?? [],
        next90k: track?.nextAfter(span) ?? null,
      }
    })
  }

  /** How sidecars make AAC: known before any has come. */
  get madeFormat(): SoundFormat {
    return aacFormat({ sampleRate: SIDECAR_RATE, channels: this.#parts.audio.channels })
  }

  /** Sends what has come to the sidecars. */
  flush(): void {
    for (const track of this.#live().values()) track.flush()
  }

  /** Another programme begins: the tracks of the one that was on make no more. */
  endProgram(): void {
    for (const track of this.#live().values()) void track[Symbol.asyncDispose]()
  }

  /** Forgets what is older than the ring. */
  forgetOld(): void {
    const { pieces, program } = this.#parts.ring
    const [oldest] = pieces
    for (const [owner, tracks] of this.#tracks) {
      if (owner !== program && pieces.every((piece) => piece.program !== owner)) this.#tracks.delete(owner)
      if (oldest?.program === owner) for (const track of tracks.values()) track.forgetBefore(oldest)
    }
  }

  /** Ends sidecars that nobody has wanted since this instant, epoch milliseconds. */
  endUnused(since: number): void {
    const { program } = this.#parts.ring
    for (const [pid, track] of this.#live()) {
      if (track.usedAt >= since) continue
      void track[Symbol.asyncDispose]()
      if (program !== null) this.#tracks.get(program)?.delete(pid)
    }
  }

  /** Ends all; resolves when no process is left. */
  async close(): Promise<void> {
    const old = [...this.#tracks.values()].flatMap((tracks) => [...tracks.values()])
    this.#tracks.clear()
    await Promise.all(old.map((track) => track[Symbol.asyncDispose]()))
  }
}
