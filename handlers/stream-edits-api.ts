import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { channelId } from '../core/lineup/channel.ts'
import type { ChannelKey } from '../core/lineup/channel.ts'
import { getChannel } from '../core/lineup/edits/change-channels.ts'
import { joinChannels, orderStreams, splitChannel, switchStream } from '../core/lineup/edits/edit-streams.ts'
import { proposalSteps } from '../core/lineup/edits/proposals.ts'
import { LIKELY_SCORE } from '../core/lineup/match/judge.ts'
import type { Join } from '../core/lineup/match/judge.ts'
import { nameOf } from '../core/lineup/stored.ts'
import type { StoredLineup, StoredStream } from '../core/lineup/stored.ts'
import { streamHandle } from '../core/lineup/stream.ts'
import type { StreamId } from '../core/lineup/stream.ts'
import type { Steps } from '../core/steps.ts'
import { requireRole } from './api-guard.ts'
import { readJson, readQuery } from './body.ts'
import type { Env } from './env.ts'
import { windowOf, WindowQuery } from './list-window.ts'
import type { Window } from './list-window.ts'
import { changeLineup, deskOf, keyOfId, withRevision } from './lineup-change.ts'
import type { ChangePorts } from './lineup-change.ts'
import { printInstant } from './status.ts'

const Ids = v.pipe(v.array(v.pipe(v.string(), v.maxLength(40))), v.minLength(1), v.maxLength(1000))
/** Body of `PUT /channels/{id}/streams`; null: by priority again. */
export const StreamOrderBody = v.strictObject({ order: v.nullable(Ids) })
/** Body of `PATCH /channels/{id}/streams/{streamId}`. */
export const StreamEditBody = v.strictObject({ off: v.boolean() })
/** Body of `POST /channels/{id}/split`. */
export const SplitBody = v.strictObject({ streams: Ids })
/** Body of `POST /channels/{id}/join`. */
export const JoinBody = v.strictObject({ channels: Ids })
/** Body of `POST /channels/proposals/accept`. */
export const ProposalsBody = v.strictObject({ minScore: v.pipe(v.number(), v.minValue(LIKELY_SCORE), v.maxValue(1)) })

/**
 * Which streams a channel has, for admins: `GET /channels/{id}/streams` (with score and reason of each), `PUT` of the same
 * with `{"order": […]|null}`, `PATCH …/streams/{streamId}` with `{"off": true|false}`, `POST /channels/{id}/split` and `/join`, and what may be the same channel:
 * `GET /channels/proposals`, `POST /channels/proposals/accept`.
 */
export function streamEditRoutes(gateway: ChangePorts): Hono<Env> {
  const describe = (key: ChannelKey) => () => printStreams(deskOf(gateway).stored(), key)
  const admin = requireRole('admin')
  return new Hono<Env>()
    .get('/channels/proposals', admin, async (c) => {
      const { offset, limit = 500 } = readQuery(c, WindowQuery)
      const found = await deskOf(gateway).inspect((stored) => describeProposals(stored, { offset, limit }))
      return withRevision(c, found.revision, found)
    })
    .post('/channels/proposals/accept', admin, async (c) => {
      const { minScore } = await readJson(c, ProposalsBody)
      return changeLineup(c, gateway, (stored) => acceptProposals(stored, minScore))
    })
    .get('/channels/:id/streams', admin, (c) => {
      const stored = deskOf(gateway).stored()
      return withRevision(c, stored.revision, printStreams(stored, keyOfId(c.req.param('id'))))
    })
    .put('/channels/:id/streams', admin, async (c) => {
      const key = keyOfId(c.req.param('id'))
      const { order } = await readJson(c, StreamOrderBody)
      const edit = (stored: StoredLineup): StoredLineup =>
        orderStreams(stored, key, order && order.map(finder(stored, key)), deskOf(gateway).priority)
      return changeLineup(c, gateway, edit, describe(key))
    })
    .patch('/channels/:id/streams/:streamId', admin, async (c) => {
      const key = keyOfId(c.req.param('id'))
      const handle = c.req.param('streamId')
      const { off } = await readJson(c, StreamEditBody)
      const edit = (stored: StoredLineup): StoredLineup => switchStream(stored, key, finder(stored, key)(handle), off)
      return changeLineup(c, gateway, edit, describe(key))
    })
    .post('/channels/:id/split', admin, async (c) => {
      const key = keyOfId(c.req.param('id'))
      const { streams } = await readJson(c, SplitBody)
      let made: ChannelKey | undefined
      const edit = (stored: StoredLineup): StoredLineup => {
        const split = splitChannel(stored, key, streams.map(finder(stored, key)))
        made = split.channels.at(-1)?.key
        return split
      }
      return changeLineup(c, gateway, edit, () => ({
        ...describe(key)(),
        created: made === undefined ? null : channelId(made),
      }))
    })
    .post('/channels/:id/join', admin, async (c) => {
      const key = keyOfId(c.req.param('id'))
      const { channels } = await readJson(c, JoinBody)
      return changeLineup(c, gateway, (stored) => joinChannels(stored, key, channels.map(keyOfId)), describe(key))
    })
}

function finder(stored: StoredLineup, key: ChannelKey): (handle: string) => StreamId {
  const ids = new Map(getChannel(stored, key).streams.map(({ id }) => [streamHandle(id), id]))
  return (handle) => {
    const id = ids.get(handle)
    if (id === undefined) throw new Failure('lineup/unknown-stream', `Channel "${channelId(key)}" has no such stream`)
    return id
  }
}

function printStreams(stored: StoredLineup, key: ChannelKey) {
  const channel = getChannel(stored, key)
  return {
    id: channelId(key),
    name: nameOf(channel),
    ownOrder: channel.ownOrder,
    splitFrom: channel.apart.map(channelId),
    items: channel.streams.map(printStream),
  }
}

const printStream = ({ id, sourceId, name, goneSince, isOff, join }: StoredStream) => ({
  id: streamHandle(id),
  source: sourceId,
  name,
  off: isOff === true,
  goneSince: goneSince === null ? null : printInstant(goneSince),
  joined: { by: join.by, score: printScore(join), reason: join.evidence },
})

const printScore = ({ score }: Join): number => Math.round(score * 100) / 100

function* describeProposals(stored: StoredLineup, window: Window) {
  const proposals = yield* proposalSteps(stored)
  const names = new Map(stored.channels.map((channel) => [channel.key, nameOf(channel)]))
  const side = (key: ChannelKey) => ({ id: channelId(key), name: names.get(key) ?? '' })
  return {
    revision: stored.revision,
    ...windowOf(
      proposals.map(({ into, other, join }) => ({
        into: side(into),
        other: side(other),
        score: printScore(join),
        reason: join.evidence,
      })),
      window,
    ),
  }
}

function* acceptProposals(stored: StoredLineup, least: number): Steps<StoredLineup> {
  let lineup = stored
  for (const { into, other } of yield* proposalSteps(stored, { least })) {
    lineup = joinChannels(lineup, into, [other])
    yield
  }
  return lineup
}
