import type { ProgrammeDetails } from './details.ts'

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
