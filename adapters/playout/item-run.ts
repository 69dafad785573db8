import { basename } from 'node:path'
import { ItemFeed } from '../../core/linear/joiner/item-feed.ts'
import type { FfmpegProcess } from '../ffmpeg/process.ts'
import { LiveHead } from './live-head.ts'
import type { ItemWork, PlayoutOptions } from './ports.ts'

/**
 * So much of a piece is held ahead of its time, by its bytes (of a still picture a minute is no more than a few) and by its
 * time. Then the encoder waits on its pipe.
 */
const HELD_SECONDS = 2
const HELD_90K = 270_000
/**
 * Once so much is held it is read once a beat: FFmpeg writes every packet by itself, and a pipe that is full gives hundreds of
 * them at a time. 0.5 s, 90 kHz.
 */
const SIPS_90K = 45_000
/** A disk that sleeps needs 9 … 15 s for the first byte (protocols/linear-channels.md §8). */
const FIRST_BYTES_MS = 15_000
/** Once it has begun, an encoder that is needed and gives nothing for this long hangs. */
const SILENT_MS = 2000
/** What a live source may pause: as long as a relay waits for it. */
const LIVE_SILENT_MS = 8000
/** A piece that ends so shortly before its time is no failure: the last picture stands. 0.5 s, 90 kHz. */
const SHORT_90K = 45_000

type RunPorts = Pick<PlayoutOptions, 'house' | 'languages' | 'itemArgs' | 'startProcess' | 'live' | 'now'>

/** What a run is told to make, and when it is on the line (ticks of 90 kHz). */
export type RunOptions = {
  readonly work: ItemWork
  readonly from: number
  readonly until: number
  readonly ports: RunPorts
  /** Something has come. */
  readonly arrived: () => void
}

/**
 * One encoder at work on one piece, from its start to its end: its bytes become a feed. It is held back while enough waits.
 *
 * starting ─first bytes→ running ⇄ waiting; any ─all made→ done; any ─breaks off, hangs, sends garbage→ failed.
 */
export class ItemRun {
  readonly feed: ItemFeed
  readonly from: number
  readonly until: number
  readonly work: ItemWork
  readonly startedAt: number
  /** When its first bytes came, epoch milliseconds; null: not yet. */
  firstByteAt: number | null = null
  readonly #ports: RunPorts
  readonly #arrived: () => void
  readonly #over = new AbortController()
  readonly #mostHeld: number
  #process: FfmpegProcess | null = null
  #seat: { leave(): void } | null = null
  #lastByteAt = 0
  #dueSince: number | null = null
  #isPaused = false
  #failure: string | null = null

  constructor({ work, from, until, ports, arrived }: RunOptions) {
    const { house, languages, now } = ports
    this.work = work
    this.from = from
    this.until = until
    this.#ports = ports
    this.#arrived = arrived
    this.startedAt = now()
    this.feed = new ItemFeed({ house, audioTracks: languages.length }, from)
    this.#mostHeld = Math.max(512 * 1024, (HELD_SECONDS * (house.videoKbps + house.audioKbps) * 1000) / 8)
    void this.#start().catch((error: unknown) => this.#fail(error instanceof Error ? error.message : String(error)))
  }

  get isLive(): boolean {
    return this.work.input.kind === 'pipe'
  }

  /** How much of it has come, milliseconds of the line. */
  get madeMs(): number {
    return (this.feed.heldTo - this.from) / 90
  }

  async #start(): Promise<void> {
    const { work } = this
    if (work.input.kind === 'pipe') await this.#startLive()
    else (await this.#spawn(work))?.end()
  }

