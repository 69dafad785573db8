import { Failure } from '../../../core/errors.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import type { OpenRequest, StreamOpener, Upstream, UpstreamSink } from '../../../core/live/upstream.ts'
import type { Log } from '../../../core/log.ts'
import { streamHeaders } from './box-headers.ts'
import { linkQuery } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { parseCommand, playableUrl } from './command.ts'
import { readLink } from './link.ts'
import { contested } from './mac-pool.ts'
import type { MacLease, MacPool } from './mac-pool.ts'
import type { PlayWay, PortalChannel } from './rows.ts'
import type { PortalStream, PortalTransport } from './transport.ts'
import type { Watchdog } from './watchdog.ts'

/** What the opening of streams needs. */
export type PortalOpenerOptions = {
  readonly pool: MacPool<BoxSession>
  readonly transport: PortalTransport
  readonly watchdog: Watchdog
  readonly timezone: string
  /** Null before the portal was asked anything. */
  readonly endpoint: () => URL | null
  /** The channel of a stream. Fails with `live/refused` if the portal lists it no more. */
  readonly channelOf: (stream: Stream, signal: AbortSignal) => Promise<PortalChannel>
  readonly has: (box: BoxSession, channel: PortalChannel) => boolean
  readonly log: Log
}

/** Opens streams of one portal. Disposing it closes them all. */
export interface PortalOpener extends StreamOpener, AsyncDisposable {
  /** Ends the streams of a MAC whose account was switched off. */
  endAll(box: BoxSession, failure: Failure): void
}

const FIRST_BYTE_MS = 12_000
/** Portals send clear streams; what is undecodable for so long is broken. */
const CLEAR_WITHIN_MS = 8000
/** MACs tried for one viewer: each costs seconds that they wait. */
const MOST_MACS = 3
/** Ways of one channel tried on a MAC. */
const MOST_WAYS = 3

/** Failures after which another MAC may do better: the portal has something against this one. */
const MAC_FAULTS: ReadonlySet<string> = new Set(['live/contested', 'source/device', 'source/login', 'source/expired'])

/** A refusal is the channel's own only where the portal says so. */
const isOfMac = ({ code, facts }: Failure): boolean =>
  MAC_FAULTS.has(code) || (code === 'live/refused' && facts['perMac'] !== false)

