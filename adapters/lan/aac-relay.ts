import { Failure } from '../../core/errors.ts'
import type { Attendance } from '../../core/live/attendance.ts'
import type { WorkCounts } from '../../core/live/counts/work-counts.ts'
import type { Hub } from '../../core/live/hub.ts'
import { continuityAt, PACKET_SIZE, pidAt, writeEmptyPacket } from '../../core/live/packet.ts'
import { PesCollector } from '../../core/live/pes-unit.ts'
import { buildPat, buildPmt, packetize } from '../../core/live/psi.ts'
import { readPcr, writePcr } from '../../core/live/timestamps.ts'
import type { TimeShift } from '../../core/live/time-shift.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import { createAudioSidecar } from '../ffmpeg/audio-sidecar.ts'
import type { AudioSidecar } from '../ffmpeg/audio-sidecar.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import { createDerivedHub } from './derived-hub.ts'
import type { Derive } from './derived-hub.ts'
import { readVariant, variantProgram } from './hls-variants.ts'

/** What raw TS with AAC needs. */
export type AacRelayOptions = {
  readonly hub: Pick<Hub, 'consume'>
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  /** Leave the picture out, so that television becomes radio. */
  readonly soundOnly?: boolean
  /** Counts the work; absent: nobody does. */
  readonly counts?: WorkCounts | undefined
  readonly log: Log
  readonly now: () => number
  /** Keeps the last minutes of what is made, for raw TS; absent: not at all. */
  readonly timeShift?: TimeShift | null
  /** Takes notes of who watches; absent: nobody does. */
  readonly attendance?: Attendance | undefined
  readonly timers?: Timers
}

const AAC = readVariant('aac')

/** Raw TS with AAC in place of AC-3 or MP2 (`?quality=audio`, or without the picture `radio`), as a derived hub. */
export const createAacRelay = (options: AacRelayOptions): Hub =>
  createDerivedHub({ ...options, quality: options.soundOnly === true ? 'radio' : 'audio', derive: soundSwap(options) })

/**
 * Passes the picture on as it is, and puts the sidecar's AAC in the place of the default track. A track that is AAC already
 * needs no process.
 */
function soundSwap({ ffmpeg, audio, soundOnly = false, counts, log, now }: AacRelayOptions): Derive {
  return ({ channel, sink }) => {
    const path = ffmpeg.encoders.has('aac') ? ffmpeg.path : null
    if (AAC === null) throw new TypeError('There is no variant with AAC')
    const content = { ...AAC, hasVideo: !soundOnly }
    let sidecar: AudioSidecar | null = null
    let tables = new Uint8Array(0)
    let soundPid = -1
    let soundCounter = 0
    let clockPid = -1
    let dropped: ReadonlySet<number> = new Set()
    const collector = new PesCollector((unit) => sidecar?.push(unit))

    const endSidecar = async (): Promise<void> => {
      const old = sidecar
      sidecar = null
      await old?.[Symbol.asyncDispose]()
    }

    return {
      program(program) {
        void endSidecar()
        // The clock stays where it is, whatever becomes of the stream that carries it.
        const out = { ...variantProgram(program, content), pcrPid: program.pcrPid }
        const [made] = content.aac(program)
        soundPid = made?.pid ?? -1
        clockPid = out.pcrPid
        const kept = new Set(out.streams.map(({ pid }) => pid))
        dropped = new Set([
          0,
          program.pmtPid,
          ...program.streams.map(({ pid }) => pid).filter((pid) => !kept.has(pid) || pid === soundPid),
        ])
        const pat = packetize(buildPat(out, out.programNumber), 0, 0)
        const pmt = packetize(buildPmt(out), out.pmtPid, 0)
        tables = new Uint8Array(pat.length + pmt.length)
        tables.set(pat)
        tables.set(pmt, pat.length)
        if (out.streams.length === 0) {
          sink.end(new Failure('hls/unsupported', `"${channel.name}" has no sound that could be sent alone`))
          return
        }
        if (made === undefined) return
        if (path === null) {
          const why = `"${channel.name}" has ${made.codec} sound, and there is no FFmpeg to make AAC of it`
          sink.end(new Failure('ffmpeg/missing', why))
          return
        }
        sidecar = createAudioSidecar({
          path,
          stream: made,
          intent: audio,
          unit({ bytes }) {
            soundCounter = continuityAt(bytes, bytes.length - PACKET_SIZE)
            sink.data(bytes)
          },
          tally: counts?.sidecars,
          complained: (count) => counts?.complaints.note(channel.id, count),
          log,
          now,
        })
      },
      chunk(chunk) {
        const out = new Uint8Array(tables.length + chunk.bytes.length)
        out.set(tables)
        let used = tables.length
        for (let offset = 0; offset < chunk.bytes.length; offset += PACKET_SIZE) {
          const pid = pidAt(chunk.bytes, offset)
          if (!dropped.has(pid)) {
            out.set(chunk.bytes.subarray(offset, offset + PACKET_SIZE), used)
            used += PACKET_SIZE
            continue
          }
          const clock = pid === clockPid ? readPcr(chunk.bytes, offset) : null
          if (clock === null) continue
          writeEmptyPacket(out, used, { pid, counter: pid === soundPid ? soundCounter : 0, flags: 0x10 })
          writePcr(out, used, clock)
          used += PACKET_SIZE
        }
        sink.data(out.subarray(0, used))
        if (soundPid < 0) return
        collector.push(chunk, new Set([soundPid]))
        sidecar?.flush()
      },
      close: endSidecar,
    }
  }
}
