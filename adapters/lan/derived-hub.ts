import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Stream } from '../../core/lineup/stream.ts'
import { noStream } from '../../core/live/relay/no-stream.ts'
import type { Attendance } from '../../core/live/attendance.ts'
import { createHub } from '../../core/live/create-hub.ts'
import type { Hub, RelayConsumer, ViewerInfo } from '../../core/live/hub.ts'
import type { Program } from '../../core/live/program.ts'
import type { Quality } from '../../core/live/quality.ts'
import type { TimeShift } from '../../core/live/time-shift.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { TsChunk } from '../../core/live/ts-chunk.ts'
import type { OpenRequest, Upstream, UpstreamSink } from '../../core/live/upstream.ts'
import type { Log } from '../../core/log.ts'

/** Makes another stream out of one channel's: takes what its relay sends, puts what it makes into a sink. */
export interface Derivation {
  /** Before the first chunk and before the first chunk after each change. */
  program(program: Program): void
  /** A chunk is shared by all who have it: copy what is to be changed. */
  chunk(chunk: TsChunk): void
  /** Ends everything, processes included; idempotent. Resolves when they have ended. */
  close(): Promise<void>
}

/**
 * Starts a derivation of a channel. Its failures before the first byte (`ffmpeg/*`) are thrown here, so that no source is
 * opened in vain; later ones end the sink.
 */
export type Derive = (request: {
  readonly channel: Channel
  readonly sink: UpstreamSink
  readonly signal: AbortSignal
}) => Derivation | Promise<Derivation>

/** What a derived hub needs. */
export type DerivedHubOptions = {
  /** What it makes; part of the ids of its viewers. */
  readonly quality: Exclude<Quality, 'original'>
  /** Where the channels come from. */
  readonly hub: Pick<Hub, 'consume'>
  readonly derive: Derive
  readonly log: Log
  readonly now: () => number
  /** Keeps the last minutes of what is made, for raw TS; absent: not at all. */
  readonly timeShift?: TimeShift | null
  /** Takes notes of who watches; absent: nobody does. */
  readonly attendance?: Attendance | undefined
  readonly timers?: Timers
}

/**
 * A second hub whose upstreams are the relays of the first one, with a derivation in between. So whatever is made of a
 * channel is made once for all who want it, has clean joins, bounded queues and seamless restarts like everything else,
 * ends with its last viewer, and opens nothing at any source (ADR 0003). The first hub lists its viewers.
 */
export function createDerivedHub(options: DerivedHubOptions): Hub {
  const { quality, log, now } = options
  const source = sourceId(quality)
  /** By the streams that stand for them here. */
  const channels = new WeakMap<Stream, Channel>()
  /** Derivations that are on their way out. */
  const closing = new Set<Promise<void>>()
  const derived: Hub = createHub({
    name: quality,
    source: () => ({ slots: () => null, open: (request) => openDerived(request) }),
    log,
    now,
    timeShift: options.timeShift ?? null,
    ...(options.attendance && { attendance: inQuality(options.attendance, quality) }),
    ...(options.timers && { timers: options.timers }),
    // The relay behind it lingers already.
    lingerSeconds: 0,
  })

  const close = (derivation: Derivation): void => {
    const closed = derivation.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }

  const openDerived = async ({ stream, sink, signal }: OpenRequest): Promise<Upstream> => {
    const channel = channels.get(stream)
    if (!channel) throw new Failure('lineup/unknown-channel', 'There is no such channel')
    const derivation = await options.derive({ channel, sink, signal })
    const consumer: RelayConsumer = {
      program: (program) => derivation.program(program),
      chunk: (chunk) => derivation.chunk(chunk),
      end: (failure) => sink.end(failure ?? new Failure('live/ended', `"${channel.name}" has ended`)),
      viewers() {
        const own = derived.streams().find(({ channelId }) => channelId === channel.id)
        return (own?.viewers ?? []).map((viewer) => ({ ...viewer, quality }))
      },
    }
    try {
      const seat = await options.hub.consume(channel, consumer, signal)
      return {
        programNumber: null,
        clearWithinMs: 5000,
        close() {
          seat.leave()
          close(derivation)
        },
      }
    } catch (error) {
      close(derivation)
      throw error
    }
  }

  /** The channel with one stream: itself in the first hub. */
  const asDerived = (channel: Channel): Channel => {
    const [first] = channel.streams
    if (first === undefined) throw noStream(channel)
    const id = streamId(source, channel.id)
    const stream = { ...first, id, sourceId: source, item: channel.id, slotKey: channel.id, programNumber: null }
    channels.set(stream, channel)
    return { ...channel, streams: [stream] }
  }

  return {
    ...derived,
    watch: async (channel, viewer: ViewerInfo, sink, signal) => derived.watch(asDerived(channel), viewer, sink, signal),
    consume: async (channel, consumer, signal) => derived.consume(asDerived(channel), consumer, signal),
    async [Symbol.asyncDispose]() {
      await derived[Symbol.asyncDispose]()
      await Promise.all(closing)
    },
  }
}

/** What cannot be played is told by the first hub already. */
const inQuality = (attendance: Attendance, quality: Exclude<Quality, 'original'>): Attendance => ({
  came: (arrival) => attendance.came({ ...arrival, quality }),
  left: (id, departure) => attendance.left(id, departure),
  failed() {},
})
