import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { GuideChoice } from '../core/guide/choice.ts'
import { SURE_MATCH } from '../core/guide/match/match.ts'
import type { GuideMatch } from '../core/guide/match/match.ts'
import type { Channel, ChannelKey } from '../core/lineup/channel.ts'
import { stableHash } from '../core/stable-hash.ts'
import { requireRole } from './api-guard.ts'
import { readJson, readQuery } from './body.ts'
import { createChannelSearch } from './channel-list.ts'
import type { Env } from './env.ts'
import type { GuideDesk } from './guide-desk.ts'
import { ifMatch } from './lineup-change.ts'
import { createRowFinder } from './lineup/row-finder.ts'
import type { RowPorts } from './lineup/row-finder.ts'
import { wholeNumber } from './parameter.ts'

const STATES = ['all', 'chosen', 'used', 'suggested', 'none'] as const
/** Query of `GET /guide/matches`. */
export const MatchListQuery = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  state: v.optional(v.picklist(STATES), 'all'),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(200), '60'),
})
const id = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500))
/** Body of `PUT /guide/matches/{id}`. */
export const MatchBody = v.strictObject({
  layers: v.pipe(
    v.array(
      v.strictObject({
        feed: id,
        channel: id,
        shiftMinutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1440), v.maxValue(1440)), 0),
      }),
    ),
    v.maxLength(8),
  ),
})
/** Body of `POST /guide/matches/accept`. */
export const MatchAcceptBody = v.strictObject({
  /** Suggestions of this score and above. */
  threshold: v.pipe(v.number(), v.minValue(0.3), v.maxValue(1)),
  feed: v.optional(id),
  q: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  /** In the language of docs/line-up.md; switched off channels that it means count as well. */
  filter: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(2000))),
  dryRun: v.optional(v.boolean(), false),
})
/** Body of `POST /guide/matches/undo`: what `accept` answered. */
export const MatchUndoBody = v.strictObject({ undo: v.pipe(v.string(), v.maxLength(40)) })

/**
 * `/api/v1/guide/matches` for admins: which channels of guides the channels of the line-up use, and why.
 *
 * `GET /guide/matches?q=&state=&offset=&limit=` (`chosen`: decided, `used`: matched by itself, `suggested`: worth a look,
 * `none`), `GET /guide/matches/{channelId}` with all candidates, `PUT` decides (`{"layers": [{feed, channel,
 * shiftMinutes}]}`, the first counts most, none: no guide), `DELETE` takes the decision back, `POST
 * /guide/matches/accept` accepts all suggestions from a score on (`dryRun` only counts); decisions stay as they are;
 * `POST /guide/matches/undo` takes that back.
 */
export function guideMatchRoutes(gateway: RowPorts): Hono<Env> {
  const desk = (): GuideDesk => {
    if (gateway.guideDesk === null) throw new Failure('http/not-found', 'Guides are kept by the adapter')
    return gateway.guideDesk
  }
  const find = (text: string): Channel => {
    const channel = gateway.lineup.current().channels.find((one) => one.id === text)
    if (channel === undefined) throw new Failure('lineup/unknown-channel', 'No channel has this id')
    return channel
  }
  const search = createChannelSearch(null)
  const rows = createRowFinder(gateway)
  const accepts = createAccepts()
  const enabled = (q: string): readonly Channel[] =>
    search(
      gateway.lineup.current(),
      { q, offset: 0, limit: 0, disabled: '0' },
      { withDisabled: false, isFavourite: () => false },
    )

  return new Hono<Env>()
    .use('/guide/matches/*', requireRole('admin'))
    .use('/guide/matches', requireRole('admin'))
    .get('/guide/matches', (c) => {
      const { q, state, offset, limit } = readQuery(c, MatchListQuery)
      const counts = { chosen: 0, used: 0, suggested: 0, none: 0 }
      const found = enabled(q).filter((channel) => {
        const own = stateOf(desk(), channel)
        counts[own]++
        return state === 'all' || own === state
      })
      const items = found.slice(offset, offset + limit).map((channel) => describe(desk(), channel))
      return c.json({ total: found.length, counts, items }, 200, NO_STORE)
    })
    .post('/guide/matches/accept', async (c) => {
      const { threshold, feed, q, filter, dryRun } = await readJson(c, MatchAcceptBody)
      const changes = new Map<ChannelKey, GuideChoice>()
      const meant =
        filter === undefined ? enabled(q) : (await rows({ filter, sort: 'number', isDescending: false })).rows
      for (const channel of meant) {
        if (desk().choice(channel.key) !== null) continue
        const layers = desk()
          .matches(channel.key)
          .filter((match) => match.score >= threshold && (feed === undefined || match.feed === feed))
        if (layers.length > 0) changes.set(channel.key, { by: 'accepted', layers: accepted(desk(), channel, layers) })
      }
      if (dryRun) return c.json({ accepted: changes.size, undo: null }, 200, NO_STORE)
      await desk().decide(changes)
      return c.json({ accepted: changes.size, undo: accepts.note([...changes.keys()]) }, 200, NO_STORE)
    })
    .post('/guide/matches/undo', async (c) => {
      const { undo } = await readJson(c, MatchUndoBody)
      // What somebody has decided by hand meanwhile stays.
      const keys = accepts.take(undo).filter((key) => desk().choice(key)?.by === 'accepted')
      await desk().decide(new Map(keys.map((key) => [key, null])))
      return c.json({ undone: keys.length }, 200, NO_STORE)
    })
    .get('/guide/matches/:id', (c) => {
      const channel = find(c.req.param('id'))
      return tagged(c, desk(), channel, { candidates: desk().candidates(channel) })
    })
    .put('/guide/matches/:id', async (c) => {
      const channel = find(c.req.param('id'))
      const { layers } = await readJson(c, MatchBody)
      for (const layer of layers)
        if (!desk().has(layer.feed, layer.channel))
          throw new Failure('guide/unknown-channel', `The guide "${layer.feed}" has no channel "${layer.channel}"`)
      keepUnlessChanged(c, desk(), channel)
      await desk().decide(new Map([[channel.key, { by: 'owner', layers }]]))
      return tagged(c, desk(), channel)
    })
    .delete('/guide/matches/:id', async (c) => {
      const channel = find(c.req.param('id'))
      keepUnlessChanged(c, desk(), channel)
      await desk().decide(new Map([[channel.key, null]]))
      return tagged(c, desk(), channel)
    })
}

