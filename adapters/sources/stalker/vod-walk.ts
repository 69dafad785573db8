import * as v from 'valibot'
import type { Episode, Season } from '../../../core/lineup/vod.ts'
import { plainText } from '../../../core/plain-text.ts'
import { decodeEscaped } from '../../../core/entities.ts'
import { looseFlag, looseList, looseNumber, looseText, member } from './loose.ts'
import { readOrdinals } from './vod-rows.ts'
import type { VodRow } from './vod-rows.ts'
import { walkQuery } from './vod-queries.ts'
import type { ShelfType } from './vod-queries.ts'
import type { Query } from './box-queries.ts'

/** What to ask for when an episode or film is played. */
export type Recipe =
  /** `create_link` with this command, and the ordinal of an episode. */
  | { readonly kind: 'command'; readonly command: string; readonly ordinal: number | null }
  /** Its files have to be asked for first. */
  | { readonly kind: 'files'; readonly query: Query }

/** A season with what plays each episode. */
export type PortalSeason = Omit<Season, 'episodes'> & {
  readonly episodes: readonly (Episode & { readonly recipe: Recipe })[]
}

/** Asks for the rows inside something. */
export type AskRows = (query: Query) => Promise<readonly unknown[]>

/**
 * The seasons of a series, by what its rows are and not by the portal's kind (stalker.md §9): episodes in the row itself;
 * seasons whose rows list their episodes; or seasons that are walked one by one.
 */
export async function readSeasons(row: VodRow, type: ShelfType, ask: AskRows): Promise<readonly PortalSeason[]> {
  if (row.ordinals.length > 0) return [{ number: 1, name: null, episodes: row.ordinals.map(byOrdinal(row.command)) }]
  const { id } = row.entry
  const rows = await ask(walkQuery(type, { movie: id }))
  const seasons = new Map<number, PortalSeason>()
  for (const [index, season] of rows.entries()) {
    const name = plainText(decodeEscaped(v.parse(looseText, member(season, 'name'))))
    const number = seasonNumber(season, name) ?? index + 1
    if (seasons.has(number)) continue
    const ordinals = readOrdinals(looseList(member(season, 'series')))
    const command = v.parse(looseText, member(season, 'cmd'))
    const episodes =
      ordinals.length > 0 && command !== ''
        ? ordinals.map(byOrdinal(command))
        : await walkEpisodes({ type, series: id, season: v.parse(looseText, member(season, 'id')) }, ask)
    seasons.set(number, { number, name: name === '' ? null : name, episodes })
  }
  return [...seasons.values()].toSorted((a, b) => a.number - b.number)
}

/** Seasons at most that are walked for one series. */
const MOST_SEASON = 1000

function seasonNumber(row: unknown, name: string): number | null {
  const told = v.parse(looseNumber, member(row, 'season_number'))
  const [, written] = /(\d{1,3})/.exec(name) ?? []
  const number = told ?? (written === undefined ? null : Number(written))
  return number !== null && Number.isInteger(number) && number >= 0 && number <= MOST_SEASON ? number : null
}

async function walkEpisodes(
  { type, series, season }: { readonly type: ShelfType; readonly series: string; readonly season: string },
  ask: AskRows,
): Promise<PortalSeason['episodes']> {
  const rows = await ask(walkQuery(type, { movie: series, season }))
  const episodes = new Map<number, PortalSeason['episodes'][number]>()
  for (const [index, row] of rows.entries()) {
    const told = v.parse(looseNumber, member(row, 'series_number'))
    const number = told !== null && Number.isInteger(told) && told >= 0 ? told : index + 1
    if (episodes.has(number)) continue
    const title = plainText(decodeEscaped(v.parse(looseText, member(row, 'name'))))
    const command = v.parse(looseText, member(row, 'cmd'))
    const id = v.parse(looseText, member(row, 'id'))
    const recipe: Recipe =
      command === ''
        ? { kind: 'files', query: walkQuery(type, { movie: series, season, episode: id }) }
        : { kind: 'command', command, ordinal: null }
    episodes.set(number, { ...plainEpisode(number), title: title === '' ? `Episode ${number}` : title, recipe })
  }
  return [...episodes.values()].toSorted((a, b) => a.number - b.number)
}

const byOrdinal =
  (command: string) =>
  (number: number): PortalSeason['episodes'][number] => ({
    ...plainEpisode(number),
    recipe: { kind: 'command', command, ordinal: number },
  })

const plainEpisode = (number: number): Episode => ({
  number,
  title: `Episode ${number}`,
  plot: null,
  durationSeconds: null,
  addedAt: null,
  container: null,
})

/** What plays a film: its own command, or one of its files. */
export const filmRecipe = ({ command, entry }: VodRow, type: ShelfType): Recipe =>
  command === ''
    ? { kind: 'files', query: walkQuery(type, { movie: entry.id }) }
    : { kind: 'command', command, ordinal: null }

/** The command of the best file among rows; '' if there is none. */
export function bestFile(rows: readonly unknown[]): string {
  const files = rows.flatMap((row) => {
    const command = v.parse(looseText, member(row, 'cmd'))
    const isFile = v.parse(looseFlag, member(row, 'is_file')) || command !== ''
    return isFile && command !== '' ? [{ command, quality: v.parse(looseNumber, member(row, 'quality')) ?? 0 }] : []
  })
  return files.toSorted((a, b) => b.quality - a.quality)[0]?.command ?? ''
}