  async #spawn(work: ItemWork): Promise<FfmpegProcess | null> {
    const { signal } = this.#over
    const args = await this.#ports.itemArgs(work, signal)
    if (signal.aborted) return null
    this.#process = this.#ports.startProcess(args, {
      output: (bytes) => this.#take(bytes),
      ended: ({ code, error }) => this.#ended(code, error),
    })
    return this.#process
  }

  /** Joins the other channel first: its tables say what the encoder will get. */
  async #startLive(): Promise<void> {
    const head = new LiveHead()
    let process: FfmpegProcess | null = null
    let isStarting = false
    const start = async (hasSound: boolean): Promise<void> => {
      const started = await this.#spawn({ ...this.work, input: { kind: 'pipe', hasSound } })
      for (const chunk of head.chunks) started?.write(chunk)
      process = started
    }
    const data = (bytes: Uint8Array): void => {
      if (this.feed.isOver) return
      if (process === null) head.push(bytes)
      else if (!process.write(bytes)) this.#fail('the encoder does not keep up with the live channel')
      if (head.hasSound === null || isStarting) return
      isStarting = true
      void start(head.hasSound).catch((error: unknown) => this.#fail(String(error)))
    }
    const { signal } = this.#over
    const seat = await this.#ports.live.join(
      this.work.item.channel ?? '',
      { data: (bytes) => this.#safely(() => data(bytes)), ended: (why) => this.#fail(why) },
      signal,
    )
    if (signal.aborted || this.#failure !== null) seat.leave()
    else this.#seat = seat
  }

  #safely(work: () => void): void {
    if (this.#over.signal.aborted || this.#failure !== null) return
    try {
      work()
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error))
    }
  }

  #take(bytes: Uint8Array): void {
    this.#safely(() => {
      this.#lastByteAt = this.#ports.now()
      this.firstByteAt ??= this.#lastByteAt
      this.feed.push(bytes)
      this.#hold()
      this.#arrived()
    })
  }

  #ended(code: number | null, error: Error | null): void {
    if (this.#over.signal.aborted) return
    this.feed.finish()
    // Exit codes say nothing: what counts is how much came.
    if (this.feed.heldTo < this.until - SHORT_90K)
      this.#fail(error?.message ?? this.#lastWords() ?? `the encoder ended too early (code ${code ?? 'none'})`)
    this.#arrived()
  }

  /** FFmpeg's last message, without the folders of the house. */
  #lastWords(): string | null {
    const line = this.#process?.messages().at(-1) ?? null
    const { input } = this.work
    return line === null || input.kind === 'pipe' ? line : line.replaceAll(input.file.path, basename(input.file.path))
  }

  #fail(why: string): void {
    if (this.#over.signal.aborted) return
    this.#failure ??= why
    this.feed.finish()
    this.#stop()
  }

  /** Reads no further for now, if enough is held. */
  #hold(): void {
    const { heldBytes, held90k } = this.feed
    if (this.#isPaused || (heldBytes <= this.#mostHeld && held90k <= SIPS_90K)) return
    this.#isPaused = true
    this.#process?.pause()
  }

  /** Takes what is in the pipe, if there is room. */
  #sip(): void {
    const { heldBytes, held90k } = this.feed
    if (!this.#isPaused || heldBytes > this.#mostHeld || held90k > HELD_90K) return
    this.#isPaused = false
    this.#process?.resume()
  }

  /**
   * To be called often. `isDue`: it should be on the air, and nothing is there. Gives why it is of no use any more; null: all
   * is well.
   */
  tend(isDue: boolean): string | null {
    const now = this.#ports.now()
    this.#sip()
    this.#dueSince = isDue ? (this.#dueSince ?? now) : null
    if (this.#failure !== null || this.feed.isOver || this.#dueSince === null) return this.#failure
    const patience = this.firstByteAt === null ? FIRST_BYTES_MS : this.isLive ? LIVE_SILENT_MS : SILENT_MS
    const since = Math.max(this.#dueSince, this.firstByteAt === null ? this.startedAt : this.#lastByteAt)
    if (now - since >= patience) this.#fail(`the encoder has given nothing for ${patience / 1000} s`)
    return this.#failure
  }

  /** Ends the encoder: it is asked, and killed after a second. What is held can still be shown. */
  close(): void {
    if (this.#over.signal.aborted) return
    this.#over.abort()
    this.feed.finish()
    this.#stop()
  }

  #stop(): void {
    this.#seat?.leave()
    this.#seat = null
    void this.#process?.[Symbol.asyncDispose]()
  }
}
