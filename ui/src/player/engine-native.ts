import type { OpenEngine } from './engine.ts'
import { behindNewest } from './live-window.ts'
import { nativeTracks } from './native-tracks.ts'
import { problemOfHeaders } from '../api/problem.ts'
import { at } from '../api/base.ts'

/** Plays a channel's HLS by the video element itself (iPhone, iPad, Safari). */
export const openNative: OpenEngine = async ({ video, channelId, converted, wish, events }) => {
  const query = new URLSearchParams({ delivery: 'standard', ...(converted !== null && { quality: converted }) })
  const url = at(`/live/${encodeURIComponent(channelId)}.m3u8?${query.toString()}`)
  const stop = new AbortController()
  const { signal } = stop
  const onError = () => {
    void explain(url, video.error, signal).then((failure) => {
      if (!signal.aborted) events.failed(failure)
    })
  }
  video.addEventListener('error', onError, { signal })
  video.addEventListener('loadeddata', () => events.data(), { signal })
  const tracks = nativeTracks(video, { wish, signal, changed: (choice) => events.sound(choice) })
  video.src = url
  video.load()
  events.seat(url)
  return {
    facts: () => ({ latencySeconds: behindNewest(video.seekable, video.currentTime), bitrateKbps: null }),
    chooseSound: (id) => tracks.choose(id),
    close: () => {
      stop.abort()
      video.removeAttribute('src')
      video.load()
    },
  }
}

/** The element says only "error": the playlist's own answer tells whether the gateway refused. */
async function explain(url: string, error: MediaError | null, signal: AbortSignal) {
  const detail = error === null ? 'The player stopped' : `MediaError ${error.code}: ${error.message}`
  const response = await fetch(url, { signal, credentials: 'same-origin' }).catch(() => null)
  await response?.body?.cancel()
  if (response === null) return { kind: 'network', code: null, status: 0, retryAfterSeconds: null, detail } as const
  if (!response.ok) {
    const code = response.headers.get('X-Downlink-Error')
    const { retryAfterSeconds } = problemOfHeaders(response.status, code, response.headers.get('Retry-After'))
    return { kind: 'refused', code, status: response.status, retryAfterSeconds, detail } as const
  }
  const kind = error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED ? 'unsupported' : 'decode'
  return { kind, code: null, status: response.status, retryAfterSeconds: null, detail } as const
}
