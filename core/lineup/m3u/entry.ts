/** How a channel's past can be asked for, as lists say it (protocols/m3u-xmltv.md A4). */
export type M3uCatchup = {
  /** Lower case: `default`, `append`, `shift`, `flussonic` …; may be one that nobody knows. */
  readonly type: string
  /** How far back; null: not told. */
  readonly days: number | null
  /** An address, or what is put behind the channel's own, with places for times. */
  readonly source: string | null
  /** What the provider's clock is wrong by; absent: nothing. */
  readonly correctionHours?: number
}

/** One channel, film or episode of a list, as it stands there. */
export type M3uEntry = {
  /** Line of its address, from 1. */
  readonly line: number
  readonly name: string
  /** As written, without the headers behind `|`. It may hold passwords. */
  readonly url: string
  /** Seconds; -1 or 0 for live; null: not told. */
  readonly duration: number | null
  readonly tvgId: string | null
  readonly tvgName: string | null
  /** As written. */
  readonly number: string | null
  readonly logo: string | null
  readonly groups: readonly string[]
  readonly isRadio: boolean
  readonly catchup: M3uCatchup | null
  /** Headers that the address wants: User-Agent, Referer … */
  readonly headers: Readonly<Record<string, string>>
  /** Programme of the transport stream; null: not told. */
  readonly programNumber: number | null
  /** All attributes by lower-case name, those above included. */
  readonly attributes: ReadonlyMap<string, string>
  /** `#KODIPROP` lines by key. */
  readonly properties: ReadonlyMap<string, string>
}

/** The head of a list. */
export type M3uHead = {
  /** Addresses of guides, as written, the preferred one first. */
  readonly guideUrls: readonly string[]
  readonly attributes: ReadonlyMap<string, string>
}

/** A line that could not be used. The text quotes nothing of the list. */
export type M3uProblem = { readonly line: number; readonly problem: string }
