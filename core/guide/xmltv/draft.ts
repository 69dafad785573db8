import { decodeEscaped } from '../../entities.ts'
import { CREDIT_ROLES } from '../details.ts'
import type { Credit, CreditRole, ProgrammeDetails } from '../details.ts'
import { cleanDvbLine, cleanDvbText } from '../dvb-text.ts'
import { attributeOf } from '../../xml/attribute.ts'
import { toCategories } from './categories.ts'
import { readEpisodeNumber } from './episode.ts'
import { parseXmltvTime } from './time.ts'

/** A programme as a document tells it: `stop` null where none (or none that can be) is told. */
export type XmltvProgramme = {
  readonly channel: string
  readonly start: number
  readonly stop: number | null
  readonly title: string
  readonly subtitle: string | null
  readonly description: string | null
  readonly categories: readonly string[]
  readonly season: number | null
  readonly episode: number | null
  readonly repeat: boolean
  readonly details: ProgrammeDetails | null
}

const LONGEST_LINE = 500
const LONGEST_TEXT = 8000
const MOST_CREDITS = 24
const ROLES: ReadonlySet<string> = new Set(CREDIT_ROLES)

/** Texts of a programme that are collected; every other element is passed over. */
export const PROGRAMME_TEXTS: ReadonlySet<string> = new Set([
  'title',
  'sub-title',
  'desc',
  'date',
  'category',
  'episode-num',
  'value',
  'length',
  ...ROLES,
])

/** A text in one of several languages: the first one stays unless one comes that the owner prefers. */
type Told = { readonly text: string; readonly isPreferred: boolean }

