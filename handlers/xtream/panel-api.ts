import { jsonAnswer, jsonStream } from './answers.ts'
import { guideRow } from './guide-rows.ts'
import { jsonMembers } from './json-pieces.ts'
import type { CategoryRow } from './live-shelf.ts'
import type { XtreamCall } from './house.ts'
import { accountOf, liveRows } from './player-api.ts'

const DAY_MS = 24 * 3_600_000

/**
 * Answers `panel_api.php`, the API before `player_api.php`: everything in one document. Only live channels and films are
 * in it, as there were no series then; their categories are. `action=get_epg` tells the guide of one channel.
 *
 * Fails with `lineup/not-ready`, `source/*`. Source: protocols/xtream.md §2.7.
 */
export async function answerPanelCall(call: XtreamCall): Promise<Response> {
  if (call.parameters.get('action') === 'get_epg') return guideOf(call)
  const { house, caller } = call
  const live = house.shelf().categories(house.channels(caller))
  const movie = (await house.films?.categories(call, 'film')) ?? []
  const series = (await house.films?.categories(call, 'series')) ?? []
  const head = JSON.stringify({ ...accountOf(call), categories: { live, movie, series } })
  return jsonStream(call, document(head, channels(call, live, movie)))
}

async function* document(
  head: string,
  members: AsyncIterable<readonly [string, object]>,
): AsyncGenerator<string, void, undefined> {
  yield `${head.slice(0, -1)},"available_channels":{`
  yield* jsonMembers(members)
  yield '}}'
}

async function* channels(
  call: XtreamCall,
  live: readonly CategoryRow[],
  movie: readonly CategoryRow[],
): AsyncGenerator<readonly [string, object], void, undefined> {
  const names = new Map([...live, ...movie].map((row) => [row.category_id, row.category_name]))
  const common = (row: { readonly category_id: string }) => ({
    category_name: names.get(row.category_id) ?? '',
    series_no: null,
  })
  for (const row of liveRows(call, null)) {
    const type_name = row.stream_type === 'live' ? 'Live Streams' : 'Radio Streams'
    yield [String(row.stream_id), { ...row, type_name, ...common(row), live: '1', container_extension: '' }]
  }
  for await (const row of call.house.films?.rows(call) ?? [])
    yield [String(row.stream_id), { ...row, type_name: 'Movies', ...common(row), live: '0' }]
}

/** The programmes of a channel with their times as numbers, all that are known or those from now on. */
async function guideOf({ house, caller, parameters }: XtreamCall): Promise<Response> {
  const channel = house.channel(caller, parameters.get('stream_id') ?? '')
  if (channel === null) return jsonAnswer([])
  const { guide, guideDays, now: clock } = house.gateway
  const now = clock()
  const isFromNow = /^(1|true)$/i.test(parameters.get('from_now') ?? '')
  const window = { from: isFromNow ? now : now - DAY_MS, to: now + (guideDays + 1) * DAY_MS }
  const programmes = await guide.programmes(channel, window)
  return jsonAnswer(
    programmes.map((programme) => {
      const { start_timestamp: start, stop_timestamp: end, ...row } = guideRow(programme, channel, house.clock)
      return { ...row, start: Number(start), end: Number(end) }
    }),
  )
}
