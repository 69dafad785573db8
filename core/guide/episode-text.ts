/** Numbers of an episode; null: not told. */
export type Episode = { readonly season: number | null; readonly episode: number | null }

const NONE: Episode = { season: null, episode: null }

// Each names season and episode, or an episode of so many. Broadcasters write them into any of the texts.
const BOTH: readonly RegExp[] = [
  /\bS(?<season>\d{1,2})[ .]?E(?<episode>\d{1,4})\b/gi,
  /\b(?:Staffel|Season|Saison|Stagione|Temporada|Série)\s+(?<season>\d{1,2})\s*[,;:./–-]?\s*(?:Folge|Episode|Episodio|Épisode|Ep\.?|Teil)\s+(?<episode>\d{1,4})\b/gi,
  /\b(?<season>\d{1,2})\.\s*Staffel\s*[,;:./–-]?\s*(?:Folge|Episode)\s+(?<episode>\d{1,4})\b/gi,
  /\b(?:Folge|Episode)\s+(?<episode>\d{1,4})\s*[,;:./–-]?\s*(?:\(\s*)?(?:Staffel|Season)\s+(?<season>\d{1,2})\b/gi,
]
const PART = /\((?:(?:Teil|Folge|Part|Ep\.?|Episode)\s*)?(?<episode>\d{1,3})\s*\/\s*(?<total>\d{1,3})\)/gi
// A part of every text that one of these patterns fits. Most programmes name no episode, and guides have a million of them.
const HINT = /\d\s*\/|S\d{1,2}[ .]?E\d|Staffel|Season|Saison|Stagione|Temporada|Série|Folge|Episode/i
const ALONE = /^(?:Folge|Episode)\s+(?<episode>\d{1,4})\b(?!\s*[-–/]\s*\d)/gi

/**
 * Season and episode as they are written in the texts of a programme: `S01E02`, `Staffel 2, Folge 5`, `(2/6)`.
 *
 * Two different numbers mean that one of them speaks of something else: nothing is taken then.
 */
export function episodeOf(all: readonly string[]): Episode {
  const texts = all.filter((text) => HINT.test(text))
  if (texts.length === 0) return NONE
  const both = new Set(
    BOTH.flatMap((pattern) => matches(pattern, texts, ({ season, episode }) => `${Number(season)}x${Number(episode)}`)),
  )
  if (both.size > 1) return NONE
  const [only] = both
  if (only !== undefined) {
    const [season = 0, episode = 0] = only.split('x').map(Number)
    return { season, episode }
  }
  const parts = new Set([
    ...matches(PART, texts, ({ episode, total }) =>
      isPart(Number(episode), Number(total)) ? String(Number(episode)) : null,
    ),
    ...matches(ALONE, texts, ({ episode }) => String(Number(episode))),
  ])
  const [part] = parts
  return part === undefined || parts.size > 1 ? NONE : { season: null, episode: Number(part) }
}

const isPart = (episode: number, total: number): boolean => episode >= 1 && episode <= total && total >= 2

function matches(
  pattern: RegExp,
  texts: readonly string[],
  read: (groups: Readonly<Record<string, string | undefined>>) => string | null,
): readonly string[] {
  return texts.flatMap((text) =>
    Array.from(text.matchAll(pattern), (match) => read(match.groups ?? {})).filter((found) => found !== null),
  )
}
