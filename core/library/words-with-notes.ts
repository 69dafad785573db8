import type { MediaWords } from './media-item.ts'
import type { NfoNote } from './nfo.ts'

const LONGEST_TITLE = 300
const LONGEST_PLOT = 8000

/** The notes that belong to a file. */
export type Notes = {
  /** Of the NFO beside the file, in its order. */
  readonly own: readonly NfoNote[]
  /** Of the series' `tvshow.nfo`; null: there is none. */
  readonly series: NfoNote | null
}

/**
 * What a file is called by its path and by its notes: what a note says counts more than a name; of a filler it changes
 * only the words. A file with several episodes is told by all of their notes.
 */
export function wordsWithNotes(words: MediaWords, { own, series }: Notes): MediaWords {
  const episodes = own.filter(({ about }) => about === 'episode')
  const [note] = episodes.length > 0 ? episodes : own.filter(({ about }) => about !== 'series')
  const isEpisode = words.kind !== 'filler' && (episodes.length > 0 || (words.kind === 'episode' && note === undefined))
  const told = note === undefined ? words : withOwn(words, note, episodes)
  if (!isEpisode) return told
  const numbers = episodes.map(({ episode }) => episode).filter((episode) => episode !== null)
  const last = Math.max(...numbers)
  return {
    ...told,
    kind: 'episode',
    series: series?.title ?? note?.series ?? told.series,
    season: note?.season ?? told.season,
    episode: numbers.length > 0 ? Math.min(...numbers) : told.episode,
    lastEpisode: numbers.length > 1 && last > Math.min(...numbers) ? last : told.lastEpisode,
    year: note?.year ?? series?.year ?? told.year,
    genres: told.genres.length > 0 ? told.genres : (series?.genres ?? []),
    rating: told.rating ?? series?.rating ?? null,
  }
}

function withOwn(words: MediaWords, note: NfoNote, episodes: readonly NfoNote[]): MediaWords {
  const titles = episodes.length > 1 ? episodes.map(({ title }) => title).filter((title) => title !== null) : []
  const plots = episodes.length > 1 ? episodes.map(({ plot }) => plot).filter((plot) => plot !== null) : []
  const isFilm = words.kind !== 'filler' && note.about === 'film'
  return {
    ...words,
    ...(isFilm ? { kind: 'film', series: null, season: null, episode: null, lastEpisode: null } : {}),
    title: clip(titles.length > 0 ? titles.join(' / ') : (note.title ?? words.title), LONGEST_TITLE),
    year: note.year ?? words.year,
    plot: clip(plots.length > 0 ? plots.join(' ') : (note.plot ?? words.plot ?? ''), LONGEST_PLOT) || null,
    genres: note.genres.length > 0 ? note.genres : words.genres,
    rating: note.rating ?? words.rating,
    airedOn: note.airedOn ?? words.airedOn,
  }
}

const clip = (text: string, longest: number): string => text.slice(0, longest).toWellFormed().trim()
