import { PacketAligner } from '../../core/live/align.ts'
import { PACKET_SIZE, pidAt, startsUnit, writeContinuity, writePid } from '../../core/live/packet.ts'
import { ptsOf, withPts } from '../../core/live/pes-unit.ts'
import type { PesUnit } from '../../core/live/pes-unit.ts'
import type { ElementaryStream } from '../../core/live/program.ts'
import { buildPat, buildPmt, packetize } from '../../core/live/psi.ts'
import { add90k, diff90k, readPcr } from '../../core/live/timestamps.ts'
import type { Log } from '../../core/log.ts'
import type { Tally } from '../../core/live/counts/tally.ts'
import { audioSidecarArgs } from './args.ts'
import type { AudioIntent } from './args.ts'
import { decoderErrorCounter } from './decoder-errors.ts'
import { startFfmpeg } from './process.ts'
import type { FfmpegProcess } from './process.ts'

/** FFmpeg's first stream PID of its TS output. */
const OUTPUT_PID = 0x100
const INPUT_PMT_PID = 0x1000
/** Times go in from here on, far from the wrap of the clock, which `-copyts` does not survive (`hls-ffmpeg.md` §5). */
const REBASED_90K = 90_000 * 10
/** Tables are repeated after so many units: FFmpeg only needs them once, a restarted demuxer again. */
const TABLES_EVERY_UNITS = 100
/** A step of the input's clock beyond this makes FFmpeg fill or cut: 3 s, 90 kHz. */
const MAX_STEP_90K = 3 * 90_000
/** Sound in and out may be this far apart, 1 s, 90 kHz, for so long (much comes at once at a start), before it is started anew. */
const MAX_DRIFT_90K = 90_000
const DRIFT_MS = 5000
/** A process that fails at once is not started in a tight loop. */
const RESTART_MS = [0, 500, 2000, 5000] as const

/** Turns one sound track into AAC while it runs. */
export interface AudioSidecar extends AsyncDisposable {
  /** Puts units in, in their order; they go to FFmpeg with the next `flush`. */
  push(unit: PesUnit): void
  flush(): void
  /** Id of the process that runs now, for measurements. */
  readonly pid: number | undefined
}

/** What a sidecar needs. `unit` gets AAC with the input's PID and clock, in order. */
export type SidecarOptions = {
  readonly path: string
  readonly stream: ElementaryStream
  readonly intent: AudioIntent
  readonly unit: (unit: PesUnit) => void
  /** Counts processes; absent: nobody does. */
  readonly tally?: Tally | undefined
  /** So many frames more could not be decoded. */
  readonly complained?: ((count: number) => void) | undefined
  readonly log: Log
  readonly now: () => number
}

