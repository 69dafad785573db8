/** One programme of the guide. Instants are epoch milliseconds; `stop` > `start`. Texts are clean (no control characters). */
export type Programme = {
  readonly start: number
  readonly stop: number
  readonly title: string
  readonly subtitle: string | null
  readonly description: string | null
  /** English category words: at most one type word (Movie, Series, Sports, News, Kids, Documentary, Music) first, then genres. */
  readonly categories: readonly string[]
  readonly season: number | null
  readonly episode: number | null
  readonly repeat: boolean
  /** What few sources tell; absent: nothing of it. */
  readonly details?: ProgrammeDetails
}

/** What few sources tell of a programme; what is absent is not known. */
export type ProgrammeDetails = {
  /** When it was made or first shown: `YYYY` or `YYYYMMDD`. */
  readonly date?: string
  /** Age or class, with the system that says so (`FSK`, `12`). */
  readonly rating?: { readonly system: string | null; readonly value: string }
  /** Stars as `n/m`. */
  readonly stars?: string
  readonly credits?: readonly Credit[]
  readonly isNew?: true
  readonly isPremiere?: true
  readonly isLive?: true
}

/** Who took part, and as what. */
export type Credit = { readonly role: CreditRole; readonly name: string }

/** The roles of XMLTV, in the order in which its DTD wants them. */
export const CREDIT_ROLES = [
  'director',
  'actor',
  'writer',
  'adapter',
  'producer',
  'composer',
  'editor',
  'presenter',
  'commentator',
  'guest',
] as const

/** What somebody did in a programme. */
export type CreditRole = (typeof CREDIT_ROLES)[number]
