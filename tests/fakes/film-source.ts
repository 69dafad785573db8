import { Failure } from '../../core/errors.ts'
import type { Film, Series, VodEntry, VodFile, VodSource } from '../../core/lineup/vod.ts'

/** A source of films in memory. Byte n of every file is n mod 251; `size` bytes each. */
export interface FilmSource extends VodSource {
  readonly size: number
  /** Connections that are open now, and the most at one time. */
  readonly open: number
  readonly mostOpen: number
  /** Places at which files were opened, in order. */
  readonly places: readonly number[]
  /** Whether opening waits until it is let go on. */
  hold: Promise<void>
  /** Ends what is open with this failure, at the next read. */
  breakOff(failure: Failure): void
}

/** Bytes of a piece as the body hands them out. */
export const FILM_PIECE = 1000

/** Films and series for tests; ids 1 to 5 are films, 7 is a series of one season with two episodes. */
export function createFilmSource(size = 10_000): FilmSource {
  const entry = (kind: 'film' | 'series', id: number): VodEntry => ({
    kind,
    id: String(id),
    name: kind === 'film' ? `Film "${id}", the first` : `Series ${id}`,
    year: 2000 + id,
    categories: [id % 2 === 0 ? 'even' : 'odd'],
    rating: null,
    addedAt: null,
    hasPoster: id === 1,
    container: kind === 'film' ? (id === 5 ? null : 'mkv') : null,
  })
  const films = [1, 2, 3, 4, 5].map((id) => entry('film', id))
  const details = { plot: 'What happens', genres: ['Drama'], directors: [], cast: ['Ann'], durationSeconds: 5400 }
  const places: number[] = []
  let open = 0
  let mostOpen = 0
  let broken: Failure | null = null
  const source: FilmSource = {
    size,
    get open() {
      return open
    },
    get mostOpen() {
      return mostOpen
    },
    places,
    hold: Promise.resolve(),
    breakOff: (failure) => void (broken = failure),
    categories: async (kind) =>
      kind === 'film'
        ? [
            { id: 'odd', name: 'Odd' },
            { id: 'even', name: 'Even' },
          ]
        : [{ id: 'odd', name: 'Odd' }],
    async entries({ kind, category, search, offset, limit }) {
      const all = kind === 'film' ? films : [entry('series', 7)]
      const found = all.filter(
        (one) => (category === null || one.categories.includes(category)) && one.name.includes(search),
      )
      return { items: found.slice(offset, offset + Math.min(limit, 2)), total: found.length }
    },
    async film(id): Promise<Film | null> {
      const film = films.find((one) => one.id === id)
      return film === undefined ? null : { ...film, ...details }
    },
    async series(id): Promise<Series | null> {
      if (id !== '7') return null
      const episode = (number: number) => ({
        number,
        title: `Episode ${number}`,
        plot: null,
        durationSeconds: null,
        addedAt: null,
        container: 'mp4',
      })
      return {
        ...entry('series', 7),
        ...details,
        seasons: [{ number: 1, name: null, episodes: [episode(1), episode(2)] }],
      }
    },
    poster: async ({ id }) => (id === '1' ? Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1]) : null),
    async openFile({ item, range, signal }): Promise<VodFile> {
      const id = item.kind === 'film' ? item.id : item.series
      if (![...films.map((film) => film.id), '7'].includes(id))
        throw new Failure('vod/unknown-item', 'There is no such film')
      const first = range?.first ?? 0
      if (first >= size) throw new Failure('vod/range', 'The film is shorter', { size })
      open += 1
      mostOpen = Math.max(mostOpen, open)
      places.push(first)
      let isOpen = true
      const close = async (): Promise<void> => {
        // The far end notices a moment later.
        await Promise.resolve()
        if (isOpen) open -= 1
        isOpen = false
      }
      await source.hold
      if (signal.aborted) {
        await close()
        throw signal.reason
      }
      const last = Math.min(range?.last ?? size - 1, size - 1)
      let at = first
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            if (broken !== null) controller.error(broken)
            else if (at > last) controller.close()
            else {
              const length = Math.min(FILM_PIECE, last + 1 - at)
              const start = at
              at += length
              controller.enqueue(Uint8Array.from({ length }, (_, index) => (start + index) % 251))
            }
          },
        },
        { highWaterMark: 0 },
      )
      return { first, last, size, partial: range !== null, contentType: 'application/octet-stream', body, close }
    },
  }
  return source
}
