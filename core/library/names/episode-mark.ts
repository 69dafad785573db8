/** Where a name tells which episode it is, and what stands on both sides of that. */
export type EpisodeMark = {
  /** Null: only counted (`012`), or dated. */
  readonly season: number | null
  readonly episode: number | null
  /** Last one of several in the file; null: it is one. */
  readonly lastEpisode: number | null
  /** `YYYY-MM-DD`, where the name tells a day instead of a number. */
  readonly airedOn: string | null
  readonly before: string
  readonly after: string
}

const EPISODE = 'e(?:p(?:isode)?)?|folge|episodio|afl(?:evering)?'
/** The numbers of a double episode behind the first one: `E03`, `-E03`, `-03`, `+E03`, `& 03`. */
const MORE = `((?:\\s*(?:[-–+&]\\s*)?(?:${EPISODE})\\s*\\.?\\s*\\d{1,5}|[-–+&]\\d{1,4}(?![\\dpi]|\\s*[xp]\\d))*)`
const BORDER = '(?<![\\p{L}\\d])'

/** In order of trust. `s`, `e`: season and first episode; `m`: more episodes. */
const NUMBERED = [
  new RegExp(`${BORDER}s(?<s>\\d{1,4})\\s*[.\\-–_x]?\\s*e(?:p(?:isode)?)?\\s*\\.?(?<e>\\d{1,5})(?<m>${MORE})`, 'iu'),
  new RegExp(
    `${BORDER}(?:season|staffel|series|saison)\\s*(?<s>\\d{1,4})[\\s,.\\-–]*(?:${EPISODE}|teil|part)\\s*\\.?(?<e>\\d{1,5})(?<m>${MORE})`,
    'iu',
  ),
  // `1x02`, not `1920x1080`, not `4x4`
  /(?<![\p{L}\d])(?<s>\d{1,2})x(?<e>\d{2,3})(?<m>(?:(?:-(?:\d{1,2}x)?|x)\d{2,3})*)(?![\p{L}\d])/iu,
]
/** An episode of which the folder knows the season. */
const EPISODE_ONLY = new RegExp(`${BORDER}(?:${EPISODE})\\s*[.#]?\\s*(?<e>\\d{1,5})(?<m>${MORE})(?![\\p{L}\\d])`, 'iu')
const PART_ONLY = new RegExp(
  `${BORDER}(?:teil|part|pt|nr|no|#)\\s*[.#]?\\s*(?<e>\\d{1,5})(?<m>${MORE})(?![\\p{L}\\d])`,
  'iu',
)
/** `02 - Title`, `02. Title`, `02`. */
const LEADING = /^\s*(?<e>\d{1,4})(?<m>(?:-\d{1,4})?)(?=$|\s*[-–._)]\s|\s|[-–.])/u
/** `Show - 012 - Title`, `[Group] Show - 12v2 [1080p]`. */
const ABSOLUTE = /(?<=\s)[-–]\s+(?<e>\d{1,4})(?:v\d)?(?<m>(?:-\d{1,4})?)(?=$|\s*[-–([])/u

const ISO_DAY = /(?<!\d)(?<y>19\d\d|20\d\d)(?<sep>[-. ]?)(?<m>0[1-9]|1[0-2])\k<sep>(?<d>0[1-9]|[12]\d|3[01])(?!\d)/u
const GERMAN_DAY = /(?<!\d)(?<d>0?[1-9]|[12]\d|3[01])[-. ](?<m>0?[1-9]|1[0-2])[-. ](?<y>19\d\d|20\d\d)(?!\d)/u

const HIGHEST = 99_999

/** `S01E02`, `Staffel 1 Folge 2`, `1x02`, also several at once (`S01E02-E03`); null: none of these is in the name. */
export function numberedEpisode(name: string): EpisodeMark | null {
  return firstOf(NUMBERED, name)
}

/** A day such as `2024-05-01`, `20240501` or `01.05.2024`; null: there is none that exists. */
export function datedEpisode(name: string): EpisodeMark | null {
  for (const pattern of [ISO_DAY, GERMAN_DAY]) {
    const match = pattern.exec(name)
    const { y, m, d } = match?.groups ?? {}
    if (match === null || y === undefined || m === undefined || d === undefined) continue
    const day = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
    const instant = Date.parse(`${day}T00:00:00Z`)
    if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== day) continue
    return { season: null, episode: null, lastEpisode: null, airedOn: day, ...sides(name, match) }
  }
  return null
}

/** The number of an episode inside a season: `E02`, `Folge 2`, `02 - Title`, `Show 102` of season 1; null: none. */
export function episodeInSeason(name: string, season: number): EpisodeMark | null {
  const glued = new RegExp(`(?<![\\p{L}\\d])0?${season}(?!00)(?<e>\\d\\d)(?<m>)(?![\\p{L}\\d])`, 'u')
  return firstOf([EPISODE_ONLY, PART_ONLY, LEADING, ABSOLUTE, ...(season > 0 ? [glued] : [])], name)
}

/** A number that counts through all seasons: `Show - 012`, `Show Folge 12`, with `parts` `Part 2` too; null: none. */
export function countedEpisode(name: string, { parts }: { readonly parts: boolean }): EpisodeMark | null {
  return firstOf([EPISODE_ONLY, ...(parts ? [PART_ONLY] : []), ABSOLUTE], name)
}

function firstOf(patterns: readonly RegExp[], name: string): EpisodeMark | null {
  for (const pattern of patterns) {
    const match = pattern.exec(name)
    const { s, e, m } = match?.groups ?? {}
    if (match === null || e === undefined) continue
    const first = Number(e)
    const more = [...(m ?? '').matchAll(/\d+(?!\d*x)/gi)].map(([digits]) => Number(digits))
    const last = Math.max(first, ...more)
    if (last > HIGHEST) continue
    return {
      season: s === undefined ? null : Number(s),
      episode: first,
      lastEpisode: last > first ? last : null,
      airedOn: null,
      ...sides(name, match),
    }
  }
  return null
}

const sides = (name: string, match: RegExpExecArray): { before: string; after: string } => ({
  before: name.slice(0, match.index),
  after: name.slice(match.index + match[0].length),
})
