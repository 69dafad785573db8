import { decodeEscaped } from '../entities.ts'
import { plainText } from '../plain-text.ts'
import { createDocumentDecoder } from '../xml/text-decoder.ts'
import { XmlScanner } from '../xml/scanner.ts'
import type { XmlSink } from '../xml/scanner.ts'
import type { MediaWords } from './media-item.ts'

/** What an NFO says of one film, series, or episode; null: it does not say. */
export type NfoNote = Pick<MediaWords, 'plot' | 'genres' | 'rating' | 'airedOn' | 'year' | 'season' | 'episode'> & {
  readonly about: 'film' | 'series' | 'episode' | 'video'
  readonly title: string | null
  /** Of an episode: its series. */
  readonly series: string | null
}

/** No note is longer; what is, is something else. */
export const LONGEST_NFO = 1024 * 1024
const MOST_NOTES = 100
const MOST_GENRES = 20
const LONGEST_LINE = 300
const LONGEST_TEXT = 8000

const ROOTS: ReadonlyMap<string, NfoNote['about']> = new Map([
  ['movie', 'film'],
  ['tvshow', 'series'],
  ['episodedetails', 'episode'],
  ['musicvideo', 'video'],
])
const FIELDS: ReadonlySet<string> = new Set(
  'title showtitle season episode year premiered aired releasedate plot outline genre mpaa certification'.split(' '),
)

/**
 * Reads an NFO of Kodi: film, series, episode, or several episodes one behind the other, whatever follows them (many end
 * with a web address). None for a text that is something else; never fails.
 *
 * Only children of the root count, so that names of actors and details of streams are not taken for the title. Nothing
 * that a document type defines is expanded. At most 100 notes, 20 genres each, texts up to 8,000 characters.
 * Source: Kodi wiki, "NFO files".
 */
export function readNfo(bytes: Uint8Array): readonly NfoNote[] {
  if (bytes.length > LONGEST_NFO) return []
  const decoder = createDocumentDecoder()
  const reader = new NfoReader()
  reader.scanner.push(decoder.push(bytes))
  reader.scanner.push(decoder.end())
  reader.scanner.end()
  return reader.notes
}

class NfoReader implements XmlSink {
  readonly scanner = new XmlScanner(this)
  readonly notes: NfoNote[] = []
  #root: string | null = null
  /** Open elements below the root. */
  #path: string[] = []
  #text = ''
  #fields = new Map<string, string[]>()

  open(name: string): void {
    const folded = name.toLowerCase()
    if (this.#root === null) {
      if (!ROOTS.has(folded) || this.notes.length >= MOST_NOTES) return
      this.#root = folded
      this.#path = []
      this.#fields = new Map()
      return
    }
    this.#path.push(folded)
    // Markup inside a text does not begin it anew.
    if (this.#path.length === 1) this.#text = ''
  }

  close(name: string): void {
    const folded = name.toLowerCase()
    if (this.#root === null) return
    const at = this.#path.lastIndexOf(folded)
    if (at < 0) {
      if (folded === this.#root) this.#finish(this.#root)
      return
    }
    if (at === 0 && this.#path.length === 1 && FIELDS.has(folded)) {
      const known = this.#fields.get(folded) ?? []
      const text = plainText(decodeEscaped(this.#text))
      if (text !== '' && known.length < MOST_GENRES) this.#fields.set(folded, [...known, text.slice(0, LONGEST_TEXT)])
    }
    this.#path.length = at
  }

  text(buffer: string, from: number, to: number, isLiteral: boolean): void {
    if (this.#root === null || this.#path.length === 0 || this.#text.length > LONGEST_TEXT) return
    const piece = buffer.slice(from, Math.min(to, from + LONGEST_TEXT))
    this.#text += isLiteral ? piece.replaceAll('&', '&amp;') : piece
  }

  problem(): void {
    // What is broken is passed over: a note is worth what can be read of it.
  }

  #finish(root: string): void {
    this.#root = null
    const about = ROOTS.get(root)
    if (about !== undefined) this.notes.push(toNote(about, (name) => this.#fields.get(name) ?? []))
  }
}

function toNote(about: NfoNote['about'], all: (name: string) => readonly string[]): NfoNote {
  const first = (...names: readonly string[]): string | null => names.flatMap(all)[0] ?? null
  const day = dayOf(first(...(about === 'episode' ? ['aired', 'premiered'] : ['premiered', 'releasedate', 'aired'])))
  return {
    about,
    title: lineOf(first('title')),
    series: about === 'episode' ? lineOf(first('showtitle')) : null,
    season: numberOf(first('season')),
    episode: numberOf(first('episode')),
    year: yearOf(first('year')) ?? (day === null ? null : Number(day.slice(0, 4))),
    airedOn: day,
    plot: first('plot', 'outline'),
    genres: genresOf(all('genre')),
    rating: ratingOf(first('mpaa', 'certification')),
  }
}

const lineOf = (text: string | null): string | null =>
  text === null ? null : text.slice(0, LONGEST_LINE).toWellFormed().trim()

/** Negative ones (`-1`) say that there is none. */
const numberOf = (text: string | null): number | null => (text !== null && /^\d{1,5}$/.test(text) ? Number(text) : null)

function yearOf(text: string | null): number | null {
  return /^(?:1[89]|20)\d\d$/.test(text ?? '') ? Number(text) : null
}

function dayOf(text: string | null): string | null {
  const [day] = /^(?:1[89]|20)\d\d-\d\d-\d\d/.exec(text ?? '') ?? []
  const instant = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`)
  if (day === undefined || Number.isNaN(instant)) return null
  return new Date(instant).toISOString().slice(0, 10) === day ? day : null
}

function genresOf(told: readonly string[]): readonly string[] {
  const genres = told.flatMap((text) => text.split(/\s*[/|,;]\s*/)).map((text) => text.slice(0, LONGEST_LINE).trim())
  return [...new Set(genres.filter((text) => text !== ''))].slice(0, MOST_GENRES)
}

/** `US:PG-13 / DE:FSK 12`, `Rated R`, `FSK 16`: the first one counts. */
function ratingOf(text: string | null): MediaWords['rating'] {
  const told = (text ?? '').split(/\s+\/\s+/)[0]?.replace(/^[a-z]{2}:\s*/i, '') ?? ''
  const value = told
    .replace(/^rated\s+/i, '')
    .replace(/\s+for\s.*$/i, '')
    .slice(0, 40)
    .toWellFormed()
    .trim()
  if (value === '' || /^(?:not rated|nr|unrated|none|n\/a)$/i.test(value)) return null
  if (/^fsk/i.test(value)) return { system: 'FSK', value }
  if (/^(?:G|PG|PG-13|R|NC-17)$/.test(value)) return { system: 'MPAA', value }
  return { system: value.startsWith('TV-') ? 'VCHIP' : null, value }
}
