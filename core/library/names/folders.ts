import { foldName } from '../../lineup/word-search.ts'
import { plainText } from '../../plain-text.ts'
import { cleanSeriesName, withBlanks } from './clean-name.ts'

/** What a folder says of the files below it. */
export type FolderMeaning =
  /** `Season 2`, `Staffel 2`, `Specials`; `series`: what stood before it, raw (`Show S02`); null: nothing did. */
  | { readonly kind: 'season'; readonly season: number; readonly series: string | null }
  /** Adverts, trailers, idents. */
  | { readonly kind: 'filler' }
  /** Scenes that were cut, making-of, samples. */
  | { readonly kind: 'extras' }
  /** A shelf of the library (`Movies`, `Serien`): no name of what lies in it. */
  | { readonly kind: 'shelf'; readonly holds: 'films' | 'series' | 'anything' }
  | { readonly kind: 'name' }

const wordSet = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const FILLER = wordSet(
  'commercial commercials advert adverts ads advertisement advertisements werbung werbespot werbespots spot spots ' +
    'trailer trailers teaser teasers bumper bumpers ident idents jingle jingles promo promos filler fillers ' +
    'interstitial interstitials psa psas sponsor sponsors werbetrenner trenner fuller fuellmaterial vorschau',
)
const JOINING = wordSet('and und & + old alte the tv station channel sender')
const EXTRAS = new Set([
  'extra',
  'extras',
  'bonus',
  'bonus material',
  'featurette',
  'featurettes',
  'behind the scenes',
  'making of',
  'deleted scenes',
  'geschnittene szenen',
  'interview',
  'interviews',
  'scene',
  'scenes',
  'sample',
  'samples',
  'proof',
])
const FILMS = wordSet('movie movies film films filme spielfilme kino cinema kinofilme documentaries dokumentationen')
const SERIES = wordSet('series serien tv shows tvshows serie anime staffeln')
const ANYTHING = wordSet(
  'video videos media medien downloads download misc verschiedenes recordings aufnahmen unsorted',
)

const SEASON_WORD = 'season|staffel|series|saison|temporada|stagione|seizoen|sezon|säsong|sesong'
const SEASON = new RegExp(
  `^(?:(.*?)[\\s\\-–(\\[]*(?<![\\p{L}\\d]))??(?:(?:${SEASON_WORD})\\s*(\\d{1,4})|s(\\d{1,4})|(\\d{1,2})\\.?\\s*(?:season|staffel))(?![\\p{L}\\d])`,
  'iu',
)
const SPECIALS = new Set(['special', 'specials', 'season 0', 'season 00', 's00', 's0'])
const NUMBERS = /^(?:\d+(?:s|er|ies)?|'\d\ds)$/

/** What the name of a folder (one segment) means. */
export function folderMeaning(segment: string): FolderMeaning {
  const text = withBlanks(segment)
  const folded = plainText(foldName(text).replaceAll(/[-–,]+/g, ' '))
  if (SPECIALS.has(folded)) return { kind: 'season', season: 0, series: null }
  if (EXTRAS.has(folded)) return { kind: 'extras' }
  const words = folded.split(' ')
  const telling = words.filter((word) => !NUMBERS.test(word) && !JOINING.has(word))
  if (telling.length > 0 && telling.every((word) => FILLER.has(word))) return { kind: 'filler' }
  const [, before, named, short, counted] = SEASON.exec(text) ?? []
  const season = named ?? short ?? counted
  if (season !== undefined) {
    const series = before === undefined || cleanSeriesName(before).name === '' ? null : before
    return { kind: 'season', season: Number(season), series }
  }
  if (words.every((word) => FILMS.has(word))) return { kind: 'shelf', holds: 'films' }
  if (words.every((word) => SERIES.has(word))) return { kind: 'shelf', holds: 'series' }
  if (words.every((word) => ANYTHING.has(word) || FILMS.has(word) || SERIES.has(word)))
    return { kind: 'shelf', holds: 'anything' }
  return { kind: 'name' }
}
