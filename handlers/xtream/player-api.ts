import type { Channel } from '../../core/lineup/channel.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { pastHoursOf } from '../../core/lineup/past.ts'
import { publicOrigin } from '../origin.ts'
import { accountPayload } from './account.ts'
import { jsonAnswer, listAnswer } from './answers.ts'
import { categoryOf, numberOf } from './call.ts'
import { guideRow, tableRow } from './guide-rows.ts'
import type { XtreamAction, XtreamCall } from './house.ts'
import { liveRow } from './live-shelf.ts'
import { NO_FILM, NO_SERIES } from './nothing.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Most calls want the next four programmes: these hours have them. */
const NEAR_MS = 12 * HOUR_MS
const USUAL_LIMIT = 4
const MOST_PROGRAMMES = 1000

/** What `action=` may be everywhere. */
const ACTIONS: Readonly<Record<string, XtreamAction>> = {
  get_live_categories: ({ house, caller }) => jsonAnswer(house.shelf().categories(house.channels(caller))),
  get_live_streams: (call) => listAnswer(call, liveRows(call, categoryOf(call))),
  get_short_epg: shortGuide,
  get_simple_data_table: wholeGuide,
  get_simple_date_table: wholeGuide, // as old players spell it
  // A house without films has empty lists of them.
  get_vod_categories: () => jsonAnswer([]),
  get_vod_streams: () => jsonAnswer([]),
  get_vod_info: () => jsonAnswer(NO_FILM),
  get_series_categories: () => jsonAnswer([]),
  get_series: () => jsonAnswer([]),
  get_series_info: () => jsonAnswer(NO_SERIES),
}

/**
 * Answers `player_api.php`. An action that nobody knows is the log-in: players ask for it by many names.
 *
 * Fails with `lineup/not-ready`, `guide/not-ready`, `source/*`. Source: protocols/xtream.md §2.
 */
export function answerCall(call: XtreamCall): Response | Promise<Response> {
  const name = call.parameters.get('action') ?? ''
  const actions = [call.house.films?.actions ?? {}, ACTIONS].find((known) => Object.hasOwn(known, name))
  const action = actions?.[name]
  return action === undefined ? jsonAnswer(accountOf(call)) : action(call)
}

/** The account payload of the caller. */
export function accountOf({ c, house, caller, pair }: XtreamCall): ReturnType<typeof accountPayload> {
  const { gateway, clock } = house
  const viewers = gateway.status.streams().flatMap((stream) => stream.viewers)
  return accountPayload(
    {
      pair,
      expiresAt: caller.person?.limits.expiresAt ?? null,
      createdAt: gateway.status.startedAt,
      maxStreams: caller.person?.limits.maxStreams ?? null,
      activeStreams: viewers.filter(({ user }) => user !== null && user === caller.user).length,
    },
    { origin: publicOrigin(c, gateway), clock, now: gateway.now() },
  )
}

/** The caller's channels, all or those of a category. */
export function* liveRows(
  { house, caller, root }: XtreamCall,
  category: string | null,
): Generator<ReturnType<typeof liveRow>, void, undefined> {
  const shelf = house.shelf()
  const isMeant = (channel: Channel): boolean => category === null || shelf.idsOf(channel).includes(category)
  for (const channel of house.channels(caller))
    if (isMeant(channel)) yield liveRow(channel, shelf, { root, archiveDays: Math.ceil(pastHoursOf(channel) / 24) })
}

/** What is on and what comes next. */
async function shortGuide({ house, caller, parameters }: XtreamCall): Promise<Response> {
  const channel = house.channel(caller, parameters.get('stream_id') ?? '')
  if (channel === null) return jsonAnswer({ epg_listings: [] })
  const limit = Math.min(numberOf(parameters, 'limit') || USUAL_LIMIT, MOST_PROGRAMMES)
  const { guide, guideDays, now } = house.gateway
  const from = now()
  const until = (ms: number) => guide.programmes(channel, { from, to: from + ms })
  const near = await until(NEAR_MS)
  const programmes = near.length >= limit ? near : await until(guideDays * DAY_MS)
  return jsonAnswer({
    epg_listings: programmes.slice(0, limit).map((programme) => guideRow(programme, channel, house.clock)),
  })
}

/** All that is known, from yesterday on, or from where on the channel can be replayed. */
async function wholeGuide({ house, caller, parameters }: XtreamCall): Promise<Response> {
  const channel = house.channel(caller, parameters.get('stream_id') ?? '')
  if (channel === null) return jsonAnswer({ epg_listings: [] })
  const { guide, guideDays, now: clock } = house.gateway
  const now = clock()
  const pastMs = pastHoursOf(channel) * HOUR_MS
  const window = { from: now - Math.max(DAY_MS, pastMs), to: now + (guideDays + 1) * DAY_MS }
  const archiveFrom = pastMs === 0 ? null : now - pastMs
  const programmes: readonly Programme[] = await guide.programmes(channel, window)
  return jsonAnswer({
    epg_listings: programmes.map((programme) => tableRow(programme, channel, { clock: house.clock, now, archiveFrom })),
  })
}
