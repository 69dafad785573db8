import { Failure } from '../../../core/errors.ts'
import { parseServiceRef } from '../../../core/lineup/service-reference.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import type { OpenRequest, StreamOpener, Upstream, UpstreamSink } from '../../../core/live/upstream.ts'
import type { Secret } from '../../../core/secret.ts'
import type { HttpClient } from '../../net/http-client.ts'
import { openHttpStream } from '../http-stream.ts'
import type { Timers } from '../timers.ts'
import { pause } from '../timers.ts'
import type { About } from './discovery.ts'
import type { ReceiverItem } from './item.ts'
import { readIptvLine } from './iptv-line.ts'
import { openStream } from './stream-client.ts'
import type { OpenStream, StartLimits } from './stream-client.ts'
import type { StreamWay, StreamWays } from './stream-way.ts'
import type { TunerBudget } from './tuners.ts'
import { basicAuth } from './web-client.ts'

/** What the opening of streams needs. */
export type OpenerOptions = {
  /** Host of the receiver. */
  readonly host: string
  readonly username: string | undefined
  readonly password: Secret | undefined
  /** The way to where IPTV lines lead: it checks each address. */
  readonly web: HttpClient
  readonly limits: Readonly<Record<StreamWay['kind'], StartLimits>>
  readonly ways: StreamWays
  readonly tuners: TunerBudget
  /** The item of a stream. Fails with `live/refused` if the receiver has it no more. */
  readonly itemOf: (stream: Stream, signal: AbortSignal) => Promise<ReceiverItem>
  /** Whether the receiver lists it now; true while that is not known. */
  readonly isListed: (item: ReceiverItem) => boolean
  /** Asks the receiver who uses its tuners; null when it does not say at once. */
  readonly askAbout: (signal: AbortSignal) => Promise<About | null>
  /** Fails with `live/recording` when the transponder would leave no tuner for a recording. */
  readonly leaveRoom: (slotKey: string, signal: AbortSignal) => Promise<void>
  /** Told of every stream of the box's tuners that opens; the answer is called at its end. */
  readonly onStream: () => () => void
  /** Told before every start: the box should do nothing else now. */
  readonly onStart: () => void
  readonly timers: Timers
  readonly now: () => number
}

/** Opens streams of one receiver. Disposing it closes them all. */
export interface ReceiverOpener extends StreamOpener, AsyncDisposable {
  /** Slot keys of what is open. */
  held(): ReadonlySet<string>
}

/** How long a start may stay without a decodable picture: the relay needs 3 to 5 s to find its key. */
const CLEAR_WITHIN_MS: Readonly<Record<StreamWay['kind'], number>> = { tuner: 3000, relay: 8000 }
/** A stream that was kept for so long after that had a picture. */
const WORKED_AFTER_MS = 5000
/** The relay sends garbage for ever when a reference is opened again at once. */
const RELAY_PAUSE_MS = 1000

type Running = { readonly slotKey: string; readonly stream: OpenStream }

