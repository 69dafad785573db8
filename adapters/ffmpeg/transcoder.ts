import { PacketAligner } from '../../core/live/align.ts'
import { Failure } from '../../core/errors.ts'
import { moveClock } from '../../core/live/move-clock.ts'
import { hasPayload, PACKET_SIZE, pidAt, writeContinuity } from '../../core/live/packet.ts'
import type { ElementaryStream, Program } from '../../core/live/program.ts'
import type { Tally } from '../../core/live/counts/tally.ts'
import type { Timers } from '../../core/live/timers.ts'
import { diff90k } from '../../core/live/timestamps.ts'
import type { PesMark, TsChunk } from '../../core/live/ts-chunk.ts'
import type { Log } from '../../core/log.ts'
import type { AudioIntent } from './args.ts'
import type { EncoderLadder } from './encoder-ladder.ts'
import { decoderErrorCounter } from './decoder-errors.ts'
import { startFfmpeg } from './process.ts'
import type { FfmpegProcess } from './process.ts'
import { transcodeArgs } from './transcode-args.ts'
import { isSameFeed, sizeAt, TranscodeFeed } from './transcode-feed.ts'
import type { FeedTracks } from './transcode-feed.ts'
import type { VideoEncoder } from './video-encoder.ts'

/** A step of the clock beyond this makes FFmpeg fill or cut: 3 s, 90 kHz. */
const MAX_STEP_90K = 3 * 90_000
/** What FFmpeg still holds when its input ends (half a second of pictures) comes within this time. */
const DRAIN_MS = 2000
/** What waits meanwhile for the next one. */
const MAX_WAITING = 8 * 1024 * 1024
/**
 * So long is waited for sound that is announced: it lies up to a second behind its picture, and FFmpeg waits for ever for
 * what never comes.
 */
const SOUND_WAIT_MS = 1500
/** A driver that takes pictures and gives none for this long hangs. Software may be that slow at the start. */
const SILENT_MS = 5000

/** What a transcoder should make, whatever it is given. */
export type TranscodeGoal = {
  readonly height: number
  readonly bitrateKbps: number
  readonly audio: AudioIntent
}

/** What a transcoder needs. */
export type TranscoderOptions = {
  readonly path: string
  readonly goal: TranscodeGoal
  readonly ladder: Pick<EncoderLadder, 'current' | 'failed' | 'worked'>
  /** The tracks to take of a programme, of those that really come. */
  readonly tracks: (program: Program, comes: (stream: ElementaryStream) => boolean) => FeedTracks
  /** Whole packets on the clock of what was put in, counted on over every restart. The receiver owns them. */
  readonly output: (packets: Uint8Array) => void
  /** FFmpeg has ended by itself and there is nothing better to go on with; nothing more comes. */
  readonly failed: (failure: Failure) => void
  /** Counts processes; absent: nobody does. */
  readonly tally?: Tally | undefined
  /** So many frames more could not be decoded. */
  readonly complained?: ((count: number) => void) | undefined
  readonly log: Log
  readonly now: () => number
  readonly timers: Timers
}

type Run = {
  readonly ffmpeg: FfmpegProcess
  readonly feed: TranscodeFeed
  readonly encoder: VideoEncoder
  readonly start90k: number
  readonly size: string | null
  readonly startedAt: number
  lastOutput: number
  /** It has not kept up: nothing is put in until a place where a decoder may start. */
  isBehind: boolean
}

/**
 * One FFmpeg that makes a smaller picture with AAC out of a channel, as long as somebody wants it.
 *
 * idle ─place where a decoder may start→ listening ─sound comes, or does not→ running
 * running ─other track, codec, size or clock→ draining ─it has ended→ idle
 * running ─hardware fails or hangs→ idle (with the next encoder) · running ─software ends→ over
 */
export class Transcoder {
  readonly #options: TranscoderOptions
  #program: Program | null = null
  #tracks: FeedTracks = { video: null, audio: null }
  #run: Run | null = null
  #draining: FfmpegProcess | null = null
  /** Sound that has come, by PID and codec. */
  #heard = new Set<string>()
  /** The sound that is or was waited for, and since when. */
  #awaited: { readonly name: string; readonly since: number } | null = null
  /** Chunks that came while the last FFmpeg drained or sound was waited for, and where in them the next one begins. */
  #waiting: { readonly chunk: TsChunk; readonly from: number; readonly program: Program | null }[] = []
  #waitingBytes = 0
  /** Time of the last picture (or sound) that was put in. */
  #last90k: number | null = null
  readonly #counters = new Uint8Array(8192)
  #isOver = false

  constructor(options: TranscoderOptions) {
    this.#options = options
  }

  /** Id of the process that runs now, for measurements. */
  get pid(): number | undefined {
    return this.#run?.ffmpeg.pid
  }

