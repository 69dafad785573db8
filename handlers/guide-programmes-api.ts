import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { Programme } from '../core/guide/programme.ts'
import { keepsInstant } from '../core/lineup/past.ts'
import { requireWatcher } from './api-guard.ts'
import { readQuery } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { wholeNumber } from './parameter.ts'
import { printInstant } from './status.ts'
import { seenLineup } from './seen-lineup.ts'

const instant = v.pipe(v.string(), v.isoTimestamp('an ISO 8601 instant'), v.transform(Date.parse))
/** Query of `GET /guide/programmes`. */
export const ProgrammesQuery = v.object({
  channels: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  group: v.optional(v.string()),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(100), '30'),
  from: v.optional(instant),
  to: v.optional(instant),
})

const HOUR_MS = 3_600_000
/** What a page of the guide shows at most. */
const WIDEST_MS = 48 * HOUR_MS

/**
 * `GET /api/v1/guide/programmes?from=&to=` for everybody who may watch: a window of the guide.
 *
 * Of the channels named by `channels=c1,c2`, else of those of `group=` (or all) from `offset` on, `limit` of them (30, at
 * most 100), in order of number. The window is 4 hours from now unless it says otherwise, 48 hours at most.
 */
export function guideProgrammeRoutes(gateway: Pick<Gateway, 'lineup' | 'guide' | 'now'>): Hono<Env> {
  return new Hono<Env>().get('/guide/programmes', requireWatcher, async (c) => {
    const query = readQuery(c, ProgrammesQuery)
    const from = query.from ?? gateway.now()
    const to = query.to ?? from + 4 * HOUR_MS
    if (!(to > from) || to - from > WIDEST_MS)
      throw new Failure('http/bad-request', 'Cannot read the query: "to" should be up to 48 hours after "from"')
    const lineup = seenLineup(c, gateway)
    const named = query.channels === undefined ? null : new Set(query.channels.split(','))
    const { group } = query
    const found = lineup.channels.filter(
      (channel) =>
        channel.enabled && (named?.has(channel.id) ?? (group === undefined || channel.groups.includes(group))),
    )
    const page = found.slice(query.offset, query.offset + query.limit)
    const items = []
    for (const channel of page) {
      const { id, number, name, hasLogo, ownLogo = null } = channel
      const programmes = await gateway.guide.programmes(channel, { from, to })
      const now = gateway.now()
      const print = (programme: Programme) => ({
        ...printProgramme(programme),
        canReplay: channel.streams.some((stream) => keepsInstant(stream, programme.start, now)),
      })
      items.push({ channelId: id, number, name, hasLogo, ownLogo, programmes: programmes.map(print) })
    }
    return c.json(
      {
        revision: gateway.guide.revision(),
        from: printInstant(from),
        to: printInstant(to),
        total: found.length,
        items,
      },
      200,
      { 'cache-control': 'private, no-store' },
    )
  })
}

/** A programme with all that is known of it, as the API says it. */
export const printProgramme = ({ start, stop, details, ...programme }: Programme) => ({
  start: printInstant(start),
  stop: printInstant(stop),
  ...programme,
  ...(details === undefined ? {} : { details }),
})