/** Makes the opener of one receiver. */
export function createOpener(options: OpenerOptions): ReceiverOpener {
  const { ways, tuners, timers, now, limits } = options
  const closing = new AbortController()
  const running = new Set<Running>()
  const relayStarts = new Map<string, number>()

  /** Keeps the book on an open stream until either side ends it. */
  const keep = (slotKey: string, sink: UpstreamSink, onEnd: () => void) => {
    let entry: Running | null = null
    let isOver = false
    const finish = (): void => {
      if (isOver) return
      isOver = true
      if (entry !== null) running.delete(entry)
      onEnd()
    }
    return {
      sink: {
        data: (chunk: Uint8Array) => sink.data(chunk),
        end(failure: Failure) {
          finish()
          sink.end(failure)
        },
      },
      opened(stream: OpenStream): void {
        entry = { slotKey, stream }
        if (!isOver) running.add(entry)
      },
      isOpen: (): boolean => !isOver,
      close(): void {
        entry?.stream.close()
        finish()
      },
    }
  }

  const openUrl = async (item: ReceiverItem, { sink, signal }: OpenRequest): Promise<Upstream> => {
    const line = readIptvLine(item.url ?? '', options.host)
    if (line === null) throw new Failure('source/not-supported', `"${item.name}" is not asked for by HTTP`)
    const book = keep(item.slotKey, sink, () => {})
    const opened = await openHttpStream({
      client: options.web,
      ...line,
      // The receiver told it: what lies in our own network has to be the receiver itself, or named by the owner.
      named: line.url.hostname === options.host ? 'typed' : 'answered',
      name: item.name,
      firstByteMs: limits.tuner.firstByteMs,
      sink: book.sink,
      timers,
      now,
      signal,
    })
    book.opened(opened)
    return { programNumber: null, clearWithinMs: CLEAR_WITHIN_MS.relay, close: book.close }
  }

  const connect = async (item: ReceiverItem, way: StreamWay, { sink, signal }: OpenRequest): Promise<Upstream> => {
    if (way.kind === 'relay') {
      // What the relay holds for us the box does not see: it could not take it back for a recording.
      await options.leaveRoom(item.slotKey, signal)
      const wait = (relayStarts.get(way.ref) ?? -Infinity) + RELAY_PAUSE_MS - now()
      if (wait > 0) await pause(timers, wait, signal)
      relayStarts.set(way.ref, now())
    }
    let openedAt = Infinity
    const unwatch = { end: () => {} }
    const book = keep(item.slotKey, sink, () => {
      unwatch.end()
      ways.closed(item, way)
      if (now() - openedAt > CLEAR_WITHIN_MS[way.kind] + WORKED_AFTER_MS) ways.worked(item, way)
    })
    const hasLogin = way.kind === 'tuner' && options.username !== undefined
    const stream = await openStream({
      host: way.host,
      port: way.port,
      path: way.path,
      hostHeader: (address) => way.hostHeader ?? `${address}:${way.port}`,
      authorization: hasLogin ? basicAuth(options.username ?? '', options.password) : null,
      limits: limits[way.kind],
      sink: book.sink,
      timers,
      now,
      signal,
    })
    openedAt = now()
    book.opened(stream)
    if (book.isOpen()) unwatch.end = options.onStream()
    return {
      programNumber: parseServiceRef(way.ref)?.sid ?? item.programNumber,
      clearWithinMs: CLEAR_WITHIN_MS[way.kind],
      close: book.close,
    }
  }

  /** Tells "no free tuner" from "no such service", which the box answers with the same 28 bytes. */
  const explain = async (item: ReceiverItem, failure: Failure, signal: AbortSignal): Promise<Failure> => {
    const isTunerFailure = failure.facts['reason'] === 'error-text' || failure.facts['status'] === 503
    const shares = [...running].some(({ slotKey }) => slotKey === item.slotKey)
    if (!isTunerFailure || shares || !options.isListed(item)) return failure
    const own = new Set([...running].map(({ slotKey }) => slotKey)).size
    const about = await options.askAbout(signal)
    const all = about?.tuners ?? []
    const busy = all.filter(({ use }) => use.live || use.recording || use.stream).length
    if (busy === 0 && own === 0) return failure
    tuners.refused(own)
    const known = all.length === 0 ? '' : `: ${busy} of ${all.length} are in use`
    return new Failure(
      'live/no-slot',
      `The receiver has no free tuner for "${item.name}"${known}`,
      { tuners: all.length, busy, own, recording: all.filter(({ use }) => use.recording).length },
      failure,
    )
  }

  return {
    held: () => new Set([...running].map(({ slotKey }) => slotKey)),
    async open(asked) {
      const { stream, previous } = asked
      const signal = AbortSignal.any([asked.signal, closing.signal])
      signal.throwIfAborted()
      const request = { ...asked, signal }
      const item = await options.itemOf(stream, signal)
      options.onStart()
      if (item.kind === 'url') return openUrl(item, request)
      const way = await ways.find(item, previous, signal)
      options.onStart() // the box's opinion may have taken a while
      try {
        return await connect(item, way, request)
      } catch (error) {
        if (signal.aborted || !(error instanceof Failure)) throw error
        if (error.code === 'live/recording') throw error
        ways.failed(item)
        // Without a relay "encrypted" is the truth, and "port 17999 refuses connections" is not.
        if (previous?.code === 'live/scrambled' && way.kind === 'relay') throw previous
        throw await explain(item, error, signal)
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      for (const { stream } of running) stream.close()
      running.clear()
    },
  }
}
