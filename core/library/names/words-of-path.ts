import { foldName } from '../../lineup/word-search.ts'
import { plainText } from '../../plain-text.ts'
import type { MediaKind, MediaWords } from '../media-item.ts'
import { cleanName, cleanSeriesName, cleanTitle, withBlanks } from './clean-name.ts'
import type { CleanName } from './clean-name.ts'
import { countedEpisode, datedEpisode, episodeInSeason, numberedEpisode } from './episode-mark.ts'
import type { EpisodeMark } from './episode-mark.ts'
import { folderMeaning } from './folders.ts'
import type { FolderMeaning } from './folders.ts'

type Folder = { readonly name: string; readonly meaning: FolderMeaning }

/** Names of files that say nothing: the folder's name is the film's. */
const NAMELESS = /^(?:movie|film|video|feature|main|title\s*\d*|vts[\s\d]*|t\d+|cd\s*\d|disc\s*\d|\d{1,3})$/i
/** Folders inside a film that was copied as a disc. */
const DISC = /^(?:video_ts|audio_ts|bdmv|stream|(?:cd|dis[ck]|dvd)[\s_-]*\d)$/i
/** How files are named that lie beside a film and advertise it. */
const TRAILER = /[-. _](?:trailer|teaser)\d*$/i
/** Recorders write when a broadcast began behind its day. */
const TIME_OF_DAY = /^[\s_-]*\d{2}[-:. ]?\d{2}(?:[-:. ]?\d{2})?(?=$|[\s_-])/
const LONGEST_TITLE = 300

/**
 * What a file is taken for, by its path in the library (with `/`).
 *
 * Folders come first: below `Commercials`, `Werbung`, `Idents` … everything is a filler. Then what names an episode:
 * `S01E02`, `1x02`, `Staffel 1/Folge 2`, a day, a number inside the folder of a season. A name with a year, or on a shelf
 * of films, is a film. A series keeps the year that stands behind its name (`Doctor Who (2005)`), because that is how two
 * series of one name are told apart. Never fails, whatever the name; texts are clean and never empty.
 */
export function wordsOfPath(path: string): MediaWords {
  const segments = path.split('/').filter((segment) => segment !== '')
  const file = segments.at(-1) ?? ''
  const base = file.replace(/\.[^.]{1,10}$/, '') || file
  const folders = segments.slice(0, -1).map((name): Folder => ({ name, meaning: folderMeaning(name) }))
  if (folders.some(({ meaning }) => meaning.kind === 'filler') || TRAILER.test(base)) return plainFile(base, 'filler')
  return episodeWords(base, folders) ?? filmWords(base, folders)
}

const NOTHING = {
  series: null,
  season: null,
  episode: null,
  lastEpisode: null,
  plot: null,
  genres: [],
  rating: null,
  airedOn: null,
} as const

function plainFile(base: string, kind: MediaKind): MediaWords {
  const { name, year } = cleanName(base)
  return { ...NOTHING, kind, title: titleOr(name, base), year }
}

const titleOr = (name: string, base: string): string =>
  (name || plainText(base)).slice(0, LONGEST_TITLE).toWellFormed().trim() || 'Untitled'

function episodeWords(base: string, folders: readonly Folder[]): MediaWords | null {
  const name = withBlanks(base.replace(/^\s*(?:\[[^\]]*\]\s*)+/, ''))
  const seasonAt = folders.findLastIndex(({ meaning }) => meaning.kind === 'season')
  const season = folders[seasonAt]?.meaning
  const mark = findMark(name, { base, folders, season: season?.kind === 'season' ? season.season : null })
  if (mark === null) {
    // A file of any name in a folder that was shared as one episode.
    const shared = numberedEpisode(withBlanks(folders.at(-1)?.name ?? ''))
    if (shared !== null) return toEpisode(shared, { base, folders: folders.slice(0, -1), seasonAt: -1 })
    if (season?.kind !== 'season') return null
    // Something in the folder of a season without any number: an episode nevertheless.
    return toEpisode({ season: season.season, ...UNNUMBERED, after: name }, { base, folders, seasonAt })
  }
  const known = season?.kind === 'season' ? season.season : null
  return toEpisode({ ...mark, season: mark.season ?? known }, { base, folders, seasonAt })
}

