import type { Library } from '../../core/library/library.ts'
import type { Schedule } from './schedule-keeper.ts'
import { createStation } from './station.ts'
import type { Station, StationInput, StationStore } from './station.ts'

/** The channels that are made of one library, at work. Disposing it ends the watching of library and documents. */
export interface Stations extends Disposable {
  /** In the order of their documents. */
  all(): readonly Station[]
  /** Null: there is none of this id, or its document cannot be read. */
  find(id: string): Station | null
  /**
   * Calls `listener` when channels came, went or were edited (`edited`), or are planned differently (`planned`); gives the
   * function that ends it.
   */
  onChange(listener: (change: StationChange) => void): () => void
}

/** What became of a channel. */
export type StationChange = { readonly id: string; readonly kind: 'edited' | 'planned' | 'gone' }

/** What stations are made of. */
export type StationsParts = {
  readonly library: Pick<Library, 'items' | 'state' | 'onChange'>
  /** Documents of this library as they are now, and who tells of edits. */
  readonly schedules: {
    of(): readonly Schedule[]
    onChange(listener: () => void): () => void
  }
  readonly store: StationStore
  readonly now: () => number
}

const EVERYTHING = { filter: {}, offset: 0, limit: Infinity } as const

/** Puts the channels of a library to work. */
export function createStations({ library, schedules, store, now }: StationsParts): Stations {
  const listeners = new Set<(change: StationChange) => void>()
  const stations = new Map<string, { readonly station: Station; text: string }>()
  const tell = (change: StationChange): void => {
    for (const listener of listeners) listener(change)
  }
  const renew = (): void => {
    const { items } = library.items(EVERYTHING)
    const isWhole = library.state().lastScan !== null
    const inputs = schedules
      .of()
      .flatMap(({ doc, library: source, revision }) =>
        doc === null ? [] : [{ library: source, doc, edition: revision ?? '', items, isWhole }],
      )
    const wanted = new Set(inputs.map(({ doc }) => doc.id))
    for (const id of stations.keys()) {
      if (wanted.has(id)) continue
      stations.delete(id)
      tell({ id, kind: 'gone' })
    }
    for (const input of inputs) put(input)
  }
  const put = (input: StationInput): void => {
    const { id } = input.doc
    const text = JSON.stringify(input.doc)
    const known = stations.get(id)
    if (known === undefined) {
      stations.set(id, { station: createStation(input, { store, now }), text })
      tell({ id, kind: 'edited' })
      return
    }
    const isEdited = known.text !== text
    known.text = text
    const isPlannedAnew = known.station.renew(input)
    if (isEdited) tell({ id, kind: 'edited' })
    else if (isPlannedAnew) tell({ id, kind: 'planned' })
  }
  renew()
  const ends = [library.onChange(renew), schedules.onChange(renew)]

  return {
    all: () => [...stations.values()].map(({ station }) => station),
    find: (id) => stations.get(id)?.station ?? null,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.dispose]() {
      for (const end of ends) end()
    },
  }
}
