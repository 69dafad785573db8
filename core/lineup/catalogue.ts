import type { GuideRef } from './channel.ts'
import type { Media, SourceId } from './stream.ts'

/** One playable item as a source lists it. */
export type CatalogueItem = {
  readonly item: string
  readonly name: string
  readonly media: Media
  readonly serviceRef: string | null
  readonly programNumber: number | null
  readonly slotKey: string
  /** How far back the source can replay it, hours; absent: not at all. */
  readonly pastHours?: number
  /** The number the source gives it (`\d+(\.\d+)?`), null if none. */
  readonly number: string | null
  /** Groups (bouquets) that contain it, in the source's order. */
  readonly groups: readonly string[]
  readonly hasLogo: boolean
  readonly guide: GuideRef | null
}

/** Everything a source offers at one moment, in its own order. */
export type SourceCatalogue = {
  readonly sourceId: SourceId
  readonly groups: readonly string[]
  readonly items: readonly CatalogueItem[]
  /** The owner decides here what is in it: it may be empty, and lose any number at once. */
  readonly isOwn?: true
}

/** How much of an answer has come. `total` null: not known. */
export type CatalogueProgress = {
  readonly done: number
  readonly total: number | null
  readonly unit: 'bytes' | 'channels' | 'steps'
}

/** Port of a source: lists what can be played. Fails with `source/*`. */
export interface Catalogue {
  catalogue(signal: AbortSignal, onProgress?: (progress: CatalogueProgress) => void): Promise<SourceCatalogue>
}

/** Port of a source: the picture of an item, or null. At most 2 MiB. */
export interface LogoSource {
  logo(item: string, signal: AbortSignal): Promise<Uint8Array | null>
}
