import type { Library } from '../../../core/library/library.ts'
import { Failure } from '../../../core/errors.ts'
import type { VodEntry, VodItem, VodKind, VodSource } from '../../../core/lineup/vod.ts'
import { nameMatcher } from '../../../core/lineup/word-search.ts'
import { filmEntry, secondsOf, shelveFilms } from './film-shelf.ts'
import type { FilmShelf } from './film-shelf.ts'
import { openMediaFile } from './media-file.ts'

const NOBODY = { directors: [], cast: [] } as const

/** The films and series of a library. `library` opens it; files are read beside the channels and take no slot. */
export function createFilms(library: () => Promise<Library>): VodSource {
  let shelved: FilmShelf | null = null
  let watched: Library | null = null
  const shelf = async (): Promise<{ readonly library: Library; readonly shelf: FilmShelf }> => {
    const opened = await library()
    if (watched !== opened) {
      watched = opened
      shelved = null
      opened.onChange(() => {
        shelved = null
      })
    }
    return { library: opened, shelf: (shelved ??= shelveFilms(opened)) }
  }
  const entriesOf = ({ films, series }: FilmShelf, kind: VodKind): readonly VodEntry[] =>
    kind === 'film' ? films : [...series.values()].map(({ entry }) => entry)
  const idOf = async (item: VodItem): Promise<string> => {
    if (item.kind === 'film') return item.id
    const file = (await shelf()).shelf.series.get(item.series)?.file(item.season, item.episode)
    if (file == null) throw new Failure('vod/unknown-item', 'The library has no such episode')
    return file.id
  }

  return {
    usesSlots: false,
    categories: async (kind) => (await shelf()).shelf.categories[kind],
    async entries({ kind, category, search, offset, limit }) {
      const fits = nameMatcher(search)
      const found = entriesOf((await shelf()).shelf, kind).filter(
        ({ name, categories }) => (category === null || categories.includes(category)) && fits(name),
      )
      return { items: found.slice(offset, offset + limit), total: found.length }
    },
    async film(id) {
      const item = (await library()).item(id)
      if (item === null || item.kind !== 'film') return null
      const { plot, genres } = item
      return { ...filmEntry(item), ...NOBODY, plot, genres, durationSeconds: secondsOf(item) }
    },
    async series(id) {
      const found = (await shelf()).shelf.series.get(id)
      if (found === undefined) return null
      const { entry, genres, seasons } = found
      return { ...entry, ...NOBODY, plot: null, genres, durationSeconds: null, seasons }
    },
    async poster({ kind, id }, signal) {
      const opened = await shelf()
      const picture = kind === 'film' ? id : (opened.shelf.series.get(id)?.about.artwork ?? null)
      return picture === null ? null : ((await opened.library.artwork(picture, signal))?.bytes ?? null)
    },
    async openFile({ item, range, signal }) {
      const id = await idOf(item)
      const opened = await library()
      const file = opened.file(id)
      if (file === null) throw new Failure('vod/unknown-item', 'The file is not there now, or cannot be shown')
      return openMediaFile(file.path, { range, signal })
    },
  }
}
