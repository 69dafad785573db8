import type { SourceId } from './stream.ts'
import type { VodCatalogue, VodEntry, VodFile, VodItem, VodRange } from './vod.ts'

/** The films and series of one source, as viewers see them. */
export type VodShelf = {
  readonly id: SourceId
  readonly name: string
  readonly catalogue: VodCatalogue
  /** Somebody sees only what is in one of its categories. */
  readonly listedOnly?: true
}

/** Who plays: requests of the same viewer for the same item belong together. */
export type VodViewer = {
  readonly user: string | null
  readonly address: string
  /** What the player calls itself: two players behind one address are two viewers. */
  readonly player: string
  /** Whose seat it takes at an adapter elsewhere; absent: nobody's. */
  readonly seat?: { readonly account: string; readonly device: string; readonly limit?: number | null }
}

/** A request for a film or an episode. */
export type VodPlay = {
  readonly sourceId: SourceId
  readonly item: VodItem
  readonly viewer: VodViewer
  /** Null: the whole file. */
  readonly range: VodRange | null
  readonly signal: AbortSignal
}

/** A picture of a film or series. `tag` changes with its bytes. */
export type Poster = { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string; readonly tag: string }

/** Port: films and series of this house. */
export interface VodDesk {
  /** The sources that have some, in order of priority. */
  shelves(): readonly VodShelf[]
  /** The picture through our cache; null: there is none. */
  poster(source: SourceId, entry: Pick<VodEntry, 'kind' | 'id'>, signal: AbortSignal): Promise<Poster | null>
  /**
   * Opens a file for a viewer, in whose name there is one upstream for an item at a time: a new request ends the one
   * before. Fails with `lineup/unknown-source`, `live/no-slot`, `live/stopped`, or as `VodOpener.openFile` does.
   */
  open(play: VodPlay): Promise<VodFile>
  /** The address to which a viewer is sent for a file; absent: it is to be had here. */
  location?(play: VodPlay): Promise<string>
}
