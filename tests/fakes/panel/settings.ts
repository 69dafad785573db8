import type { PanelChannel } from './model.ts'

/** How the panel spells its answers: as the software that its owner bought. */
export type Dialect =
  /** Xtream-Codes 2.9: strings where it emits strings. */
  | 'x29'
  /** XUI and its heirs: refuses with an imitation of nginx's 404. */
  | 'xui'
  /** A re-implementation with every liberty that was ever seen. */
  | 'sloppy'

/** What can be changed of a panel while it runs. */
export type PanelSettings = {
  readonly dialect: Dialect
  /** IANA zone of all its texts. */
  readonly timezone: string
  /** Pattern of programs that are let in; others are refused with `refusal`. */
  readonly userAgents: RegExp
  readonly refusal: 403 | 404 | 454 | 456 | 514 | 884
  /** Hops between a stream's address and its bytes. */
  readonly redirects: number
  /** How long a hop may be used, once. */
  readonly redirectMs: number
  /** What is sent at once when a stream starts, in time of the programme. */
  readonly burstMs: number
  /** What is wrong with the API now. */
  readonly apiFault: 'none' | 'empty' | 'truncated' | 'page' | 'slow' | number
  /** How long a slow API thinks. */
  readonly slowMs: number
  /** Whether there is a guide document. */
  readonly hasGuideDocument: boolean
  /** How long a run of HLS counts after its last request, in real time. */
  readonly hlsIdleMs: number
  /** By which addresses the past can be had: of today, of older panels, as a list of HLS only, or not at all. */
  readonly archive: 'rest' | 'old' | 'hls' | 'none'
  /** Files pause for ever after so many bytes, with their connection open; Infinity: they do not. */
  readonly filesHoldAfter: number
  /** How long the panel still counts a connection that was closed. */
  readonly lettingGoMs: number
}

/** A panel in good order. */
export const defaultPanelSettings: PanelSettings = {
  dialect: 'x29',
  timezone: 'Europe/London',
  userAgents: /^(TiviMate|VLC|IPTVSmarters|okhttp)/,
  refusal: 404,
  redirects: 1,
  redirectMs: 5000,
  burstMs: 2000,
  apiFault: 'none',
  slowMs: 2000,
  hasGuideDocument: true,
  hlsIdleMs: 10_000,
  archive: 'rest',
  filesHoldAfter: Infinity,
  lettingGoMs: 0,
}

/** What a panel has seen so far. */
export type PanelObservation = {
  /** What no client may do; each with the reason. */
  readonly forbidden: readonly string[]
  /** Connections to streams and files that are open now. */
  readonly open: number
  /** The most at one time, for one account. */
  readonly mostOpen: number
  /** Streams that were started. */
  readonly started: number
  /** Streams that the panel ended because there were too many. */
  readonly killed: number
  /** Calls by action; `login` for none. */
  readonly calls: Readonly<Record<string, number>>
  /** Ids of streams and files in the order in which they were asked for. */
  readonly asked: readonly PanelChannel['id'][]
}
