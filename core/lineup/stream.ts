import type { Brand } from '../brand.ts'
import { stableHash } from '../stable-hash.ts'

/** Id of a source as written in the configuration, `[a-z0-9][a-z0-9-]*`. */
export type SourceId = Brand<string, 'SourceId'>

/** Id of a stream: `{sourceId}/{item}`. */
export type StreamId = Brand<string, 'StreamId'>

/** Television or sound only. */
export type Media = 'tv' | 'radio'

/** A playable item of a source. What it is called upstream stays inside the source: `item` is opaque here. */
export type Stream = {
  readonly id: StreamId
  readonly sourceId: SourceId
  /** The source's own stable key of this item (Enigma2: canonical service reference). */
  readonly item: string
  readonly name: string
  readonly media: Media
  /** Canonical service reference if the item is a DVB service, for look-ups and merging. */
  readonly serviceRef: string | null
  /** Programme number to select in the PAT; null: the only one, or the first with a PMT. */
  readonly programNumber: number | null
  /** Streams of one source with the same key share one slot (same transponder); otherwise the item itself. */
  readonly slotKey: string
  /** How far back its source can replay it, hours; absent: not at all. */
  readonly pastHours?: number
}

/** The text as the id of a source; the configuration has checked its form. */
export const sourceId = (text: string): SourceId => text as SourceId
/** The id of a source's item among the streams of all sources. */
export const streamId = (source: SourceId, item: string): StreamId => `${source}/${item}` as StreamId

/** What admins are told instead of the id of a stream, which may hold a provider's password: the same on every runtime. */
export const streamHandle = (id: StreamId): string => `s${stableHash(id).toString(36)}`
