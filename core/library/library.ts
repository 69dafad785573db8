import type { LibraryFilter } from './library-filter.ts'
import type { LibraryOrder } from './library-order.ts'
import type { MediaId, MediaItem, ShelvedFile } from './media-item.ts'

/** Which part of a library's list. */
export type LibraryQuery = {
  readonly filter: LibraryFilter
  readonly order?: LibraryOrder
  readonly offset: number
  /** At most this many; Infinity: all of them. */
  readonly limit: number
}

/** A part of a list, and how many there are in all. */
export type LibraryPage = { readonly total: number; readonly items: readonly MediaItem[] }

/** A series of a library, with what lists show of it. */
export type LibrarySeries = {
  readonly name: string
  /** Numbers of its seasons in order; 0: specials. */
  readonly seasons: readonly number[]
  readonly episodes: number
  readonly year: number | null
  /** An item whose picture stands for the series; null: none has one. */
  readonly artwork: MediaId | null
}

/** Port: what a library has. It answers from its own store, also while its folder is away. */
export interface LibraryShelf {
  readonly id: string
  items(query: LibraryQuery): LibraryPage
  /** Null: there is none of this id. */
  item(id: string): MediaItem | null
  /** All series by name. */
  series(): readonly LibrarySeries[]
  /** Where the file lies now; null: it is away, or cannot be shown. */
  file(id: string): ShelvedFile | null
  /** Calls after every change, soon and not for each file; returns the way to stop that. */
  onChange(listener: () => void): () => void
}

/** A picture of an item: JPEG, PNG, WebP or GIF, at most 2 MiB. `tag` changes with its bytes. */
export type MediaPicture = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
  readonly tag: string
}

/** Port: pictures of what a library has. */
export interface LibraryPictures {
  /** Its own, its folder's or its series'; null: it has none. Fails with the signal's reason. */
  artwork(id: string, signal: AbortSignal): Promise<MediaPicture | null>
}

/** How far a scan is. `total` is known once the folders are read. */
export type ScanProgress = {
  readonly phase: 'reading' | 'probing'
  readonly done: number
  readonly total: number | null
}

/** What a scan found. */
export type ScanReport = {
  /** False: the folder was away, and everything is as it was. */
  readonly isThere: boolean
  readonly files: number
  readonly added: number
  readonly changed: number
  /** Found again at another place. */
  readonly moved: number
  /** Not there any more, or not now. */
  readonly missing: number
  /** Away for so long that they were forgotten. */
  readonly forgotten: number
  /** Files that cannot be shown; `items` with `state: 'broken'` says why. */
  readonly broken: number
  /** Still being written; looked at again at the next scan. */
  readonly unfinished: number
  readonly durationMs: number
}

/** Where work in a library has come to. */
export type LibraryState = {
  readonly isThere: boolean
  readonly scanning: ScanProgress | null
  readonly lastScan: (ScanReport & { readonly at: number }) | null
  /** Files by what they are taken for, and those that cannot be shown or are not there. */
  readonly counts: {
    readonly films: number
    readonly episodes: number
    readonly fillers: number
    readonly others: number
    readonly broken: number
    readonly missing: number
  }
  /** Files that still have to be measured (loudness, breaks, pictures). */
  readonly unmeasured: number
  /** Folders and links that a scan had to leave out, and why; at most 100. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[]
}

/** Port: keeps a library the same as its folder. */
export interface LibraryKeeper {
  /**
   * Reads the folder and probes what is new. One scan runs at a time: who asks meanwhile gets the one that runs.
   * Fails with the signal's reason; what was read until then stays read.
   */
  scan(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (progress: ScanProgress) => void
    /** Probe once more what could not be read. */
    readonly again?: boolean
  }): Promise<ScanReport>
  state(): LibraryState
  /** Forgets items whose files are not there; those whose files are stay. Gives how many are gone. */
  forget(ids: readonly string[] | 'missing'): number
}

/** A folder of films, series and fillers. Disposing it ends what it does and closes its file. */
export interface Library extends LibraryShelf, LibraryPictures, LibraryKeeper, AsyncDisposable {}
