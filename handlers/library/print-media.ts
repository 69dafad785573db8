import type { LibrarySeries, LibraryState } from '../../core/library/library.ts'
import type { MediaItem } from '../../core/library/media-item.ts'
import { printInstant } from '../status.ts'
import type { HouseLibrary } from './media-desk.ts'

/** A file as the API shows it. `artwork`: path of its picture below `/api/v1`. */
export function printMedia(item: MediaItem) {
  const { modifiedAt, addedAt, facts, hasArtwork, ...told } = item
  return {
    ...told,
    modifiedAt: printInstant(modifiedAt),
    addedAt: printInstant(addedAt),
    durationMs: facts?.durationMs ?? null,
    facts,
    artwork: artworkPath(hasArtwork ? item.id : null),
  }
}

/** A series as the API shows it. */
export const printSeries = (library: string, { artwork, ...series }: LibrarySeries) => ({
  library,
  ...series,
  artwork: artworkPath(artwork),
})

/** A library with where work in it has come to. */
export const printLibrary = ({ id, name, library }: HouseLibrary) => ({ id, name, ...printState(library.state()) })

const artworkPath = (id: string | null): string | null =>
  id === null ? null : `/media/${encodeURIComponent(id)}/artwork`

const printState = ({ lastScan, ...state }: LibraryState) => ({
  ...state,
  lastScan: lastScan === null ? null : { ...lastScan, at: printInstant(lastScan.at) },
})
