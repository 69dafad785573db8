import { stableHash } from '../stable-hash.ts'
import type { Programme } from './programme.ts'

/** One `episode-num` of XMLTV: the system and the text. */
export type EpisodeNumber = { readonly system: 'onscreen' | 'xmltv_ns' | 'dd_progid'; readonly text: string }

/**
 * The numbers of a programme in the systems that players read (protocols/m3u-xmltv.md B3.6).
 *
 * `onscreen`: S01E02 (Plex); `xmltv_ns`: counted from 0, the part left empty because Kodi takes it for the episode;
 * `dd_progid`: made from a hash of the texts, because recorders tell repeats by it, and Jellyfin without it takes all
 * programmes with equal numbers for one.
 */
export function episodeNumbers(programme: Programme): readonly EpisodeNumber[] {
  const numbers: EpisodeNumber[] = []
  const { episode } = programme
  const season = programme.season !== null && programme.season > 0 ? programme.season : null
  if (episode !== null && episode > 0) {
    numbers.push({
      system: 'onscreen',
      text: `${season === null ? '' : `S${twoDigits(season)}`}E${twoDigits(episode)}`,
    })
    numbers.push({ system: 'xmltv_ns', text: `${season === null ? '' : season - 1}.${episode - 1}.` })
  }
  numbers.push({ system: 'dd_progid', text: progId(programme) })
  return numbers
}

/**
 * The numbers, with those of the day for what has none and is no film: season is the year, episode month and day
 * (S2026E1121), as broadcasters without numbers do it.
 */
export function withDayNumber(
  { categories, start }: Pick<Programme, 'categories' | 'start'>,
  numbers: readonly EpisodeNumber[],
): readonly EpisodeNumber[] {
  if (categories[0] === 'Movie' || numbers.some(({ system }) => system === 'onscreen')) return numbers
  const day = new Date(start)
  const year = day.getUTCFullYear()
  const episode = (day.getUTCMonth() + 1) * 100 + day.getUTCDate()
  return [
    { system: 'onscreen', text: `S${year}E${String(episode).padStart(4, '0')}` },
    { system: 'xmltv_ns', text: `${year - 1}.${episode - 1}.` },
    ...numbers,
  ]
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')

function progId(programme: Programme): string {
  const show = digits(programme.title.toLowerCase(), 8)
  if (programme.categories[0] === 'Movie') return `MV${show}.0000`
  return `EP${show}.${digits(episodeText(programme), 4)}`
}

/** What tells one episode from another; a programme that tells nothing is a new one each time. */
function episodeText({ season, episode, subtitle, description, start }: Programme): string {
  if (episode !== null) return `${season ?? ''}.${episode}`
  return subtitle ?? description ?? String(start)
}

const digits = (text: string, length: number): string => String(stableHash(text) % 10 ** length).padStart(length, '0')