/** Makes the opener of one portal. */
export function createPortalOpener(options: PortalOpenerOptions): PortalOpener {
  const { pool, transport, watchdog, log } = options
  const closing = new AbortController()
  const running = new Set<{
    readonly box: BoxSession
    readonly end: (failure: Failure) => void
    readonly close: () => void
  }>()

  /** The address of a way: as listed, or asked for just now. */
  const addressOf = async (
    way: PlayWay,
    channel: PortalChannel,
    box: BoxSession,
    signal: AbortSignal,
  ): Promise<URL> => {
    if (way.asksLink) {
      const answer = await box.ask(linkQuery(way.command), { urgency: 'play', signal })
      return readLink(answer, { box, endpoint: endpoint(), streamId: way.streamId, name: channel.name })
    }
    const { mac } = box.identity
    const url = playableUrl(parseCommand(way.command), { endpoint: endpoint(), mac, streamId: way.streamId })
    if (url === null)
      throw new Failure('source/not-supported', `"${channel.name}" plays only in the provider's own network`)
    return url
  }
  const endpoint = (): URL => {
    const found = options.endpoint()
    if (found === null) throw new Failure('source/unreachable', 'The portal was not found yet')
    return found
  }

  /** One way of one channel on one MAC, with one connection. */
  const openWay = async (
    way: PlayWay,
    channel: PortalChannel,
    lease: MacLease<BoxSession>,
    sink: UpstreamSink,
    signal: AbortSignal,
  ): Promise<PortalStream> => {
    const { box } = lease
    // A first question signs in where that is needed; static addresses need the cookies of a box as well.
    if (options.endpoint() === null) await box.ask({ type: 'itv', action: 'get_genres' }, { urgency: 'play', signal })
    const url = await addressOf(way, channel, box, signal)
    lease.linked()
    const home = endpoint().hostname
    const call = { identity: box.identity, token: box.token(), timezone: options.timezone, referer: endpoint() }
    return transport.stream({
      url,
      headersFor: (target) => streamHeaders(call, target.hostname === home),
      firstByteMs: FIRST_BYTE_MS,
      name: channel.name,
      sink,
      signal,
    })
  }

  /** All ways of a channel on one MAC, until one plays. */
  const openOn = async (
    lease: MacLease<BoxSession>,
    channel: PortalChannel,
    request: OpenRequest,
  ): Promise<Upstream> => {
    const { sink, signal } = request
    let last: unknown = null
    for (const way of waysOf(channel).slice(0, MOST_WAYS)) {
      const book = keep(lease, sink)
      try {
        const stream = await lease.box.alone(signal, () => openWay(way, channel, lease, book.sink, signal))
        if (signal.aborted) stream.close()
        signal.throwIfAborted()
        return book.opened(stream)
      } catch (error) {
        lease.unlinked()
        signal.throwIfAborted()
        last = error
        const isOfWay = error instanceof Failure && /^live\/|^source\/not-supported$/.test(error.code)
        if (!isOfWay || MAC_FAULTS.has(error.code)) break
      }
    }
    throw last
  }

  /** Keeps the book on a stream until either side ends it. */
  const keep = (lease: MacLease<BoxSession>, sink: UpstreamSink) => {
    let stream: PortalStream | null = null
    let isOver = false
    let endWatch = (): void => {}
    const finish = (): boolean => {
      if (isOver) return false
      isOver = true
      running.delete(entry)
      endWatch()
      lease.release()
      return true
    }
    const entry = {
      box: lease.box,
      end(failure: Failure) {
        stream?.close()
        if (finish()) sink.end(failure)
      },
      close() {
        stream?.close()
        finish()
      },
    }
    return {
      sink: {
        data: (chunk: Uint8Array) => sink.data(chunk),
        end(failure: Failure) {
          const reason = judge(lease, failure)
          if (finish()) sink.end(reason)
        },
      },
      opened(opened: PortalStream): Upstream {
        stream = opened
        lease.opened()
        if (!isOver) {
          running.add(entry)
          endWatch = watchdog.begin(lease.box, 'channel')
        }
        return { programNumber: null, clearWithinMs: CLEAR_WITHIN_MS, close: entry.close }
      },
    }
  }

  /** Why a stream ended: a MAC that somebody else uses is named when no other MAC can take over at once. */
  const judge = (lease: MacLease<BoxSession>, failure: Failure): Failure => {
    const verdict = lease.endedThere()
    if (verdict === 'unclear') return failure
    log('warn', verdict === 'contested' ? 'mac-contested' : 'mac-over-limit', { mac: lease.number })
    const another = pool.reserve({ canPlay: () => true, except: new Set([lease.box]) })
    another?.release()
    return verdict === 'contested' && another === null ? contested(lease.number) : failure
  }

  return {
    async open(asked) {
      const signal = AbortSignal.any([asked.signal, closing.signal])
      signal.throwIfAborted()
      const channel = await options.channelOf(asked.stream, signal)
      const canPlay = (box: BoxSession): boolean => options.has(box, channel)
      const tried = new Set<BoxSession>()
      let last: unknown = null
      while (tried.size < MOST_MACS) {
        const lease = pool.reserve({ canPlay, except: tried })
        if (lease === null) break
        tried.add(lease.box)
        try {
          return await openOn(lease, channel, { ...asked, signal })
        } catch (error) {
          lease.release()
          signal.throwIfAborted()
          if (!(error instanceof Failure)) throw error
          last = error
          if (!isOfMac(error)) break
          log('info', 'mac-skipped', { mac: lease.number, code: error.code })
        }
      }
      throw last ?? pool.whyNone(canPlay)
    },
    endAll(box, failure) {
      for (const entry of running) if (entry.box === box) entry.end(failure)
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      for (const entry of running) entry.close()
    },
  }
}

/** The ways of a channel; behind those with a fixed address the same again with one that is asked for. */
const waysOf = ({ ways }: PortalChannel): readonly PlayWay[] =>
  ways.flatMap((way) => (way.asksLink ? [way] : [way, { ...way, asksLink: true }]))
