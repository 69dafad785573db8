/** What the driver asks of an HTTP client: exact headers, redirects followed by hand, addresses checked at each hop. */
export interface PanelHttp {
  /** Resolves with the answer after the last redirect. Fails with `source/unreachable|timeout` or the signal's reason. */
  get(request: PanelRequest): Promise<PanelAnswer>
}

/** One call. `headersWithinMs`: how long the head of the answer may take, all redirects included. */
export type PanelRequest = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly headersWithinMs: number
  readonly signal: AbortSignal
}

/** An answer under way. Whoever got it reads it to its end or closes it. */
export type PanelAnswer = {
  readonly status: number
  readonly headers: Headers
  /** Content codings are undone. Fails as `get` does when the other side breaks off. */
  readonly body: AsyncIterable<Uint8Array>
  close(): void
}
