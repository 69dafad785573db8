import type { VodFile, VodRange } from '../../../core/lineup/vod.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'

/**
 * How a panel is reached: exact headers and none of a browser's, redirects followed anew each time, the address of each
 * hop checked (protocols/xtream.md, points 4 and 10).
 */
export interface PanelHttp {
  /** Resolves with the answer after the last redirect. Fails with `source/unreachable|timeout` or the signal's reason. */
  get(request: PanelRequest): Promise<PanelAnswer>
  /**
   * Opens a live stream, MPEG-TS or HLS; resolves with its first bytes. Fails with `live/refused` (the `status` in its
   * facts where there was one, `reason: 'empty'` where nothing came), `live/silent`, `live/not-mpeg-ts`, `source/*` or the
   * signal's reason.
   */
  stream(request: PanelStreamRequest): Promise<PanelStream>
  /** Opens a file of MPEG-TS, or of HLS with it. Fails as `openPastFile` does. */
  past(request: PanelPastRequest): Promise<VodFile>
}

/** A stretch of the past to open. */
export type PanelPastRequest = Omit<PanelStreamRequest, 'sink'> & { readonly range: VodRange | null }

/** One call. */
export type PanelRequest = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** How long the head of the answer may take, all redirects included. */
  readonly headersWithinMs: number
  /** A connection of its own, gone with the answer: it counts among those of the account. Absent: false. */
  readonly alone?: boolean
  readonly signal: AbortSignal
}

/** An answer under way. Whoever got it reads it to its end or closes it. */
export type PanelAnswer = {
  readonly status: number
  readonly headers: Headers
  /** Content codings are undone. Flows as it is read. Fails as `get` does when the other side breaks off. */
  readonly body: AsyncIterable<Uint8Array>
  /** Resolves when the connection is gone. Idempotent. */
  close(): Promise<void>
}

/** A live stream to open. */
export type PanelStreamRequest = {
  readonly url: URL
  /** For messages. */
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly firstByteMs: number
  readonly sink: UpstreamSink
  readonly signal: AbortSignal
}

/** An open live stream. */
export type PanelStream = {
  readonly isHls: boolean
  /** Ends the connection at once; resolves when it is gone. Idempotent. */
  close(): Promise<void>
}
