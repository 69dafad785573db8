import type { Observer } from './observation.ts'
import type { PortalBox } from './settings.ts'

/** An open stream of the portal. */
export interface OpenStream {
  readonly mac: string
  /** The client has gone. Idempotent. */
  close(): void
}

/** Who streams. Over its limit a MAC's newest stream wins and its oldest is ended (stalker.md §6). */
export interface Streams {
  /** A stream begins; `end` is called when the portal ends it. */
  open(box: PortalBox, end: () => void): OpenStream
  countOf(mac: string): number
  /** The portal ends streams: of one MAC, or all. */
  endAll(mac?: string): void
  counts(): Readonly<Record<string, number>>
}

/** Makes the book of streams. */
export function createStreams(observer: Observer): Streams {
  const open = new Set<OpenStream & { readonly end: () => void }>()
  const of = (mac: string) => [...open].filter((stream) => stream.mac === mac)
  return {
    countOf: (mac) => of(mac).length,
    counts: () =>
      Object.fromEntries([...Map.groupBy(open, ({ mac }) => mac)].map(([mac, { length }]) => [mac, length])),
    open({ mac, maxConnections }, end) {
      const [oldest] = of(mac)
      if (maxConnections > 0 && of(mac).length >= maxConnections && oldest !== undefined) {
        observer.forbid('a stream beyond the limit of its MAC')
        observer.ousted()
        open.delete(oldest)
        oldest.end()
      }
      const stream = { mac, end, close: () => void open.delete(stream) }
      open.add(stream)
      return stream
    },
    endAll(mac) {
      for (const stream of open) {
        if (mac !== undefined && stream.mac !== mac) continue
        open.delete(stream)
        stream.end()
      }
    },
  }
}