const UNNUMBERED = { episode: null, lastEpisode: null, airedOn: null, before: '' } as const

function findMark(
  name: string,
  told: { readonly base: string; readonly folders: readonly Folder[]; readonly season: number | null },
): EpisodeMark | null {
  const sure = numberedEpisode(name)
  if (sure !== null) return sure
  if (told.season !== null) return episodeInSeason(name, told.season) ?? datedEpisode(name)
  const dated = datedEpisode(name)
  if (dated !== null) return dated
  const isOnSeriesShelf = told.folders.some(({ meaning }) => meaning.kind === 'shelf' && meaning.holds === 'series')
  const counted = countedEpisode(name, { parts: isOnSeriesShelf })
  if (counted === null) return null
  // A bare number counts only where something else says that this is a series: its folder, a shelf, a group's tag.
  const parent = told.folders.at(-1)
  const series = foldName(cleanSeriesName(counted.before).name)
  const isInSeries =
    isOnSeriesShelf ||
    (parent?.meaning.kind === 'name' && (series === '' || foldName(cleanSeriesName(parent.name).name) === series)) ||
    /^\s*\[/.test(told.base)
  return isInSeries ? counted : null
}

function toEpisode(
  mark: EpisodeMark,
  { base, folders, seasonAt }: { base: string; folders: readonly Folder[]; seasonAt: number },
): MediaWords | null {
  const { season, episode, lastEpisode, airedOn } = mark
  const series = seriesOf(mark, folders, seasonAt)
  // A day alone is what cameras write.
  if (airedOn !== null && series === null) return null
  const named = cleanTitle(airedOn === null ? mark.after : mark.after.replace(TIME_OF_DAY, ''))
  const numbered =
    episode === null ? (airedOn ?? '') : `Episode ${episode}${lastEpisode === null ? '' : `–${lastEpisode}`}`
  return {
    ...NOTHING,
    kind: 'episode',
    title: titleOr(named || numbered, base),
    series: series === null ? null : withYear(series),
    season,
    episode,
    lastEpisode,
    year: series?.year ?? null,
    airedOn,
  }
}

/** Of a season's folder the one above, else what stands before the number, else the nearest folder that is a name. */
function seriesOf(mark: EpisodeMark, folders: readonly Folder[], seasonAt: number): CleanName | null {
  const season = folders[seasonAt]?.meaning
  const above = folders.slice(0, seasonAt < 0 ? folders.length : seasonAt).findLast(isName)
  const inSeason = season?.kind === 'season' ? season.series : null
  const names = season === undefined ? [mark.before, above?.name] : [above?.name, inSeason, mark.before]
  for (const name of names) {
    const clean = name === undefined || name === null ? null : cleanSeriesName(name)
    if (clean !== null && /[\p{L}\d]/u.test(clean.name)) return clean
  }
  return null
}

const isName = ({ meaning }: Folder): boolean => meaning.kind === 'name'

const withYear = ({ name, year }: CleanName): string => (year === null ? name : `${name} (${year})`)

function filmWords(base: string, folders: readonly Folder[]): MediaWords {
  const own = cleanName(base)
  const parent = folders.findLast((folder) => !DISC.test(folder.name))
  const outer = parent?.meaning.kind === 'name' ? cleanName(parent.name) : null
  const isFolderBetter = outer !== null && own.year === null && (outer.year !== null || NAMELESS.test(own.name))
  const { name, year } = isFolderBetter ? outer : own
  const isOnFilmShelf = folders.some(({ meaning }) => meaning.kind === 'shelf' && meaning.holds === 'films')
  return {
    ...NOTHING,
    kind: year !== null || isOnFilmShelf ? 'film' : 'other',
    title: titleOr(name, base),
    year,
  }
}
