import mpegts from 'mpegts.js'
import type Mpegts from 'mpegts.js'
import { retryAfter } from '../api/problem.ts'
import { codecOfRfc6381 } from './codecs.ts'
import type { EngineEvents, OpenEngine } from './engine.ts'
import type { PlaybackFailure } from './failure.ts'
import { behindNewest } from './live-window.ts'
import { at } from '../api/base.ts'

// Its type says that an error is the whole table, its code hands out the table's entries.
const LOADER_ERRORS: Readonly<Record<'EXCEPTION' | 'HTTP_STATUS_CODE_INVALID', never>> = mpegts.LoaderErrors as never

/** Plays a channel's raw transport stream with mpegts.js; its sound is asked for as AAC. */
export const openTs: OpenEngine = ({ video, channelId, converted, events }) => {
  const refused: { failure: PlaybackFailure | null } = { failure: null }
  const player = mpegts.createPlayer(
    {
      type: 'mpegts',
      isLive: true,
      url: at(`/live/${encodeURIComponent(channelId)}.ts?quality=${converted ?? 'audio'}`),
    },
    {
      customLoader: loaderFor(events, refused),
      enableStashBuffer: false,
      lazyLoad: false,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 30,
      autoCleanupMinBackwardDuration: 10,
      liveSync: true,
      liveSyncMaxLatency: 4,
      liveSyncTargetLatency: 1.5,
      liveSyncPlaybackRate: 1.06,
    },
  )
  let kbps: number | null = null
  let ended = false
  const fail = (failure: PlaybackFailure) => {
    if (ended) return
    ended = true
    // Whoever is told closes this player; mpegts.js does not survive that in the middle of its own error.
    setTimeout(() => events.failed(failure))
  }
  player.on(mpegts.Events.MEDIA_INFO, (info: Mpegts.MSEPlayerMediaInfo) => {
    events.codecs({ picture: codecOfRfc6381(info.videoCodec ?? ''), sound: codecOfRfc6381(info.audioCodec ?? '') })
  })
  player.on(mpegts.Events.STATISTICS_INFO, (statistics: Mpegts.MSEPlayerStatisticsInfo) => {
    if (statistics.speed !== undefined) kbps = statistics.speed * 8
  })
  player.on(mpegts.Events.ERROR, (type: string, details: string, info: unknown) => {
    if (refused.failure !== null) return fail(refused.failure)
    const kind =
      details === mpegts.ErrorDetails.MEDIA_CODEC_UNSUPPORTED ||
      details === mpegts.ErrorDetails.MEDIA_FORMAT_UNSUPPORTED
        ? 'unsupported'
        : type === mpegts.ErrorTypes.NETWORK_ERROR
          ? 'network'
          : 'decode'
    fail({ kind, code: null, status: 0, retryAfterSeconds: null, detail: `${details}: ${messageOf(info)}` })
  })
  player.on(mpegts.Events.LOADING_COMPLETE, () => {
    fail({ kind: 'network', code: null, status: 0, retryAfterSeconds: null, detail: 'The stream ended' })
  })
  player.attachMediaElement(video)
  player.load()
  return Promise.resolve({
    // What has arrived and is not shown yet: the stream itself has no list that would name its newest moment.
    facts: () => ({ latencySeconds: behindNewest(video.buffered, video.currentTime), bitrateKbps: kbps }),
    // mpegts.js plays the first track of the stream and knows no other.
    chooseSound: () => {},
    close: () => {
      ended = true
      player.destroy()
    },
  })
}

const messageOf = (info: unknown): string =>
  typeof info === 'object' && info !== null && 'msg' in info ? String(info.msg) : 'no more is known'

/** A loader by fetch that keeps what the gateway said when it refused; mpegts.js's own one forgets the headers. */
function loaderFor(events: EngineEvents, refused: { failure: PlaybackFailure | null }): Mpegts.CustomLoaderConstructor {
  return class extends mpegts.BaseLoader {
    readonly #stop = new AbortController()

    constructor() {
      super('fetch')
      this._needStash = true
    }

    override open(source: Mpegts.MediaSegment): void {
      this._status = mpegts.LoaderStatus.kConnecting
      this.#pump(source.url).catch((cause: unknown) => {
        if (this.#stop.signal.aborted) return
        this._status = mpegts.LoaderStatus.kError
        this.onError(LOADER_ERRORS.EXCEPTION, { code: -1, msg: String(cause) })
      })
    }

    override abort(): void {
      this._status = mpegts.LoaderStatus.kComplete
      this.#stop.abort()
    }

    async #pump(url: string): Promise<void> {
      const response = await fetch(url, { signal: this.#stop.signal, cache: 'no-store', credentials: 'same-origin' })
      if (!response.ok || response.body === null) {
        refused.failure = {
          kind: 'refused',
          code: response.headers.get('X-Downlink-Error'),
          status: response.status,
          retryAfterSeconds: retryAfter(response.headers.get('Retry-After')),
          detail: `HTTP ${response.status}`,
        }
        this._status = mpegts.LoaderStatus.kError
        this.onError(LOADER_ERRORS.HTTP_STATUS_CODE_INVALID, { code: response.status, msg: response.statusText })
        return
      }
      this._status = mpegts.LoaderStatus.kBuffering
      const reader = response.body.getReader()
      let received = 0
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        if (this.#stop.signal.aborted) return
        events.data()
        const from = received
        received += part.value.byteLength
        // The demuxer takes whole buffers; a view into a larger one is copied out first.
        const { buffer, byteOffset, byteLength } = part.value
        const whole = byteOffset === 0 && byteLength === buffer.byteLength ? buffer : part.value.slice().buffer
        this.onDataArrival(whole, from, received)
      }
      this._status = mpegts.LoaderStatus.kComplete
      this.onComplete(0, received - 1)
    }
  }
}
