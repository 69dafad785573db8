import { plainText } from '../../plain-text.ts'

/** A name as people say it, and the year that stood behind it. */
export type CleanName = { readonly name: string; readonly year: number | null }

/** What only stands in names of files that were recorded or shared: from here on a name says nothing of its content. */
const RELEASE =
  /(?<![\p{L}\d])(?:480[pi]|540p|576[pi]|720[pi]|1080[pi]|1440p|2160p|4320p|4k|uhd|hdr(?:10)?\+?|sdr|blu-?ray|bd-?rip|br-?rip|bd-?remux|remux|dvd-?rip|dvd-?r|dvd[59]?|web-?rip|web-?dl|hdtv(?:rip)?|pdtv|sdtv|dvb-?[sct]?\d?|tv-?rip|sat-?rip|vhs-?rip|h ?\.?26[456]|x26[456]|hevc|avc|av1|vp9|xvid|divx|mpeg-?[24]|10bit|8bit|aac\d?|e?-?ac-?3d?|dts(?:-?hd)?|dd[p+]?\d|true-?hd|atmos|flac|opus|[257]\.1)(?![\p{L}\d])/iu

/** The same where a title would begin. */
const RELEASE_FIRST = new RegExp(`^[\\s(.-]*${RELEASE.source}`, 'iu')

/** Words that stand before those, and that a title may have as well: taken away at the end only where one of those follows. */
const BEFORE_RELEASE =
  /(?:^|[\s([-]+)(?:german|deutsch|english|french|multi|dual|dl|ml|subbed|dubbed|proper|repack|rerip|internal|extended(?: cut)?|unrated|uncut|remastered|directors? cut|theatrical(?: cut)?|complete|limited|ac3|web|amzn|nf|dsnp|hmax|hd|sd)$/i

/** Nothing but such a word. */
const ONLY_BEFORE_RELEASE = new RegExp(`^${BEFORE_RELEASE.source}`, 'i')

/** `{tmdb-603}`, `[imdbid-tt0133093]`, `{edition-Final Cut}`. */
const CURLY = /\{[^{}]*\}/g
const SQUARE = /\[[^[\]]*\]/g
/** Round brackets with something that is no year, if it is about the file. */
const ROUND = /\(([^()]*)\)/g

/** Films exist since 1895; titles such as "Blade Runner 2049" are not to be taken for years. */
const FIRST_YEAR = 1895
const LAST_YEAR = 2039
const YEAR_IN_BRACKETS = /[([](\d{4})(?:\s*[-–]\s*(?:\d{4})?)?[)\]]/g
const BARE_YEAR = /(?<=[\s-])(\d{4})(?=$|[\s-])/g

const TRAILING_ARTICLE = /^(.+), (the|an?|der|die|das|le|la|les|el|los|las|il)$/i
const LONGEST = 300

/**
 * The name without what belongs to the file: dots for blanks, release words, ids and groups in brackets, the year.
 *
 * `The.Matrix.1999.1080p.BluRay.x264-GRP` → The Matrix, 1999. `2001 A Space Odyssey (1968)` → 2001 A Space Odyssey, 1968.
 * Of several years the last one counts, those in brackets before bare ones; a name that is nothing but a year keeps it.
 */
export function cleanName(raw: string): CleanName {
  const bracketed = cleanSeriesName(raw)
  if (bracketed.year !== null) return bracketed
  const bare = withoutRelease(withoutGroups(raw))
  const last = lastYear(bare, BARE_YEAR)
  const name = last === null ? '' : tidy(bare.slice(0, last.at))
  return last === null || name === '' ? bracketed : { name, year: last.year }
}

/** The same with a year only where it is in brackets: bare ones belong to the names of series (`Space 1999`). */
export function cleanSeriesName(raw: string): CleanName {
  const spaced = withBlanks(raw).replace(CURLY, ' ')
  const found = lastYear(spaced, YEAR_IN_BRACKETS)
  const name = found === null ? '' : tidy(withoutRelease(spaced.slice(0, found.at).replace(SQUARE, ' ')))
  if (found !== null && name !== '') return { name, year: found.year }
  return { name: tidy(withoutRelease(withoutGroups(raw))) || tidy(spaced), year: null }
}

/** The title of an episode, from what stands behind its number; '': only words about the file do. Years stay. */
export function cleanTitle(raw: string): string {
  const plain = withoutGroups(raw)
  if (RELEASE_FIRST.test(plain)) return ''
  const title = withoutRelease(plain)
  return title !== plain && ONLY_BEFORE_RELEASE.test(title) ? '' : tidy(title)
}

const withoutGroups = (raw: string): string => withBlanks(raw).replace(CURLY, ' ').replace(SQUARE, ' ')

/** Dots that are not between two letters that stand alone. */
const NOT_INITIALS = /(?<!(?<![\p{L}\d])\p{L})\.+|\.+(?!\p{L}(?![\p{L}\d]))/gu

/** Dots and underscores as blanks, where a name has no blanks of its own; initials (`S.W.A.T`) keep their dots. */
export function withBlanks(raw: string): string {
  const text = raw.replaceAll('_', ' ')
  const plain = text.includes(' ') ? text : text.replace(NOT_INITIALS, ' ')
  return plainText(plain)
}

function withoutRelease(text: string): string {
  const plain = text.replace(ROUND, (whole, inside: string) => (RELEASE.test(inside) ? ' ' : whole))
  const at = plain.search(RELEASE)
  if (at <= 0) return plain
  let before = plain.slice(0, at).trimEnd()
  for (let shorter = ''; shorter !== before;) {
    shorter = before
    const rest = before.replace(BEFORE_RELEASE, '').trimEnd()
    if (rest !== '') before = rest
  }
  return before
}

function lastYear(text: string, pattern: RegExp): { readonly year: number; readonly at: number } | null {
  const found = [...text.matchAll(pattern)]
    .map((match) => ({ year: Number(match[1]), at: match.index }))
    .filter(({ year, at }) => at > 0 && year >= FIRST_YEAR && year <= LAST_YEAR)
  return found.at(-1) ?? null
}

/** Without what is left of separators at both ends, and the article in front again. */
function tidy(text: string): string {
  const trimmed = plainText(text.replaceAll(/\(\s*\)/g, ' '))
    .replace(/^[\s\-–.,;:_~+]+|[\s\-–,;:_~+([{]+$/g, '')
    .replace(/(?<=[^.\s]{3})\.$/, '')
  const [, name, article] = TRAILING_ARTICLE.exec(trimmed) ?? []
  const whole = name === undefined || article === undefined ? trimmed : `${article} ${name}`
  return whole.slice(0, LONGEST).toWellFormed().trim()
}