/** A programme while its element is being read. */
export class ProgrammeDraft {
  readonly channel: string
  readonly start: number
  readonly #language: string | null
  #stop: number | null
  readonly #texts: { title: Told | null; 'sub-title': Told | null; desc: Told | null } = {
    title: null,
    'sub-title': null,
    desc: null,
  }
  readonly #categories: string[] = []
  #season: number | null = null
  #episode: number | null = null
  #date: string | null = null
  #parent = ''
  #ratingSystem: string | null = null
  #rating: NonNullable<ProgrammeDetails['rating']> | null = null
  #stars: string | null = null
  #credits: Credit[] | null = null
  #shownBefore = false
  #isNew = false
  #isPremiere = false
  #isLive = false

  constructor(told: { channel: string; start: number; stop: number | null }, language: string | null) {
    this.channel = told.channel
    this.start = told.start
    this.#stop = told.stop
    this.#language = language
  }

  /** An element without text of its own. */
  mark(name: string, attributes: string): void {
    switch (name) {
      case 'previously-shown':
        this.#shownBefore = true
        break
      case 'new':
        this.#isNew = true
        break
      case 'premiere':
        this.#isPremiere = true
        break
      case 'live':
        this.#isLive = true
        break
      case 'rating':
      case 'star-rating':
        this.#parent = name
        this.#ratingSystem = attributeOf(attributes, 'system')
        break
      default:
    }
  }

  /** An element with its text, as written. */
  text(name: string, attributes: string, raw: string): void {
    switch (name) {
      case 'title':
      case 'sub-title':
      case 'desc':
        this.#tell(name, attributes, raw)
        break
      case 'category': {
        const category = line(raw)
        if (category !== '') this.#categories.push(category)
        break
      }
      case 'episode-num':
        this.#number(attributes, line(raw))
        break
      case 'date':
        this.#date ??= /^\s*(\d{8}|\d{4})/.exec(raw)?.[1] ?? null
        break
      case 'length':
        this.#stop ??= lengthOf(attributes, raw, this.start)
        break
      case 'value':
        this.#value(line(raw))
        break
      default:
        if (isRole(name)) this.#credit(name, line(raw))
    }
  }

  /** What was told; null without a title. */
  finish(): XmltvProgramme | null {
    const { title, 'sub-title': subtitle, desc } = this.#texts
    const name = title?.text || subtitle?.text
    if (name === undefined || name === '') return null
    return {
      channel: this.channel,
      start: this.start,
      stop: this.#stop !== null && this.#stop > this.start ? this.#stop : null,
      title: name,
      subtitle: subtitle === null || subtitle.text === name ? null : subtitle.text,
      description: desc?.text ?? null,
      categories: toCategories(this.#categories, this.#episode !== null),
      season: this.#season,
      episode: this.#episode,
      repeat: this.#shownBefore && !this.#isNew,
      details: this.#details(),
    }
  }

  #tell(name: 'title' | 'sub-title' | 'desc', attributes: string, raw: string): void {
    const told = this.#texts[name]
    if (told !== null && (told.isPreferred || this.#language === null)) return
    const isPreferred = this.#language !== null && (attributeOf(attributes, 'lang') ?? '').startsWith(this.#language)
    if (told !== null && !isPreferred) return
    const text = name === 'desc' ? paragraphs(raw) : line(raw)
    if (text !== '') this.#texts[name] = { text, isPreferred }
  }

  #number(attributes: string, text: string): void {
    const { season, episode } = readEpisodeNumber(attributeOf(attributes, 'system'), text)
    // What names the season as well knows more than what counts through all of them.
    if (episode !== null && (this.#episode === null || (this.#season === null && season !== null))) {
      this.#episode = episode
      this.#season = season
    } else this.#season ??= season
  }

  #value(text: string): void {
    if (text === '') return
    if (this.#parent === 'rating') this.#rating ??= { system: this.#ratingSystem, value: text }
    else if (this.#parent === 'star-rating' && /^\d+(\.\d+)?\s*\/\s*\d+$/.test(text)) this.#stars ??= text
  }

  #credit(role: CreditRole, name: string): void {
    this.#credits ??= []
    if (name !== '' && this.#credits.length < MOST_CREDITS) this.#credits.push({ role, name })
  }

  #details(): ProgrammeDetails | null {
    // One after the other and not by spreading: a guide has a million of them.
    const details: { -readonly [Key in keyof ProgrammeDetails]: ProgrammeDetails[Key] } = {}
    if (this.#date !== null) details.date = this.#date
    if (this.#rating !== null) details.rating = this.#rating
    if (this.#stars !== null) details.stars = this.#stars
    if (this.#credits !== null && this.#credits.length > 0) details.credits = this.#credits
    if (this.#isNew) details.isNew = true
    if (this.#isPremiere) details.isPremiere = true
    if (this.#isLive) details.isLive = true
    for (const _ in details) return details
    return null
  }
}

const isRole = (name: string): name is CreditRole => ROLES.has(name)

/** Text on one line, decoded and clean. */
export const line = (raw: string): string =>
  cleanDvbLine(decodeEscaped(raw.slice(0, 2 * LONGEST_LINE))).slice(0, LONGEST_LINE)

const paragraphs = (raw: string): string => cleanDvbText(decodeEscaped(raw)).slice(0, LONGEST_TEXT)

const UNITS: Readonly<Record<string, number>> = { seconds: 1000, minutes: 60_000, hours: 3_600_000 }

/** The end that a length in `units` names. */
function lengthOf(attributes: string, raw: string, start: number): number | null {
  const unit = UNITS[attributeOf(attributes, 'units') ?? 'minutes']
  const length = Number(raw.trim())
  return unit !== undefined && length > 0 && length < 100_000 ? start + Math.round(length * unit) : null
}

/** The instants and the channel that the tag of a programme names; a text: what is wrong with it. */
export function readProgrammeTag(
  attributes: string,
): { readonly channel: string; readonly start: number; readonly stop: number | null } | string {
  const channel = attributeOf(attributes, 'channel')
  const start = attributeOf(attributes, 'start')
  if (channel === null || channel.trim() === '') return 'a programme names no channel'
  if (start === null) return 'a programme has no start'
  const at = parseXmltvTime(start)
  if (at === null) return `the start "${start.slice(0, 40)}" is no time`
  const stop = attributeOf(attributes, 'stop')
  return { channel: line(channel), start: at, stop: stop === null ? null : parseXmltvTime(stop) }
}
