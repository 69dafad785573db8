import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { StreamId } from '../../core/lineup/stream.ts'
import { createHub } from '../../core/live/create-hub.ts'
import type { Hub, RelayConsumer } from '../../core/live/hub.ts'
import { continuityAt, PACKET_SIZE, pidAt, writeEmptyPacket } from '../../core/live/packet.ts'
import { PesCollector } from '../../core/live/pes-unit.ts'
import type { Program } from '../../core/live/program.ts'
import { buildPat, buildPmt, packetize } from '../../core/live/psi.ts'
import { readPcr, writePcr } from '../../core/live/timestamps.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { TsChunk } from '../../core/live/ts-chunk.ts'
import type { OpenRequest, Upstream } from '../../core/live/upstream.ts'
import type { Log } from '../../core/log.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import { createAudioSidecar } from '../ffmpeg/audio-sidecar.ts'
import type { AudioSidecar } from '../ffmpeg/audio-sidecar.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import { readVariant, variantProgram } from './hls-variants.ts'

/** What raw TS with AAC needs. */
export type AacRelayOptions = {
  readonly hub: Pick<Hub, 'consume'>
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  readonly log: Log
  readonly now: () => number
  readonly timers?: Timers
}

const SOURCE = sourceId('aac')
const AAC = readVariant('aac')

/**
 * Raw TS with AAC in place of AC-3 or MP2 (`?audio=aac`): a second hub whose upstreams are the relays of the first one,
 * with the sidecar in between. So it has clean joins, bounded queues and one sidecar per channel like everything else, and
 * opens nothing at any source.
 */
export function createAacRelay(options: AacRelayOptions): Pick<Hub, 'watch' | 'stopViewer'> & AsyncDisposable {
  const { log, now } = options
  const channels = new Map<StreamId, Channel>()
  const derived: Hub = createHub({
    source: () => ({
      slots: () => null,
      open: (request) => open(request, channels, derived, options),
    }),
    log,
    now,
    ...(options.timers && { timers: options.timers }),
    // The relay behind it lingers already.
    lingerSeconds: 0,
  })
  return {
    watch(channel, viewer, sink, signal) {
      const id = streamId(SOURCE, channel.id)
      channels.set(id, channel)
      const [first] = channel.streams
      if (first === undefined) return Promise.reject(new Failure('live/refused', `"${channel.name}" has no stream`))
      const stream = { ...first, id, sourceId: SOURCE, item: channel.id, slotKey: channel.id, programNumber: null }
      return derived.watch({ ...channel, streams: [stream] }, viewer, sink, signal)
    },
    stopViewer: (id) => derived.stopViewer(id),
    [Symbol.asyncDispose]: () => derived[Symbol.asyncDispose](),
  }
}

async function open(
  { stream, sink, signal }: OpenRequest,
  channels: ReadonlyMap<StreamId, Channel>,
  derived: Hub,
  { hub, ffmpeg, audio, log, now }: AacRelayOptions,
): Promise<Upstream> {
  const channel = channels.get(stream.id)
  const path = ffmpeg.encoders.has('aac') ? ffmpeg.path : null
  if (!channel || AAC === null) throw new Failure('lineup/unknown-channel', 'There is no such channel')
  const content = AAC
  let sidecar: AudioSidecar | null = null
  let tables = new Uint8Array(0)
  let soundPid = -1
  let soundCounter = 0
  let clockPid = -1
  let dropped: ReadonlySet<number> = new Set()
  const collector = new PesCollector((unit) => sidecar?.push(unit))

  const begin = (program: Program): void => {
    void sidecar?.[Symbol.asyncDispose]()
    sidecar = null
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
      log,
      now,
    })
  }

  const pass = (chunk: TsChunk): void => {
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
  }

  const consumer: RelayConsumer = {
    program: begin,
    chunk: pass,
    end: (failure) => sink.end(failure ?? new Failure('live/ended', `"${channel.name}" has ended`)),
    viewers: () => derived.streams().find(({ channelId }) => channelId === channel.id)?.viewers ?? [],
  }
  const seat = await hub.consume(channel, consumer, signal)
  return {
    programNumber: null,
    clearWithinMs: 5000,
    close() {
      seat.leave()
      void sidecar?.[Symbol.asyncDispose]()
      sidecar = null
    },
  }
}
