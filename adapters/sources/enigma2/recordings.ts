import { createHash } from 'node:crypto'
import { Failure } from '../../../core/errors.ts'
import type { Recording, RecordingShelf } from '../../../core/lineup/recording.ts'
import type { Film, VodCategory, VodEntry, VodSource } from '../../../core/lineup/vod.ts'
import { nameMatcher } from '../../../core/lineup/word-search.ts'
import { createKept } from '../kept.ts'
import type { Timers } from '../timers.ts'
import { readLocations, readMovies } from './movie-list.ts'
import type { Movie } from './movie-list.ts'
import { openRecording } from './recording-file.ts'
import type { ListedTimer } from './timer-list.ts'
import type { WebClient } from './web-client.ts'

/** What the recordings of a receiver need. */
export type RecordingsOptions = {
  readonly client: WebClient
  /** What the box has on its list of timers. */
  readonly listTimers: (signal: AbortSignal) => Promise<readonly ListedTimer[]>
  readonly now: () => number
  readonly timers: Timers
  readonly closing: AbortSignal
}

/** The recordings of a receiver as a list and as films. They are read from its disk: no tuner is needed. */
export interface Recordings extends RecordingShelf {
  readonly vod: VodSource
}

/** Somebody who looks at the list should see what was recorded just now. */
const LIST_MS = 15_000
const MOST_RECORDINGS = 20_000
/** A recording begins with the margin before its programme, or late when the box had to wake up. */
const STARTED_WITHIN_MS = 20 * 60_000

type Kept = Recording & { readonly file: string }
type Library = { readonly byId: ReadonlyMap<string, Kept>; readonly all: readonly Kept[] }

/** Makes the recordings of one receiver; asks for nothing before it is asked. */
export function createRecordings({ client, listTimers, now, timers, closing }: RecordingsOptions): Recordings {
  const listFolder = async (folder: string, signal: AbortSignal): Promise<readonly Movie[]> => {
    const query = { dirname: folder, recursive: '1' }
    return readMovies(await client.json({ path: 'api/movielist', query, priority: 'ui', bulk: true, signal }))
  }
  const listLibrary = async (signal: AbortSignal): Promise<Library> => {
    const folders = readLocations(await client.json({ path: 'api/getlocations', priority: 'ui', signal }))
    const movies = new Map<string, Movie>()
    for (const folder of folders)
      for (const movie of await listFolder(folder, signal))
        if (movies.size < MOST_RECORDINGS) movies.set(movie.file, movie)
    const running = (await listTimers(signal)).filter(({ state }) => state === 'running')
    const all = [...movies.values()]
      .map((movie) => toRecording(movie, folders, running))
      .toSorted((a, b) => (b.beginsAt ?? 0) - (a.beginsAt ?? 0))
    return { all, byId: new Map(all.map((one) => [one.id, one])) }
  }
  const library = createKept({ fetch: (_, signal) => listLibrary(signal), keepMs: LIST_MS, most: 1, now, closing })
  const read = (signal: AbortSignal): Promise<Library> => library.get('', signal)

  /** A path on the box comes out of its own list only, never from whoever asks. */
  const find = async (id: string, signal: AbortSignal): Promise<Kept> => {
    const found = library.peek('')?.byId.get(id) ?? (await read(signal)).byId.get(id)
    if (found === undefined) throw new Failure('vod/unknown-item', 'The receiver has no such recording')
    return found
  }

  const vod: VodSource = {
    usesSlots: false,
    async categories(kind, signal) {
      return kind === 'film' ? categoriesOf((await read(signal)).all) : []
    },
    async entries({ kind, category, search, offset, limit }, signal) {
      if (kind === 'series') return { items: [], total: 0 }
      const matches = nameMatcher(search)
      const found = (await read(signal)).all
        .map(toEntry)
        .filter((entry) => (category === null || entry.categories.includes(category)) && matches(entry.name))
      return { items: found.slice(offset, offset + limit), total: found.length }
    },
    async film(id, signal): Promise<Film | null> {
      const found = (await read(signal)).byId.get(id)
      if (found === undefined) return null
      const { description, durationSeconds } = found
      return { ...toEntry(found), plot: description, genres: [], directors: [], cast: [], durationSeconds }
    },
    series: () => Promise.resolve(null),
    poster: () => Promise.resolve(null),
    async openFile({ item, range, signal: wanted }) {
      const signal = AbortSignal.any([wanted, closing])
      signal.throwIfAborted()
      if (item.kind !== 'film') throw new Failure('vod/unknown-item', 'A receiver has no series')
      const { id, file, title } = await find(item.id, signal)
      return openRecording({
        name: title,
        contentType: CONTENT_TYPES[containerOf(file)] ?? 'application/octet-stream',
        range,
        open: (part, until) =>
          client.open({ path: 'file', query: { file }, range: part, priority: 'playback', signal: until }),
        isGrowing: async (until) => (await read(until)).byId.get(id)?.isGrowing === true,
        timers,
        signal,
      })
    },
  }
  return {
    vod,
    recordings: async (signal) => (await read(signal)).all.map(withoutFile),
  }
}

function withoutFile(kept: Kept): Recording {
  const { file: _, ...recording } = kept
  return recording
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ts: 'video/mp2t',
  m2ts: 'video/mp2t',
  mkv: 'video/x-matroska',
  mp4: 'video/mp4',
}

const containerOf = (file: string): string => /\.(\w{1,5})$/.exec(file)?.[1]?.toLowerCase() ?? 'ts'

const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24)

function toRecording(movie: Movie, folders: readonly string[], running: readonly ListedTimer[]): Kept {
  const { file, durationSeconds, ...told } = movie
  const isGrowing = running.some((timer) => isOf(timer, movie))
  const parent = file.slice(0, file.lastIndexOf('/'))
  const root = folders.find((one) => file.startsWith(one)) ?? ''
  return {
    id: keyOf(file),
    ...told,
    durationSeconds: isGrowing ? null : durationSeconds,
    isGrowing,
    folder: parent.slice(parent.lastIndexOf('/') + 1) || root,
    file,
  }
}

/** Whether a running timer writes this file. Not every box says into which. */
function isOf({ file, channelName, beginsAt, endsAt }: ListedTimer, movie: Movie): boolean {
  if (file !== null) return movie.file === file || movie.file === `${file}.ts`
  return (
    movie.channelName === channelName &&
    movie.beginsAt !== null &&
    movie.beginsAt > beginsAt - STARTED_WITHIN_MS &&
    movie.beginsAt < endsAt
  )
}

/** Folders first, then tags. */
function categoriesOf(all: readonly Kept[]): readonly VodCategory[] {
  const names = new Map<string, string>()
  for (const { folder } of all) names.set(folderKey(folder), folder)
  for (const { tags } of all) for (const tag of tags) names.set(tagKey(tag), tag)
  return [...names].map(([id, name]) => ({ id, name }))
}

const folderKey = (folder: string): string => `f-${keyOf(folder)}`
const tagKey = (tag: string): string => `t-${keyOf(tag)}`

function toEntry({ id, title, subtitle, beginsAt, file, folder, tags }: Kept): VodEntry {
  return {
    kind: 'film',
    id,
    name: subtitle === null ? title : `${title}: ${subtitle}`,
    year: null,
    categories: [folderKey(folder), ...tags.map(tagKey)],
    rating: null,
    addedAt: beginsAt,
    hasPoster: false,
    container: containerOf(file),
  }
}
