import { failureKind } from '../api/problem.ts'

/** What stopped the playback, as the engine saw it. */
export type PlaybackFailure = {
  /**
   * `refused`: an HTTP answer said no. `network`: no answer, or a connection that broke. `decode`: the browser's decoder
   * gave up. `unsupported`: the browser cannot decode this codec at all. `no-picture`: bytes came, pictures did not.
   */
  readonly kind: 'refused' | 'network' | 'decode' | 'unsupported' | 'no-picture'
  /** `X-Downlink-Error`, null when there is none. */
  readonly code: string | null
  /** HTTP status, 0 when there was no answer. */
  readonly status: number
  readonly retryAfterSeconds: number | null
  /** For the facts panel: the engine's own words. */
  readonly detail: string
}

/** What to do after a failure. */
export type Verdict =
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'next-mode' }
  | { readonly kind: 'give-up' }

const BACK_OFF_SECONDS = [1, 2, 4, 8, 15, 30] as const

/** Waiting time before try number `tries` + 1; never sooner than the gateway asked for. */
export function backOffMs(tries: number, retryAfterSeconds: number | null): number {
  const own = BACK_OFF_SECONDS[Math.min(tries, BACK_OFF_SECONDS.length - 1)] ?? 30
  return Math.max(own, Math.min(retryAfterSeconds ?? 0, 60)) * 1000
}

const DECODE_TRIES = 5
const DECODE_PAUSE_MS = 300

// Trying again changes nothing until a person acts.
const FINAL_CODES = new Set([
  'live/stopped',
  'lineup/unknown-channel',
  'lineup/unknown-source',
  'source/not-supported',
  'live/scrambled',
])

/**
 * What follows a failure: another mode only when the mode is to blame, another try when time may heal it, else nothing.
 *
 * `tries` counts failures in a row without playing in between; `modesLeft` are the rungs below the present one.
 */
export function verdict(failure: PlaybackFailure, tries: number, modesLeft: number): Verdict {
  const next: Verdict = modesLeft > 0 ? { kind: 'next-mode' } : { kind: 'give-up' }
  const retry: Verdict = { kind: 'retry', afterMs: backOffMs(tries, failure.retryAfterSeconds) }
  switch (failure.kind) {
    case 'network':
      return retry
    case 'decode':
      // Another random access point, half a second on, may be kinder; a decoder that fails again and again dislikes the form.
      return tries < DECODE_TRIES ? { kind: 'retry', afterMs: DECODE_PAUSE_MS } : next
    case 'unsupported':
    case 'no-picture':
      return { kind: 'give-up' }
    case 'refused':
      return afterRefusal(failure, retry, next)
    default:
      return failure.kind satisfies never
  }
}

function afterRefusal({ code, status }: PlaybackFailure, retry: Verdict, next: Verdict): Verdict {
  if (code !== null && FINAL_CODES.has(code)) return { kind: 'give-up' }
  if (code?.startsWith('access/') === true || status === 401 || status === 403) return { kind: 'give-up' }
  // Somebody else's converted stream may end any moment.
  if (code === 'ffmpeg/busy') return retry
  if (code?.startsWith('ffmpeg/') === true || code === 'hls/unsupported') return next
  // A gone segment or session: the same address starts a new one.
  if (code === 'hls/gone' || code === 'hls/not-ready') return retry
  if (code !== null) return (failureKind(code)?.status ?? status) >= 500 || status === 429 ? retry : { kind: 'give-up' }
  return status >= 500 || status === 429 ? retry : next
}