  /** The programme of the chunks from here on. */
  program(program: Program): void {
    this.#program = program
    const known = new Set(program.streams.map(nameOf))
    this.#heard = new Set([...this.#heard].filter((name) => known.has(name)))
    this.#chooseTracks(program)
  }

  /** A chunk of the relay. */
  chunk(chunk: TsChunk): void {
    if (this.#isOver) return
    this.#listen(chunk)
    if (this.#draining === null && this.#waiting.length === 0) this.#take(chunk, 0)
    else {
      this.#wait(chunk, 0)
      if (this.#draining === null && !this.#mustListen()) this.#goOn()
    }
  }

  /** Ends it; resolves when no process is left. */
  async close(): Promise<void> {
    this.#isOver = true
    const old = [this.#run?.ffmpeg, this.#draining]
    this.#run = null
    this.#draining = null
    this.#waiting = []
    await Promise.all(old.map((ffmpeg) => ffmpeg?.[Symbol.asyncDispose]()))
  }

  #take(chunk: TsChunk, from: number): void {
    this.#checkHardware()
    const mark = this.#run === null ? this.#accessIn(chunk, from) : undefined
    if (mark !== undefined && this.#mustListen()) {
      this.#wait(chunk, mark.offset)
      return
    }
    const run = this.#run ?? this.#start(chunk, mark)
    if (run === null) return
    const start = mark?.offset ?? from
    const cut = this.#cutIn(chunk, start, run)
    this.#write(run, chunk, start, cut ?? chunk.bytes.length)
    if (cut === null) return
    this.#drain(run)
    this.#wait(chunk, cut)
  }

  // ── what comes ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #chooseTracks(program: Program): void {
    this.#tracks = this.#options.tracks(program, (stream) => this.#heard.has(nameOf(stream)))
  }

  #listen(chunk: TsChunk): void {
    const program = this.#program
    if (program === null) return
    const before = this.#heard.size
    for (const { kind, pid } of chunk.marks) {
      const stream = kind === 'audio' ? program.streams.find((one) => one.pid === pid) : undefined
      if (stream !== undefined) this.#heard.add(nameOf(stream))
    }
    if (this.#heard.size !== before) this.#chooseTracks(program)
  }

  /** Sound is announced, has not come yet, and is still waited for. */
  #mustListen(): boolean {
    if (this.#program === null) return false
    const { audio } = this.#options.tracks(this.#program, () => true)
    if (audio === null || this.#heard.has(nameOf(audio))) return false
    const now = this.#options.now()
    const name = nameOf(audio)
    if (this.#awaited?.name !== name) this.#awaited = { name, since: now }
    return now - this.#awaited.since < SOUND_WAIT_MS
  }

  /** The picture, without one the sound. */
  #isMain({ pid }: PesMark): boolean {
    return pid === (this.#tracks.video ?? this.#tracks.audio)?.pid
  }

  #accessIn(chunk: TsChunk, from: number): PesMark | undefined {
    return chunk.marks.find((mark) => mark.offset >= from && this.#isMain(mark) && mark.randomAccess)
  }

  /** Where in the chunk another FFmpeg has to begin; null: nowhere. */
  #cutIn(chunk: TsChunk, from: number, run: Run): number | null {
    const { video, audio } = this.#tracks
    if (!isSameFeed(run.feed.tracks, { video, audio: run.feed.tracks.audio })) return from
    // Another sound can wait for a place where the picture goes on at once.
    if (!isSameFeed(run.feed.tracks, { video, audio })) return this.#accessIn(chunk, from)?.offset ?? null
    for (const mark of chunk.marks) {
      const time = mark.dts90k ?? mark.pts90k
      if (mark.offset < from || time === null || !this.#isMain(mark)) continue
      if (this.#last90k !== null && Math.abs(diff90k(time, this.#last90k)) > MAX_STEP_90K) return mark.offset
      this.#last90k = time
      if (!mark.randomAccess) continue
      // Behind is what is more than half the clock ahead: before its times wrap, FFmpeg starts anew.
      if (diff90k(time, run.start90k) < -MAX_STEP_90K) return mark.offset
      const size = video === null ? null : sizeAt(chunk, mark, video)
      if (size !== null && run.size !== null && size !== run.size) return mark.offset
    }
    return null
  }

  #start(chunk: TsChunk, mark: PesMark | undefined): Run | null {
    const { ladder, log, now, path, goal } = this.#options
    const program = this.#program
    const start90k = mark?.dts90k ?? mark?.pts90k ?? null
    const encoder = ladder.current()
    if (program === null || mark === undefined || start90k === null || encoder === null) return null
    const { video, audio } = this.#tracks
    const feed = new TranscodeFeed(program, this.#tracks, start90k)
    const aligner = new PacketAligner()
    const args = transcodeArgs({
      encoder,
      video: video === null ? null : goal,
      audio: audio === null ? null : goal.audio,
    })
    const { tally, complained } = this.#options
    const broken = decoderErrorCounter()
    const ffmpeg = startFfmpeg(path, args, {
      tally,
      message: (line) => complained?.(broken(line)),
      output: (bytes) => {
        if (this.#run?.ffmpeg !== ffmpeg && this.#draining !== ffmpeg) return
        run.lastOutput = now()
        this.#send(aligner.push(bytes), feed.delta)
      },
      ended: ({ code, error }) => {
        if (this.#draining === ffmpeg) {
          this.#draining = null
          this.#goOn()
        } else if (this.#run === run) {
          tally?.fail()
          this.#broke(run, error?.message ?? `FFmpeg ended with code ${code}`)
        }
      },
    })
    const startedAt = now()
    const run: Run = {
      ffmpeg,
      feed,
      encoder,
      start90k,
      size: video === null ? null : sizeAt(chunk, mark, video),
      startedAt,
      lastOutput: startedAt,
      isBehind: false,
    }
    this.#run = run
    this.#last90k = start90k
    log('info', 'transcoder-started', { pid: ffmpeg.pid, encoder: encoder.kind, height: goal.height, size: run.size })
    return run
  }

  #write(run: Run, chunk: TsChunk, from: number, to: number): void {
    let start = from
    if (run.isBehind) {
      const mark = this.#accessIn(chunk, from)
      if (mark === undefined || mark.offset >= to) return
      start = mark.offset
      run.feed.enter()
    }
    if (start >= to) return
    const wasBehind = run.isBehind
    run.isBehind = !run.ffmpeg.write(run.feed.take(chunk, start, to))
    if (run.isBehind && !wasBehind) this.#options.log('warn', 'transcoder-behind', { encoder: run.encoder.kind })
  }

  /** Sends what came out, on the clock of what went in; FFmpeg counts packets anew with every process. */
  #send(packets: Uint8Array, delta: number): void {
    moveClock(packets, delta)
    for (let offset = 0; offset < packets.length; offset += PACKET_SIZE) {
      const pid = pidAt(packets, offset)
      const last = this.#counters[pid] ?? 0
      const counter = hasPayload(packets, offset) ? (last + 1) & 0x0f : last
      this.#counters[pid] = counter
      writeContinuity(packets, offset, counter)
    }
    if (packets.length > 0) this.#options.output(packets)
  }

  // ── from one FFmpeg to the next ────────────────────────────────────────────────────────────────────────────────────

  /** Lets it give what it still holds; the next one starts when it has ended, so that there is never more than one. */
  #drain(run: Run): void {
    const { ladder, timers, now } = this.#options
    this.#run = null
    this.#draining = run.ffmpeg
    ladder.worked(run.encoder, now() - run.startedAt)
    run.ffmpeg.end()
    timers.set(() => {
      if (this.#draining === run.ffmpeg) void run.ffmpeg[Symbol.asyncDispose]()
    }, DRAIN_MS)
  }

  #wait(chunk: TsChunk, from: number): void {
    this.#waiting.push({ chunk, from, program: this.#program })
    this.#waitingBytes += chunk.bytes.length
    if (this.#waitingBytes <= MAX_WAITING) return
    this.#waiting = []
    this.#waitingBytes = 0
    void this.#draining?.[Symbol.asyncDispose]()
  }

  /** Takes what has waited. */
  #goOn(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    const newest = this.#program
    for (const { chunk, from, program } of waiting) {
      if (program !== null && program !== this.#program) this.program(program)
      if (this.#draining === null && this.#waiting.length === 0) this.#take(chunk, from)
      else this.#wait(chunk, from)
    }
    if (newest !== null && newest !== this.#program) this.program(newest)
  }

  #broke(run: Run, why: string): void {
    const { ladder, log, failed } = this.#options
    this.#run = null
    log('warn', 'transcoder-ended', { encoder: run.encoder.kind, why, messages: run.ffmpeg.messages().slice(-5) })
    if (run.encoder.kind === 'software') {
      this.#isOver = true
      failed(new Failure('ffmpeg/failed', `FFmpeg broke off while it converted the picture: ${why}`))
    } else ladder.failed(run.encoder, run.ffmpeg.messages().at(-1) ?? why)
  }

  #checkHardware(): void {
    const run = this.#run
    if (run === null || run.encoder.kind === 'software') return
    if (this.#options.now() - run.lastOutput < SILENT_MS) return
    this.#broke(run, `It has made nothing for ${SILENT_MS / 1000} s`)
    void run.ffmpeg[Symbol.asyncDispose]()
  }
}

const nameOf = ({ pid, codec }: ElementaryStream): string => `${pid}/${codec}`