/** Starts with the first unit; restarts by itself when FFmpeg ends or loses the time. */
export function createAudioSidecar(options: SidecarOptions): AudioSidecar {
  const { path, stream, intent, log, now } = options
  let running: { readonly ffmpeg: FfmpegProcess } | null = null
  let pending: Uint8Array[] = []
  let base: number | null = null
  let lastIn: number | null = null
  let lastOut: number | null = null
  let units = 0
  let counter = 0
  let failures = 0
  let restartAt = 0
  let inTimeAt = 0
  let isOver = false
  const tables = makeTables(stream)

  const stop = (): void => {
    const old = running
    running = null
    base = null
    lastOut = null
    units = 0
    pending = []
    void old?.ffmpeg[Symbol.asyncDispose]()
  }

  const start = (): void => {
    if (now() < restartAt) return
    const read = createReader((bytes) => {
      const pts = ptsOf(bytes)
      if (pts === null || base === null) return
      const pts90k = add90k(pts, base - REBASED_90K)
      lastOut = pts90k
      failures = 0
      options.unit({
        pid: stream.pid,
        pts90k,
        dts90k: pts90k,
        randomAccess: true,
        leading: false,
        bytes: withPts(bytes, pts90k),
      })
    }, stream.pid)
    const broken = decoderErrorCounter()
    const ffmpeg = startFfmpeg(path, audioSidecarArgs(intent), {
      tally: options.tally,
      message: (line) => options.complained?.(broken(line)),
      output: (bytes) => {
        if (running?.ffmpeg === ffmpeg) read(bytes)
      },
      ended: ({ code, error }) => {
        if (running?.ffmpeg !== ffmpeg || isOver) return
        failures += 1
        options.tally?.fail()
        restartAt = now() + (RESTART_MS[Math.min(failures, RESTART_MS.length - 1)] ?? 0)
        log('warn', 'sidecar-ended', { code, error, messages: ffmpeg.messages().slice(-5), failures })
        stop()
      },
    })
    running = { ffmpeg }
    inTimeAt = now()
    log('debug', 'sidecar-started', { pid: ffmpeg.pid, codec: stream.codec })
  }

  return {
    get pid() {
      return running?.ffmpeg.pid
    },
    push(unit) {
      if (isOver) return
      if (running === null) start()
      if (running === null) return
      const steps = lastIn !== null && Math.abs(diff90k(unit.pts90k, lastIn)) > MAX_STEP_90K
      // Behind is what is more than half the clock ahead: before its times wrap as well, FFmpeg starts anew.
      const wraps = diff90k(unit.pts90k, base ?? unit.pts90k) < -MAX_STEP_90K
      if (base !== null && (steps || wraps)) {
        // The clock went elsewhere: FFmpeg would fill or cut; a new process starts at the new time.
        stop()
        start()
        if (running === null) return
      }
      lastIn = unit.pts90k
      base ??= unit.pts90k
      if (units % TABLES_EVERY_UNITS === 0) pending.push(tables)
      units += 1
      const bytes = withPts(unit.bytes, add90k(unit.pts90k, REBASED_90K - base))
      for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
        counter = (counter + 1) & 0x0f
        writeContinuity(bytes, offset, counter)
      }
      pending.push(bytes)
    },
    flush() {
      if (running === null || pending.length === 0) return
      const total = pending.reduce((sum, { length }) => sum + length, 0)
      const joined = new Uint8Array(total)
      let at = 0
      for (const bytes of pending) {
        joined.set(bytes, at)
        at += bytes.length
      }
      pending = []
      if (!running.ffmpeg.write(joined)) log('warn', 'sidecar-behind', { droppedBytes: total })
      const drift = lastIn === null || lastOut === null ? Infinity : diff90k(lastIn, lastOut)
      if (Math.abs(drift) <= MAX_DRIFT_90K) inTimeAt = now()
      else if (now() - inTimeAt > DRIFT_MS) {
        log('warn', 'sidecar-drift', { seconds: drift / 90_000 })
        stop()
      }
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      const old = running
      running = null
      await old?.ffmpeg[Symbol.asyncDispose]()
    },
  }
}

/** PAT and PMT for the one track. */
function makeTables(stream: ElementaryStream): Uint8Array {
  const program = { programNumber: 1, version: 0, pmtPid: INPUT_PMT_PID, pcrPid: stream.pid, streams: [stream] }
  const pat = packetize(buildPat(program, 1), 0, 0)
  const pmt = packetize(buildPmt(program), INPUT_PMT_PID, 0)
  const bytes = new Uint8Array(pat.length + pmt.length)
  bytes.set(pat)
  bytes.set(pmt, pat.length)
  return bytes
}

/** Cuts FFmpeg's output into PES units on another PID; a unit is whole when the next one starts. */
function createReader(done: (bytes: Uint8Array) => void, pid: number): (bytes: Uint8Array) => void {
  const aligner = new PacketAligner()
  let unit: Uint8Array[] = []
  return (bytes) => {
    const packets = aligner.push(bytes)
    for (let offset = 0; offset < packets.length; offset += PACKET_SIZE) {
      if (pidAt(packets, offset) !== OUTPUT_PID) continue
      if (startsUnit(packets, offset) && unit.length > 0) {
        const whole = new Uint8Array(unit.length * PACKET_SIZE)
        for (const [index, packet] of unit.entries()) whole.set(packet, index * PACKET_SIZE)
        unit = []
        done(whole)
      }
      const packet = packets.slice(offset, offset + PACKET_SIZE)
      writePid(packet, 0, pid)
      dropClock(packet)
      unit.push(packet)
    }
  }
}

/** FFmpeg's clock counts from the moved times; those who need one beside the sound make their own. */
function dropClock(packet: Uint8Array): void {
  if (readPcr(packet, 0) === null) return
  packet[5] = (packet[5] ?? 0) & ~0x10
  packet.fill(0xff, 6, 12)
}
