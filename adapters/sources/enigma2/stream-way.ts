import { Failure } from '../../../core/errors.ts'
import { isBroadcast, isLoopbackHost, parseServiceRef, serviceRefKey } from '../../../core/lineup/service-reference.ts'
import type { Log } from '../../../core/log.ts'
import type { Timers } from '../timers.ts'
import { DEFAULT_RELAY_PORT, DEFAULT_STREAM_PORT } from './facts.ts'
import type { ReceiverFacts } from './facts.ts'
import type { ReceiverItem } from './item.ts'
import type { Enigma2Settings } from '../../../core/source-kinds/enigma2.ts'
import { readStreamPlaylist } from './stream-playlist.ts'
import type { WebClient } from './web-client.ts'

/** How a broadcast item is reached: `tuner` is the stream server of the box, `relay` descrambles before it. */
export type StreamWay = {
  readonly kind: 'tuner' | 'relay'
  readonly host: string
  readonly port: number
  readonly path: string
  /** Canonical reference that is asked for; of a group the member that the box picked. */
  readonly ref: string
  /** Value of `Host`; null: the address of the connection and its port. */
  readonly hostHeader: string | null
}

/** Finds the ways of a receiver's items. */
export interface StreamWays {
  /**
   * The way to an item. The box is asked once and its answer kept for hours; when it does not answer in time, its
   * settings decide. `previous` is why the last try of the same start failed: after scrambled pictures from the tuner
   * the relay is tried, once, and never the other way round.
   *
   * Fails with `previous` when no other way is left, with `live/refused` when the box names no member of a group.
   */
  find(item: ReceiverItem, previous: Failure | null, signal: AbortSignal): Promise<StreamWay>
  /** A start failed; when that repeats, the box is asked again. */
  failed(item: ReceiverItem): void
  /** An open stream was closed by whoever wanted it. */
  closed(item: ReceiverItem, way: StreamWay): void
  /** The stream was good for a while: the same way will be taken next time. */
  worked(item: ReceiverItem, way: StreamWay): void
}

/** What ways depend on. */
export type StreamWayOptions = {
  readonly settings: Enigma2Settings
  readonly client: WebClient
  readonly facts: () => ReceiverFacts
  readonly now: () => number
  readonly timers: Timers
  readonly log: Log
}

const KEPT_MS = 6 * 3600 * 1000
/** A start does not wait longer for the box's opinion: it may be busy for a minute. */
const LOOKUP_MS = 2500
const GROUP_LOOKUP_MS = 15_000
const FAILURES_BEFORE_ASKING_AGAIN = 2
/** A retry follows its failed try; later, the same channel is a new start. */
const RETRY_WITHIN_MS = 6000