/** Accepts that can be taken back. */
const MOST_UNDONE = 20

/** Remembers which channels were given a guide together. */
function createAccepts() {
  const known = new Map<string, readonly ChannelKey[]>()
  let last = 0
  return {
    /** The word for it. */
    note(keys: readonly ChannelKey[]): string {
      last += 1
      known.set(String(last), keys)
      const [oldest] = known.keys()
      if (known.size > MOST_UNDONE && oldest !== undefined) known.delete(oldest)
      return String(last)
    },
    /** Fails with `lineup/cannot-undo`. */
    take(word: string): readonly ChannelKey[] {
      const keys = known.get(word)
      if (keys === undefined) throw new Failure('lineup/cannot-undo', 'There is nothing of this name to take back')
      known.delete(word)
      return keys
    },
  }
}

const NO_STORE = { 'cache-control': 'no-store' }

/** Changes with the decision about a channel. */
const decisionTag = (desk: GuideDesk, { key }: Channel): string =>
  stableHash(JSON.stringify(desk.choice(key))).toString(36)

/** Fails with `config/changed` if the decision is another one than the caller knows (`If-Match`). */
function keepUnlessChanged(c: Context, desk: GuideDesk, channel: Channel): void {
  const known = ifMatch(c)
  if (known !== null && known !== decisionTag(desk, channel))
    throw new Failure('config/changed', `The guide of "${channel.name}" was decided meanwhile`)
}

const tagged = (c: Context, desk: GuideDesk, channel: Channel, more: object = {}): Response =>
  c.json({ ...describe(desk, channel), ...more }, 200, { ...NO_STORE, etag: `"${decisionTag(desk, channel)}"` })

type MatchState = Exclude<(typeof STATES)[number], 'all'>

function stateOf(desk: GuideDesk, channel: Channel): MatchState {
  if (desk.choice(channel.key) !== null) return 'chosen'
  const matches = desk.matches(channel.key)
  if (matches.some(({ score }) => score >= SURE_MATCH)) return 'used'
  return matches.length > 0 ? 'suggested' : 'none'
}

/** What is used stays in use: accepted guides go before what fills their holes. */
function accepted(desk: GuideDesk, channel: Channel, matches: readonly GuideMatch[]): GuideChoice['layers'] {
  const now = desk.layers(channel)
  const fresh = matches
    .filter(({ feed }) => !now.some((layer) => layer.feed === feed))
    .map((match) => ({ feed: match.feed, channel: match.channel, shiftMinutes: 0 }))
  // The shift of a feed is added anew whenever a decision is used.
  return [...now.map(({ feed, channel: name }) => ({ feed, channel: name, shiftMinutes: 0 })), ...fresh]
}

function describe(desk: GuideDesk, channel: Channel) {
  return {
    channelId: channel.id,
    number: channel.number,
    name: channel.name,
    state: stateOf(desk, channel),
    choice: desk.choice(channel.key),
    layers: desk.layers(channel),
    matches: desk.matches(channel.key),
  }
}
