import type { Context } from 'hono'
import type { Caller } from '../../core/access/caller.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { VodKind } from '../../core/lineup/vod.ts'
import type { Env } from '../env.ts'
import { publicOrigin } from '../origin.ts'
import { accountPayload } from './account.ts'
import { jsonAnswer, jsonStream } from './answers.ts'
import type { CallParameters, Pair } from './call.ts'
import { guideRow, tableRow } from './guide-rows.ts'
import type { XtreamHouse } from './house.ts'
import { jsonList } from './json-pieces.ts'
import { liveRow } from './live-shelf.ts'
import { filmInfo, filmRow, NO_FILM, NO_SERIES, seriesInfo, seriesRow } from './vod-rows.ts'
import type { NumberedEntry } from './vod-library.ts'

/** A call of the API by somebody who has signed in. */
export type XtreamCall = {
  readonly c: Context<Env>
  readonly house: XtreamHouse
  readonly caller: Caller
  readonly pair: Pair
  readonly parameters: CallParameters
  /** Address of the caller's own root, no slash at the end. */
  readonly root: string
}

type Action = (call: XtreamCall) => Response | Promise<Response>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Most calls want the next four programmes: these hours have them. */
const NEAR_MS = 12 * HOUR_MS
const USUAL_LIMIT = 4
const MOST_PROGRAMMES = 1000

/** What `action=` may be. */
const ACTIONS: Readonly<Record<string, Action>> = {
  get_live_categories: ({ house, caller }) => jsonAnswer(house.shelf().categories(house.channels(caller))),
  get_live_streams: (call) => list(call, liveRows(call, call.parameters.get('category_id'))),
  get_vod_categories: (call) => vodCategories(call, 'film'),
  get_vod_streams: (call) => list(call, filmRows(call, call.parameters.get('category_id'))),
  get_vod_info: async ({ house, parameters, root, c }) => {
    const film = await house.library?.film(readNumber(parameters.get('vod_id')), c.req.raw.signal)
    return jsonAnswer(film ? filmInfo(film, root) : NO_FILM)
  },
  get_series_categories: (call) => vodCategories(call, 'series'),
  get_series: (call) => list(call, seriesRows(call, call.parameters.get('category_id'))),
  get_series_info: async ({ house, parameters, root, c }) => {
    const series = await house.library?.series(readNumber(parameters.get('series_id')), c.req.raw.signal)
    return jsonAnswer(series ? seriesInfo(series, root) : NO_SERIES)
  },
  get_short_epg: shortGuide,
  get_simple_data_table: wholeGuide,
  get_simple_date_table: wholeGuide, // as old players spell it
}

/**
 * Answers `player_api.php`. An action that nobody knows is the log-in: players ask for it by many names.
 *
 * Fails with `lineup/not-ready`, `guide/not-ready`, `source/*`. Source: protocols/xtream.md §2.
 */
export function answerCall(call: XtreamCall): Response | Promise<Response> {
  const name = call.parameters.get('action') ?? ''
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  return action === undefined ? jsonAnswer(accountOf(call)) : action(call)
}

/** The account payload of the caller. */
export function accountOf({ c, house, caller, pair }: XtreamCall): ReturnType<typeof accountPayload> {
  const { gateway, clock } = house
  const viewers = gateway.status.streams().flatMap((stream) => stream.viewers)
  return accountPayload(
    {
      pair,
      expiresAt: null,
      createdAt: gateway.status.startedAt,
      maxStreams: null,
      activeStreams: viewers.filter(({ user }) => user !== null && user === caller.user).length,
    },
    { origin: publicOrigin(c, gateway), clock, now: gateway.now() },
  )
}

const list = ({ c, house }: XtreamCall, rows: Iterable<object> | AsyncIterable<object>): Promise<Response> =>
  jsonStream(c, jsonList(rows), { mayPack: house.gateway.role !== 'gateway' }) // edge platforms do it themselves

/** The caller's channels, all or those of a category. */
export function* liveRows(
  { house, caller, root }: XtreamCall,
  category: string | null,
): Generator<ReturnType<typeof liveRow>, void, undefined> {
  const shelf = house.shelf()
  const isMeant = (channel: Channel): boolean => isAny(category) || shelf.idsOf(channel).includes(category ?? '')
  for (const channel of house.channels(caller))
    if (isMeant(channel)) yield liveRow(channel, shelf, { root, archiveDays: 0 })
}

/** The films of all sources, or those of a category. */
export async function* filmRows(
  call: XtreamCall,
  category: string | null,
): AsyncGenerator<ReturnType<typeof filmRow>, void, undefined> {
  let num = 0
  for await (const film of entries(call, 'film', category)) yield filmRow(film, call.root, ++num)
}

/** The series, the same way. */
async function* seriesRows(
  call: XtreamCall,
  category: string | null,
): AsyncGenerator<ReturnType<typeof seriesRow>, void, undefined> {
  let num = 0
  for await (const series of entries(call, 'series', category)) yield seriesRow(series, call.root, ++num)
}

async function* entries(
  { house, c }: XtreamCall,
  kind: VodKind,
  category: string | null,
): AsyncGenerator<NumberedEntry, void, undefined> {
  if (house.library === null) return
  yield* house.library.entries(kind, isAny(category) ? null : category, c.req.raw.signal)
}

/** Some players ask for "all" by a word of their own. */
const isAny = (category: string | null): boolean => category === null || /^(|0|\*|all)$/i.test(category)

async function vodCategories({ house, c }: XtreamCall, kind: VodKind): Promise<Response> {
  return jsonAnswer((await house.library?.categories(kind, c.req.raw.signal)) ?? [])
}

/** What is on and what comes next. */
async function shortGuide({ house, caller, parameters }: XtreamCall): Promise<Response> {
  const channel = house.channel(caller, parameters.get('stream_id') ?? '')
  if (channel === null) return jsonAnswer({ epg_listings: [] })
  const limit = Math.min(readNumber(parameters.get('limit')) || USUAL_LIMIT, MOST_PROGRAMMES)
  const { guide, guideDays, now } = house.gateway
  const from = now()
  const until = (ms: number) => guide.programmes(channel, { from, to: from + ms })
  const near = await until(NEAR_MS)
  const programmes = near.length >= limit ? near : await until(guideDays * DAY_MS)
  return jsonAnswer({
    epg_listings: programmes.slice(0, limit).map((programme) => guideRow(programme, channel, house.clock)),
  })
}

/** All that is known, from yesterday on. */
async function wholeGuide({ house, caller, parameters }: XtreamCall): Promise<Response> {
  const channel = house.channel(caller, parameters.get('stream_id') ?? '')
  if (channel === null) return jsonAnswer({ epg_listings: [] })
  const { guide, guideDays, now: clock } = house.gateway
  const now = clock()
  const window = { from: now - DAY_MS, to: now + (guideDays + 1) * DAY_MS }
  const programmes: readonly Programme[] = await guide.programmes(channel, window)
  return jsonAnswer({
    epg_listings: programmes.map((programme) =>
      tableRow(programme, channel, { clock: house.clock, now, archiveFrom: null }),
    ),
  })
}

/** A whole number of at most ten digits; 0 for everything else. */
const readNumber = (text: string | null): number => (/^\d{1,10}$/.test(text ?? '') ? Number(text) : 0)