/** Makes the finder of one receiver. */
export function createStreamWays({ settings, client, facts, now, timers, log }: StreamWayOptions): StreamWays {
  const kept = new Map<string, { readonly way: StreamWay; readonly at: number }>()
  const failures = new Map<string, number>()
  /** The way that was given up last, to know what the next try of the same start should change. */
  const lastClosed = new Map<string, { readonly kind: StreamWay['kind']; readonly at: number }>()

  const receiver = settings.url.hostname
  const relayPort = (): number => pick(settings.relayPort, facts().relayPort, DEFAULT_RELAY_PORT)
  const streamPort = (): number => pick(settings.streamPort, facts().streamPort, DEFAULT_STREAM_PORT)

  const wayTo = (kind: StreamWay['kind'], ref: string, host: string, port: number): StreamWay => {
    // The relay opens its source at the host that is named to it: on another machine that must be the receiver's.
    const isElsewhere = kind === 'relay' && host !== receiver
    return { kind, host, port, path: ref, ref, hostHeader: isElsewhere ? `${receiver}:${streamPort()}` : null }
  }
  const relayWay = (ref: string): StreamWay => {
    const { streamUrl } = settings
    const port = streamUrl === undefined ? null : portOf(streamUrl)
    return streamUrl !== undefined && port === relayPort()
      ? wayTo('relay', ref, streamUrl.hostname, port)
      : wayTo('relay', ref, receiver, relayPort())
  }
  const usualWay = (ref: string, viaRelay: boolean): StreamWay => {
    const { streamUrl } = settings
    if (streamUrl !== undefined) {
      const port = portOf(streamUrl)
      return wayTo(port === relayPort() ? 'relay' : 'tuner', ref, streamUrl.hostname, port)
    }
    return viaRelay || facts().relayed.has(ref) ? relayWay(ref) : wayTo('tuner', ref, receiver, streamPort())
  }

  /** The box's answer; null when it gives none, or one that leads elsewhere. */
  const askBox = async (item: ReceiverItem, signal: AbortSignal): Promise<StreamWay | null> => {
    const text = await client.text({
      path: 'web/stream.m3u',
      query: { ref: item.ref, name: item.name },
      priority: 'playback',
      signal,
      timeoutMs: GROUP_LOOKUP_MS,
    })
    const url = readStreamPlaylist(text)
    if (url === null) return null
    const ref = refOf(url)
    const isHere = url.hostname === receiver || isLoopbackHost(url.hostname)
    if (ref === null || !isHere) {
      log('warn', 'stream-url-refused', { item: item.key, reason: isHere ? 'no-service' : 'foreign-host' })
      return null
    }
    const port = portOf(url)
    if (port === relayPort()) return relayWay(ref)
    if (settings.streamPort !== 'auto') return wayTo('tuner', ref, receiver, settings.streamPort)
    return wayTo('tuner', ref, receiver, port)
  }

  /** Asks the box, but for `waitMs` only; a late answer is kept for the next start. */
  const askInTime = (item: ReceiverItem, waitMs: number, signal: AbortSignal): Promise<StreamWay | null> =>
    new Promise((resolve, reject) => {
      const cancel = timers.after(waitMs, () => resolve(null))
      // Groups are asked for one start only; the answer for a service outlives the viewer who wanted it.
      const asked = askBox(item, item.kind === 'group' ? signal : AbortSignal.timeout(60_000))
      const abort = (): void => {
        cancel()
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort, { once: true })
      asked
        .then((way) => {
          if (way !== null && item.kind === 'broadcast') kept.set(item.key, { way, at: now() })
          resolve(way)
        })
        .catch((error: unknown) => {
          log('info', 'stream-url-unknown', { item: item.key, code: error instanceof Failure ? error.code : 'aborted' })
          resolve(null) // the settings decide
        })
        .finally(() => {
          cancel()
          signal.removeEventListener('abort', abort)
        })
    })

  const firstWay = async (item: ReceiverItem, signal: AbortSignal): Promise<StreamWay> => {
    const [member] = item.members
    const fallback = (): StreamWay => {
      const ref = item.kind === 'group' ? member : item.ref
      if (ref === undefined)
        throw new Failure('live/refused', `The receiver names no channel for the alternatives "${item.name}"`)
      return usualWay(ref, item.viaRelay)
    }
    const known = kept.get(item.key)
    if (known !== undefined && now() - known.at < KEPT_MS) return known.way
    if (facts().zapsOnStream) return fallback()
    if (settings.streamUrl !== undefined && item.kind === 'broadcast') return fallback()
    const waitMs = item.kind === 'group' ? GROUP_LOOKUP_MS : LOOKUP_MS
    const told = await askInTime(item, waitMs, signal)
    if (told === null) return fallback()
    // A relay in the bouquet is the owner's word; the box's own list may not have it.
    if (item.viaRelay && told.kind === 'tuner') return relayWay(told.ref)
    return settings.streamUrl === undefined ? told : usualWay(told.ref, item.viaRelay)
  }

  return {
    async find(item, previous, signal) {
      const last = lastClosed.get(item.key)
      lastClosed.delete(item.key)
      const isRetry = last !== undefined && now() - last.at < RETRY_WITHIN_MS
      if (previous?.code !== 'live/scrambled' || !isRetry) return firstWay(item, signal)
      if (last.kind === 'relay') throw previous
      return relayWay(kept.get(item.key)?.way.ref ?? item.members[0] ?? item.ref)
    },
    closed(item, way) {
      lastClosed.set(item.key, { kind: way.kind, at: now() })
    },
    failed(item) {
      const count = (failures.get(item.key) ?? 0) + 1
      failures.set(item.key, count)
      if (count < FAILURES_BEFORE_ASKING_AGAIN) return
      failures.delete(item.key)
      kept.delete(item.key)
    },
    worked(item, way) {
      failures.delete(item.key)
      // Only the relay is worth remembering against the box's word: it took an encrypted start to find it.
      const isNews = way.kind === 'relay' && kept.get(item.key)?.way.kind !== 'relay'
      if (item.kind === 'broadcast' && isNews) kept.set(item.key, { way, at: now() })
    },
  }
}

const pick = (configured: number | 'auto', told: number | null, usual: number): number =>
  configured === 'auto' ? (told ?? usual) : configured

const portOf = (url: URL): number => (url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port))

/** The service that the path of a stream URL names. */
function refOf(url: URL): string | null {
  const ref = parseServiceRef(decodeURIComponentOr(url.pathname.slice(1)))
  return ref !== null && isBroadcast(ref) ? serviceRefKey(ref) : null
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone per cent sign stays what it is
  }
}
