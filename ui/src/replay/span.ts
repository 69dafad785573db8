/** A programme that is over, or a part of one that runs: from when to when, epoch milliseconds. */
export type Span = { readonly start: number; readonly stop: number }

/** Reads `?start=…&stop=…` of the page's address; null: it asks for no past. */
export function readSpan(query: Readonly<Record<string, string>>): Span | null {
  const [start, stop] = [Date.parse(query['start'] ?? ''), Date.parse(query['stop'] ?? '')]
  return stop > start ? { start, stop } : null
}

/** The gateway's path of a channel's past, with AAC where the gateway makes it. */
export function pastPath(channelId: string, { start, stop }: Span): string {
  const query = new URLSearchParams({
    start: new Date(start).toISOString(),
    duration: String(Math.ceil((stop - start) / 1000)),
    quality: 'audio',
  })
  return `/live/${encodeURIComponent(channelId)}.ts?${query.toString()}`
}
