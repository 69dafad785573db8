import type { Programme } from '../../core/guide/programme.ts'
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
  /** The guide of a window: programmes that overlap it, whole. */
  programmes(window: { readonly from: number; readonly to: number }): readonly Programme[]
  /** Takes over an edited document, or what a scan has found. True: something is planned differently. */
  renew(input: StationInput): boolean
}

/** What a station plans by. `edition`: names the last edit of the document. */
export type StationInput = {
  readonly doc: ChannelDoc
  readonly edition: string
  /** All that the library has. */
  readonly items: readonly MediaItem[]
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
  const take = ({ doc, edition, items }: StationInput, before: Publication | null): Publication => {
    const made = publish(doc, items, { before, edition, now: now() })
    if (made !== before) store.write(doc.id, made)
    return made
  }
  let publication = take(first, readPublication(first.doc, store.read(first.doc.id)))
  let planned = published(first.doc, publication)
  const planner = createPlanner(planned, catalogueFor([planned], first.items))
  return {
    planner,
    get doc() {
      return planned
    },
    programmes: (window) => programmesBetween(planner, planner.catalogue, window),
    renew(next) {
      let hasChanged = false
      const forget = planner.onChange(() => {
        hasChanged = true
      })
      publication = take(next, publication)
      planned = published(next.doc, publication)
      planner.replace(planned, catalogueFor([planned], next.items, planner.catalogue))
      forget()
      return hasChanged
    },
  }
}
