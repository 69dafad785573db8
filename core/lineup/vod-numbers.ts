import type { SourceId } from './stream.ts'
import type { VodItem } from './vod.ts'

/** What of a source has a number: films, series, their episodes, and the shelves of both. */
export const NUMBERED_KINDS = ['film', 'series', 'episode', 'film-category', 'series-category'] as const

/** One of these. */
export type NumberedKind = (typeof NUMBERED_KINDS)[number]

/** What a number stands for. `item`: the source's own id; of an episode `{series}/{season}/{episode}`. */
export type Numbered = { readonly sourceId: SourceId; readonly kind: NumberedKind; readonly item: string }

/** Numbers begin behind this one, where no channel key is: some players keep ids of all kinds in one table. */
export const FIRST_VOD_NUMBER = 2 ** 30

/**
 * Port of the store: numbers for clients that know things by numbers only.
 *
 * All come from one sequence, above `FIRST_VOD_NUMBER` and below 2³¹. A number is kept for ever and never given twice.
 */
export interface VodNumbers {
  /** The numbers of these items in their order; new ones are given to those that have none yet. */
  numbersOf(source: SourceId, kind: NumberedKind, items: readonly string[]): Promise<readonly number[]>
  /** Null: nothing has this number. */
  find(number: number): Promise<Numbered | null>
}

/** The item of an episode's number. */
export const episodeItem = ({ series, season, episode }: Omit<Extract<VodItem, { kind: 'episode' }>, 'kind'>): string =>
  `${series}/${season}/${episode}`

/** The film or episode that can be played for a number; null: it stands for something else. */
export function playableItem({ kind, item }: Numbered): VodItem | null {
  if (kind === 'film') return { kind, id: item }
  const [, series, season, episode] = /^([\w-]+)\/(\d+)\/(\d+)$/.exec(kind === 'episode' ? item : '') ?? []
  return series === undefined ? null : { kind: 'episode', series, season: Number(season), episode: Number(episode) }
}
