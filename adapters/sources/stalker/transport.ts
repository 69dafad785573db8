import type { VodRange } from '../../../core/lineup/vod.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'

/** One question to a portal. `headers` go out in exactly this spelling, and nothing beside them that a box does not send. */
export type PortalRequest = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** What came back, of any status. */
export type PortalReply = { readonly status: number; readonly location: string | null; readonly body: Uint8Array }

/** A stream to open. */
export type PortalStreamRequest = {
  readonly url: URL
  /** The headers for a host, asked for at each hop: cookies and tokens are for the portal's own. */
  readonly headersFor: (url: URL) => Readonly<Record<string, string>>
  readonly firstByteMs: number
  /** What it is called in messages. */
  readonly name: string
  readonly sink: UpstreamSink
  readonly signal: AbortSignal
}

/** An open stream; `close()` is idempotent and cuts the connection at once. */
export type PortalStream = { close(): void }

/** A file to open at a place. */
export type PortalFileRequest = Omit<PortalStreamRequest, 'sink' | 'name'> & { readonly range: VodRange | null }

/** The answer to a question for a file, of any status, its body under way. Whoever got it closes it. */
export type PortalFile = {
  readonly status: number
  readonly headers: Headers
  /** Flows only as fast as it is read. */
  readonly body: ReadableStream<Uint8Array>
  close(): Promise<void>
}

/**
 * How a portal is reached: through its proxy where one is configured, and never past it.
 *
 * Neither `get` nor `stream` sends a header of a browser. Both check the address of every hop.
 */
export interface PortalTransport {
  /** Sends one GET and follows nothing. Fails with `source/unreachable|timeout|bad-answer` or the signal's reason. */
  get(request: PortalRequest): Promise<PortalReply>
  /** Opens a stream of TS or HLS; resolves with its first bytes. Fails like `StreamOpener`. */
  stream(request: PortalStreamRequest): Promise<PortalStream>
  /** Opens a file with one connection; follows redirects. Fails with `source/unreachable|timeout` or the signal's reason. */
  file(request: PortalFileRequest): Promise<PortalFile>
}
