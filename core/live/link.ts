import type { Caller } from '../access/caller.ts'
import type { Channel } from '../lineup/channel.ts'
import type { VodFile, VodRange } from '../lineup/vod.ts'
import type { ByteSink, ViewerMode } from './hub.ts'
import type { Quality } from './quality.ts'

/** What goes with a wish to be behind the others: it may be for a programme that is over. */
export type PastWish = {
  /** Epoch milliseconds. */
  readonly from: number
  /** How long the part is; null: not told. */
  readonly lastsMs: number | null
  /** A part of the file that a source sends. */
  readonly range: VodRange | null
  /** What the player calls itself. */
  readonly player: string
}

/** How raw TS is asked for. */
export type TsRequest = {
  readonly channel: Channel
  readonly caller: Caller
  readonly quality: Quality
  /** A slate while there is no picture, instead of a failure; absent: no. */
  readonly slate?: boolean
  /** So far behind the others, milliseconds; absent or 0: not at all. */
  readonly behindMs?: number
  /** By which face the viewer came; absent: `ts`. */
  readonly mode?: ViewerMode
  /** With `behindMs`: where our own tape does not reach, the archive of a source may. */
  readonly past?: PastWish
  readonly signal: AbortSignal
}

/** How HLS should be delivered; never guessed from User-Agent. */
export type Delivery = 'standard' | 'instant' | 'll'

/** A request below `/hls/{channelId}/` or for the multivariant playlist (`path` empty). */
export type HlsRequest = {
  readonly channel: Channel
  readonly caller: Caller
  /** Path below `/hls/{channelId}/`, no leading slash; '' asks for the multivariant playlist. */
  readonly path: string
  readonly query: URLSearchParams
  /** The player says that it leaves; `path` is one of its own session. */
  readonly leaves?: boolean
  /** By which face the viewer came; absent: `hls`. */
  readonly mode?: ViewerMode
  readonly signal: AbortSignal
}

/** A finished answer: playlist, segment, part. */
export type HlsAnswer =
  | {
      readonly kind: 'document'
      readonly contentType: string
      readonly body: Uint8Array<ArrayBuffer> | string
      readonly cacheControl: string
    }
  | { readonly kind: 'moved'; readonly location: string }
  /** A player's leave was noted. */
  | { readonly kind: 'left' }

/** What a live link answers: bytes of this house, or the address where they are. */
export type TsAnswer =
  | { readonly kind: 'redirect'; readonly location: string }
  | {
      readonly kind: 'relay'
      readonly join: (sink: () => ByteSink) => Promise<{ readonly drained: () => void; readonly leave: () => void }>
    }
  | { readonly kind: 'response'; readonly response: Response }
  /** What a source has kept, as a file. Whoever got it reads it to its end or closes it. */
  | { readonly kind: 'file'; readonly file: VodFile }

/**
 * Port: the way to a channel's bytes, in this process or by signed URL to an adapter.
 *
 * `ts` and `hls` fail with `live/*`, `hls/*`, `source/*` before any byte is sent; `live/no-time-shift`: nothing is kept,
 * here or at a source.
 */
export interface LiveLink {
  ts(request: TsRequest): Promise<TsAnswer>
  hls(
    request: HlsRequest,
  ): Promise<
    | HlsAnswer
    | { readonly kind: 'redirect'; readonly location: string }
    | { readonly kind: 'response'; readonly response: Response }
  >
}
