import type { Programme } from '../../core/guide/programme.ts'
import type { Window } from '../../core/guide/window.ts'
import { catalogueFor } from '../../core/linear/catalogue.ts'
import type { ChannelDoc } from '../../core/linear/document.ts'
import { createPlanner } from '../../core/linear/planner.ts'
import type { Planner } from '../../core/linear/planner.ts'
import { programmesBetween } from '../../core/linear/programmes.ts'
import type { MediaItem } from '../../core/library/media-item.ts'
import { publish, published, readPublication } from './publish.ts'
import type { Publication } from './publish.ts'
import type { StoredPublication } from '../store/schedule-store.ts'

/** A channel of one's own at work: its document, and what is planned by it. */
export interface Station {
  /** As it is planned now. */
  readonly doc: ChannelDoc
  readonly planner: Planner
  /**
   * The guide of a window: programmes that overlap it, whole. Of channels of very short pieces it ends earlier: `to` says
   * where.
   */
  guide(window: Window): Window & { readonly programmes: readonly Programme[] }
  /** Takes over an edited document, or what a scan has found. True: something is planned differently. */
  renew(input: StationInput): boolean
}

/** What a station plans by. `library`: id of its source; `edition`: names the last edit of the document. */
export type StationInput = {
  readonly library: string
  readonly doc: ChannelDoc
  readonly edition: string
  /** All that the library has. */
  readonly items: readonly MediaItem[]
  /** False during the library's first scan: what that finds is planned as it comes. */
  readonly isWhole: boolean
}

/** What a station keeps over restarts. */
export type StationStore = {
  read(id: string): StoredPublication | null
  write(id: string, publication: StoredPublication): void
}

/** Opens a station with what was published of it. */
export function createStation(
  first: StationInput,
  { store, now }: { readonly store: StationStore; readonly now: () => number },
): Station {
  let wasWhole = true
  const take = ({ doc, edition, items, isWhole }: StationInput, before: Publication | null): Publication => {
    const made = publish(doc, items, { before: wasWhole ? before : null, edition, now: now() })
    wasWhole = isWhole
    if (made !== before && isWhole) store.write(doc.id, made)
    return made
  }
  let publication = take(first, readPublication(first.doc, store.read(first.doc.id)))
  let planned = published(first.doc, publication)
  const planner = createPlanner(planned, catalogueFor([planned], first.items))
  let pictures = picturesOf(first)
  return {
    planner,
    get doc() {
      return planned
    },
    guide: (window) => guideOf(planner, pictures, window),
    renew(next) {
      let hasChanged = false
      const forget = planner.onChange(() => {
        hasChanged = true
      })
      publication = take(next, publication)
      planned = published(next.doc, publication)
      pictures = picturesOf(next)
      planner.replace(planned, catalogueFor([planned], next.items, planner.catalogue))
      forget()
      return hasChanged
    },
  }
}

const DAY_MS = 86_400_000
/** Two weeks of five minutes each: whoever shows clips of some seconds has a guide of a day or so. */
const MOST_PROGRAMMES = 4000

/** Day by day, so that what nobody can read is not planned either. */
function guideOf(planner: Planner, pictures: Pictures, { from, to }: Window): ReturnType<Station['guide']> {
  const programmes: Programme[] = []
  let at = from
  while (at < to && programmes.length < MOST_PROGRAMMES) {
    const end = Math.min(to, at + DAY_MS)
    const media = new Map(planner.items(at - DAY_MS, end).map((item) => [item.start, item.media]))
    for (const programme of programmesBetween(planner, planner.catalogue, { from: at, to: end }))
      if (programme.start >= (programmes.at(-1)?.stop ?? -Infinity))
        programmes.push(withPicture(programme, pictures.get(media.get(programme.start) ?? '')))
    at = end
  }
  if (programmes.length <= MOST_PROGRAMMES) return { from, to: at, programmes }
  const told = programmes.slice(0, MOST_PROGRAMMES)
  return { from, to: Math.min(to, told.at(-1)?.stop ?? to), programmes: told }
}

/** Paths of pictures by the media they belong to. */
type Pictures = ReadonlyMap<string, string>

/** Where the library's films have theirs: those of episodes are found in the same way. */
const picturesOf = ({ library, items }: StationInput): Pictures =>
  new Map(items.filter(({ hasArtwork }) => hasArtwork).map(({ id }) => [id, `play/vod/${library}/${id}/poster`]))

/** What only a slot has named is no film: it has no details. */
const withPicture = (programme: Programme, picture: string | undefined): Programme =>
  picture === undefined || programme.details === undefined
    ? programme
    : { ...programme, details: { ...programme.details, picture } }
