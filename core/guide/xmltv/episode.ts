/** Numbers of an episode; null: not told. */
export type EpisodeOf = { readonly season: number | null; readonly episode: number | null }

const NONE: EpisodeOf = { season: null, episode: null }
/** What is higher is a date or an id. */
const HIGHEST = 9999

/**
 * Season and episode of one `episode-num`. Systems that do not number episodes (dd_progid, imdb.com …) give none.
 *
 * `xmltv_ns`: `season.episode.part`, counted from 0, each with an optional total (`1/10`). All others that look like
 * numbers are read as people write them: `S01E02`, `s1 ep 2`, `1x02`, `E12`, `Folge 12`, `12`.
 * Source: xmltv.dtd; protocols/m3u-xmltv.md B2.
 */
export function readEpisodeNumber(system: string | null, text: string): EpisodeOf {
  const name = system?.trim().toLowerCase() ?? 'onscreen'
  if (name === 'xmltv_ns') return readNs(text)
  return name === 'onscreen' || name === 'common' || name === 'sxxexx' ? readOnscreen(text) : NONE
}

function readNs(text: string): EpisodeOf {
  const [season = '', episode = ''] = text.split('.')
  return { season: counted(season), episode: counted(episode) }
}

/** `1/10` counted from 0 → 2. */
function counted(text: string): number | null {
  const [, number] = /^\s*(\d{1,5})\s*(?:\/\s*\d*\s*)?$/.exec(text) ?? []
  return number === undefined ? null : within(Number(number) + 1)
}

const BOTH = [
  /\bS(?:eason|taffel)?\s*\.?(\d{1,4})\s*[.,:/-]?\s*E(?:p(?:isode)?)?\s*\.?(\d{1,5})/i,
  /^\s*(\d{1,3})\s*x\s*(\d{1,4})\b/i,
]
const ALONE = /^\s*(?:E(?:p(?:isode|\.)?)?|Folge|Teil|#)?\s*\.?(\d{1,5})(?:\s*(?:\/|of)\s*\d+)?\s*$/i

function readOnscreen(text: string): EpisodeOf {
  for (const pattern of BOTH) {
    const [, season, episode] = pattern.exec(text) ?? []
    if (season !== undefined && episode !== undefined)
      return { season: within(Number(season)), episode: within(Number(episode)) }
  }
  const [, alone] = ALONE.exec(text) ?? []
  return alone === undefined ? NONE : { season: null, episode: within(Number(alone)) }
}

const within = (number: number): number | null => (number <= HIGHEST ? number : null)
