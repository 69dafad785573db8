import { Hono } from 'hono'
import * as v from 'valibot'
import type { Programme } from '../core/guide/programme.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { keepsInstant } from '../core/lineup/past.ts'
import { nameMatcher } from '../core/lineup/word-search.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Timers } from '../core/live/timers.ts'
import { requireWatcher } from './api-guard.ts'
import { readQuery } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { printProgramme } from './guide-programmes-api.ts'
import { wholeNumber } from './parameter.ts'
import { seenLineup } from './seen-lineup.ts'
import { printInstant } from './status.ts'

const instant = v.pipe(v.string(), v.isoTimestamp('an ISO 8601 instant'), v.transform(Date.parse))
/** Query of `GET /guide/search`. */
export const GuideSearchQuery = v.object({
  q: v.pipe(v.string(), v.trim(), v.minLength(2, 'two letters or more'), v.maxLength(200)),
  group: v.optional(v.string()),
  from: v.optional(instant),
  limit: v.optional(wholeNumber(100), '40'),
})

const AHEAD_MS = 14 * 24 * 3_600_000
/** Channels that are looked through before their first answer counts as good enough: a search never grows with the line-up. */
const MAX_CHANNELS = 5_000
/** What is found is put in order of time; more than this nobody reads. */
const MAX_FOUND = 1_000
/** Streams have their turn after so many channels. */
const CHANNELS_A_TURN = 25

type Found = { readonly channel: Channel; readonly programme: Programme }

/**
 * `GET /api/v1/guide/search?q=&group=&from=&limit=` for everybody who may watch: programmes from `from` (now) on with all
 * words in title or subtitle, in order of their start, 40 unless `limit` says otherwise, 100 at most.
 *
 * `isWhole` is false where not all channels were looked through (more than 5,000 of them, or more than 1,000 finds).
 */
export function guideSearchRoutes(
  gateway: Pick<Gateway, 'lineup' | 'guide' | 'now'>,
  timers: Pick<Timers, 'set'> = systemTimers,
): Hono<Env> {
  return new Hono<Env>().get('/guide/search', requireWatcher, async (c) => {
    const { q, group, limit, ...query } = readQuery(c, GuideSearchQuery)
    const from = query.from ?? gateway.now()
    const isMeant = nameMatcher(q)
    const channels = seenLineup(c, gateway).channels.filter(
      (channel) => channel.enabled && (group === undefined || channel.groups.includes(group)),
    )
    const found: Found[] = []
    let looked = 0
    for (const channel of channels.slice(0, MAX_CHANNELS)) {
      if (found.length >= MAX_FOUND) break
      looked++
      const programmes = await gateway.guide.programmes(channel, { from, to: from + AHEAD_MS })
      for (const programme of programmes)
        if (isMeant(`${programme.title} ${programme.subtitle ?? ''}`)) found.push({ channel, programme })
      if (looked % CHANNELS_A_TURN === 0) {
        await new Promise<void>((resolve) => void timers.set(resolve, 0))
        c.req.raw.signal.throwIfAborted()
      }
    }
    found.sort((a, b) => a.programme.start - b.programme.start)
    const now = gateway.now()
    const items = found.slice(0, limit).map(({ channel, programme }) => ({
      channelId: channel.id,
      number: channel.number,
      name: channel.name,
      programme: {
        ...printProgramme(programme),
        canReplay: channel.streams.some((stream) => keepsInstant(stream, programme.start, now)),
      },
    }))
    return c.json({ from: printInstant(from), total: found.length, isWhole: looked === channels.length, items }, 200, {
      'cache-control': 'private, no-store',
    })
  })
}
