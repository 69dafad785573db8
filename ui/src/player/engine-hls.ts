import Hls from 'hls.js'
import type { ErrorData, HlsConfig, LoadPolicy } from 'hls.js'
// A file of its own instead of hls.js's inline worker: the content security policy then needs no hole for code.
import workerUrl from 'hls.js/dist/hls.worker.js?url'
import { retryAfter } from '../api/problem.ts'
import { codecOfRfc6381 } from './codecs.ts'
import type { Engine, OpenEngine } from './engine.ts'
import type { PlaybackFailure } from './failure.ts'
import { hlsTracks } from './hls-tracks.ts'
import { at } from '../api/base.ts'

// The gateway holds a playlist request for up to 10 s while a channel opens. What an error means is decided in
// failure.ts, so that playlists get no silent second try here; lost segments do.
const PLAYLIST_POLICY: LoadPolicy = {
  default: { maxTimeToFirstByteMs: 15_000, maxLoadTimeMs: 20_000, timeoutRetry: null, errorRetry: null },
}
// A running channel survives a hiccup of the gateway without starting again.
const RELOAD_POLICY: LoadPolicy = {
  default: { ...PLAYLIST_POLICY.default, errorRetry: { maxNumRetry: 2, retryDelayMs: 400, maxRetryDelayMs: 800 } },
}
const SEGMENT_POLICY: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: 8_000,
    maxLoadTimeMs: 20_000,
    timeoutRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 2, retryDelayMs: 300, maxRetryDelayMs: 1200 },
  },
}

const CONFIG: Partial<HlsConfig> = {
  workerPath: workerUrl,
  lowLatencyMode: true,
  // Catches up after a stall without a jump.
  maxLiveSyncPlaybackRate: 1.06,
  backBufferLength: 20,
  // The element then knows how far back one can go (`seekable`), and that there is no end.
  liveDurationInfinity: true,
  manifestLoadPolicy: PLAYLIST_POLICY,
  playlistLoadPolicy: RELOAD_POLICY,
  fragLoadPolicy: SEGMENT_POLICY,
}

/** Plays a channel's HLS with hls.js in the given delivery. */
export const openHls =
  (delivery: 'instant' | 'standard'): OpenEngine =>
  ({ video, channelId, converted, wish, events }) => {
    const pinned = new Map<string, string>()
    const hls = new Hls({
      ...CONFIG,
      xhrSetup: (request, url) => {
        const there = pinned.get(url)
        if (there !== undefined) request.open('GET', there)
      },
    })
    // A redirect names where this viewer starts. hls.js would ask the first address again at every reload, and be sent
    // to another start each time.
    const pin = (asked: string | undefined, { url }: { readonly url: string }) => {
      if (asked !== undefined && asked !== url) pinned.set(asked, url)
    }
    /** Of the last segments: a single one may be a key frame and little else. */
    const lately: { readonly bits: number; readonly seconds: number }[] = []
    hls.on(Hls.Events.LEVEL_LOADED, (_event, { details, level }) => {
      pin(hls.levels[level]?.uri, details)
      events.seat(details.url)
    })
    hls.on(Hls.Events.AUDIO_TRACK_LOADED, (_event, { details, id }) => {
      pin(hls.audioTracks[id]?.url, details)
    })
    hls.on(Hls.Events.FRAG_LOADED, (_event, { frag }) => {
      events.data()
      if (frag.type === 'main' && frag.stats.total > 0 && frag.duration > 0) {
        lately.push({ bits: frag.stats.total * 8, seconds: frag.duration })
        while (lately.length > 1 && secondsOf(lately) > RATE_SECONDS) lately.shift()
      }
    })
    hls.on(Hls.Events.BUFFER_CODECS, (_event, tracks) => {
      const picture = tracks.video ?? tracks.audiovideo
      const sound = tracks.audio
      events.codecs({
        picture: picture === undefined ? null : codecOfRfc6381(picture.codec ?? picture.levelCodec ?? ''),
        sound: sound === undefined ? null : codecOfRfc6381(sound.codec ?? sound.levelCodec ?? ''),
      })
    })
    const tracks = hlsTracks(hls, { wish, changed: (choice) => events.sound(choice) })
    const stop = new AbortController()
    const fail = (failure: PlaybackFailure) => {
      if (stop.signal.aborted) return
      stop.abort()
      // Whoever is told closes this player, which must not happen in the middle of its own error.
      setTimeout(() => events.failed(failure))
    }
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (data.fatal) fail(failureOf(data))
    })
    // hls.js would load the same damaged picture once more, and come back paused. Live television goes on instead.
    const onDecodeError = () => {
      const { error } = video
      if (error?.code === MediaError.MEDIA_ERR_DECODE) fail({ ...NOTHING_KNOWN, kind: 'decode', detail: error.message })
    }
    video.addEventListener('error', onDecodeError, { signal: stop.signal })
    const query = new URLSearchParams({ delivery, ...(converted !== null && { quality: converted }) })
    hls.loadSource(at(`/live/${encodeURIComponent(channelId)}.m3u8?${query.toString()}`))
    hls.attachMedia(video)
    const engine: Engine = {
      facts: () => ({ latencySeconds: hls.latency > 0 ? hls.latency : null, bitrateKbps: rateOf(lately) }),
      chooseSound: (id) => tracks.choose(id),
      close: () => {
        stop.abort()
        hls.destroy()
      },
    }
    return Promise.resolve(engine)
  }

/** The bit rate is told over so much media. */
const RATE_SECONDS = 6

type Loaded = readonly { readonly bits: number; readonly seconds: number }[]
const secondsOf = (loaded: Loaded): number => loaded.reduce((sum, { seconds }) => sum + seconds, 0)
const rateOf = (loaded: Loaded): number | null =>
  loaded.length === 0 ? null : loaded.reduce((sum, { bits }) => sum + bits, 0) / secondsOf(loaded) / 1000

const NOTHING_KNOWN = { code: null, status: 0, retryAfterSeconds: null } as const

const isUnsupported = (data: ErrorData): boolean =>
  data.details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR ||
  data.details === Hls.ErrorDetails.BUFFER_ADD_CODEC_ERROR ||
  data.details === Hls.ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR

function failureOf(data: ErrorData): PlaybackFailure {
  const detail = `${data.details}: ${data.error.message}`
  const status = data.response?.code ?? 0
  const nothing = { ...NOTHING_KNOWN, status, detail }
  if (isUnsupported(data)) return { ...nothing, kind: 'unsupported' }
  if (data.type === Hls.ErrorTypes.NETWORK_ERROR) {
    const header = headersOf(data.networkDetails)
    const code = header('X-Downlink-Error')
    if (status < 400) return { ...nothing, kind: 'network', code }
    return { kind: 'refused', code, status, retryAfterSeconds: retryAfter(header('Retry-After')), detail }
  }
  return { ...nothing, kind: 'decode' }
}

/** hls.js hands out its XMLHttpRequest as `any`; anything else has no headers to read. */
function headersOf(networkDetails: unknown): (name: string) => string | null {
  return networkDetails instanceof XMLHttpRequest ? (name) => networkDetails.getResponseHeader(name) : () => null
}
