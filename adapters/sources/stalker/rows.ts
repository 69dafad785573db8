import * as v from 'valibot'
import { parseChannelNumber } from '../../../core/lineup/channel.ts'
import type { Media } from '../../../core/lineup/stream.ts'
import { stableHash } from '../../../core/stable-hash.ts'
import { isOperatorOnly, needsLink, parseCommand, streamIdOf } from './command.ts'
import { isObject, looseFlag, looseLine, looseList, looseListOf, looseNumber, looseText, member } from './loose.ts'

/** A group of channels as a portal lists it. */
export type Genre = { readonly id: string; readonly title: string; readonly isCensored: boolean }

/** One way to play a channel; `command` goes back to the portal as it came. */
export type PlayWay = { readonly command: string; readonly asksLink: boolean; readonly streamId: string | null }

/** A channel as a portal lists it. */
export type PortalChannel = {
  /** Our key of it: the portal's id, or a hash of name and number. */
  readonly key: string
  /** The portal's own id; null: it has none, and no guide then. */
  readonly id: string | null
  readonly name: string
  readonly number: string | null
  readonly genre: string
  readonly media: Media
  readonly logo: string
  /** How far back the portal keeps it, hours; 0: not at all. */
  readonly archiveHours: number
  /** The best first; never empty. */
  readonly ways: readonly PlayWay[]
}

const genreSchema = v.object({ id: looseText, title: looseLine, censored: looseFlag })

/** The groups in an answer, without the row that means "all". */
export function readGenres(js: unknown): readonly Genre[] {
  return listOf(js).flatMap((row) => {
    const genre = v.safeParse(genreSchema, withKeys(row, ['id', 'title', 'censored']))
    if (!genre.success || genre.output.id === '' || genre.output.id === '*') return []
    const { id, title, censored } = genre.output
    return [{ id, title: title === '' ? `Group ${id}` : title, isCensored: censored }]
  })
}

const waySchema = v.object({
  url: looseText,
  priority: v.optional(looseNumber),
  status: v.optional(looseText, '1'),
  use_http_tmp_link: v.optional(looseFlag, false),
  use_load_balancing: v.optional(looseFlag, false),
})

const channelSchema = v.object({
  id: v.optional(looseText, ''),
  name: v.optional(looseLine, ''),
  number: v.optional(looseText, ''),
  cmd: v.optional(looseText, ''),
  tv_genre_id: v.optional(looseText, ''),
  logo: v.optional(looseText, ''),
  open: v.optional(looseText, '1'),
  enable_tv_archive: v.optional(looseFlag, false),
  archive: v.optional(looseFlag, false),
  tv_archive_duration: v.optional(looseNumber),
  use_http_tmp_link: v.optional(looseFlag, false),
  use_load_balancing: v.optional(looseFlag, false),
  cmds: v.optional(looseListOf, []),
})

/**
 * Reads a row; null for what cannot be played here: not subscribed (`open: 0`), multicast of an operator, no command.
 */
export function readChannel(row: unknown): PortalChannel | null {
  const parsed = v.safeParse(channelSchema, row)
  if (!parsed.success || parsed.output.open === '0') return null
  const { id, name, number, tv_genre_id: genre, logo } = parsed.output
  const ways = waysOf(parsed.output)
  if (ways.length === 0) return null
  const { enable_tv_archive: isKept, archive, tv_archive_duration: hours } = parsed.output
  const isPlainId = /^[A-Za-z0-9_-]{1,64}$/.test(id)
  const named = name === '' ? `Channel ${number || id}`.trim() : name
  return {
    key: isPlainId ? id : `x${stableHash(`${id}\n${named}\n${number}`).toString(36)}`,
    id: id === '' ? null : id,
    name: named,
    number: parseChannelNumber(number),
    genre,
    media: 'tv',
    logo,
    // Hours here, days at panels of Xtream-Codes (stalker.md §5.2). The archive is asked for by the guide, and so by the id.
    archiveHours: (isKept || archive) && id !== '' ? Math.max(0, hours ?? 0) : 0,
    ways,
  }
}

/** The group in which radio stations are; portals have none for them. */
export const RADIO_GENRE: Genre = { id: 'radio', title: 'Radio', isCensored: false }

/**
 * Reads a row of the radio list; null for what cannot be played here. Its numbers and ids are of another sequence than those of
 * channels, and it has no guide. Source: protocols/stalker.md §5.2.
 */
export function readStation(row: unknown): PortalChannel | null {
  const station = readChannel(row)
  if (station === null) return null
  // How an address is asked for is known of channels only.
  const ways = station.ways.filter(({ asksLink }) => !asksLink)
  if (ways.length === 0) return null
  const { key, name, logo } = station
  return {
    key: `radio-${key}`,
    id: null,
    name,
    number: null,
    genre: RADIO_GENRE.id,
    media: 'radio',
    logo,
    archiveHours: 0,
    ways,
  }
}

/** The row's own command, then those of `cmds` in the order of their priority. */
function waysOf(row: v.InferOutput<typeof channelSchema>): readonly PlayWay[] {
  const alternatives = row.cmds
    .flatMap((entry) => {
      const way = v.safeParse(waySchema, entry)
      return way.success && way.output.status !== '0' ? [way.output] : []
    })
    .toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
  const all = [{ ...row, url: row.cmd }, ...alternatives]
  const ways = all.flatMap(({ url, use_http_tmp_link: temporary, use_load_balancing: balanced }): PlayWay[] => {
    const command = parseCommand(url)
    if (command.address === '' || isOperatorOnly(command)) return []
    const asksLink = needsLink(command, { temporary, balanced, checked: false })
    return [{ command: url, asksLink, streamId: streamIdOf(command) }]
  })
  return [...new Map(ways.toReversed().map((way) => [way.command, way])).values()].toReversed()
}

/** One page of a list, or a whole one. */
export type Page = {
  readonly rows: readonly unknown[]
  /** Rows in all; null: not told. */
  readonly total: number | null
  /** Rows a page as the portal says; panels lie about it. */
  readonly perPage: number | null
}

/** Reads a list: rows in `data`, or the rows themselves. Null: this is no list. */
export function readPage(js: unknown): Page | null {
  if (Array.isArray(js)) return { rows: js, total: null, perPage: null }
  if (!isObject(js)) return null
  const number = (key: string): number | null => v.parse(looseNumber, member(js, key))
  const data = member(js, 'data')
  if (data === undefined) return null
  return { rows: looseList(data), total: number('total_items'), perPage: number('max_page_items') }
}

const listOf = (js: unknown): readonly unknown[] => {
  const page = readPage(js)
  return page === null ? looseList(js) : page.rows
}

/** An object that has these keys, whatever the row lacks. */
const withKeys = (row: unknown, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.map((key) => [key, member(row, key)]))
