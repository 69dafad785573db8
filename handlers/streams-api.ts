import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { streamHandle } from '../core/lineup/stream.ts'
import type { StreamId } from '../core/lineup/stream.ts'
import { requireRole } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { askedWindow } from './list-window.ts'
import { printInstant, printRunning } from './status.ts'

/** Body of `POST /streams/{channelId}/switch`: the stream to go on with; absent or null: the channel's next one. */
export const SwitchBody = v.strictObject({ streamId: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(40)))) })

/**
 * `/api/v1/streams` for admins: GET what runs; GET `/{channelId}/choices` what it can go on with; POST `/{channelId}/switch` goes on with another of the channel's streams; DELETE `/{channelId}` stops a stream for all (of a film or replay its `id`), DELETE
 * `/{channelId}/viewers/{id}` one viewer. Signed links of those who were stopped are refused from then on.
 */
export function streamRoutes(gateway: Pick<Gateway, 'status' | 'admin' | 'links' | 'lineup'>): Hono<Env> {
  const admin = () => {
    if (gateway.admin === null) throw new Failure('http/not-found', 'Streams run at the adapter')
    return gateway.admin
  }
  return new Hono<Env>()
    .use('/streams/*', requireRole('admin'))
    .use('/streams', requireRole('admin'))
    .get('/streams', (c) => c.json(askedWindow(c, printRunning(gateway.status)), 200, { 'cache-control': 'no-store' }))
    .get('/streams/:channelId/choices', (c) => {
      const channel = gateway.lineup.current().channels.find((one) => one.id === c.req.param('channelId'))
      if (channel === undefined) throw new Failure('lineup/unknown-channel', 'No channel has this id')
      return c.json(askedWindow(c, describeChoices(gateway, channel)), 200, { 'cache-control': 'no-store' })
    })
    .delete('/streams/:channelId', (c) => {
      const id = c.req.param('channelId')
      if (gateway.admin?.stopPlay?.(id) === true) return c.body(null, 204)
      const channel = gateway.lineup.current().channels.find((one) => one.id === id)
      if (channel === undefined)
        throw new Failure('lineup/unknown-channel', 'No channel has this id', { channelId: id })
      const links = gateway.links?.stopChannel(id) ?? 0
      if (!admin().stopStream(channel) && links === 0)
        throw new Failure('http/not-found', 'The channel is not running', { channelId: id })
      return c.body(null, 204)
    })
    .post('/streams/:channelId/switch', async (c) => {
      const id = c.req.param('channelId')
      const channel = gateway.lineup.current().channels.find((one) => one.id === id)
      const { streamId } = await readJson(c, SwitchBody)
      const stream = channel && streamId ? idOf(channel, streamId) : null
      if (channel === undefined || !admin().switchStream(channel, stream))
        throw new Failure('http/not-found', 'The channel is not running', { channelId: id })
      return c.body(null, 204)
    })
    .delete('/streams/:channelId/viewers/:id', (c) => {
      const id = c.req.param('id')
      gateway.links?.stopViewer(id)
      if (!admin().stopViewer(id)) throw new Failure('http/not-found', 'There is no such viewer')
      return c.body(null, 204)
    })
}

function idOf({ name, streams }: Channel, handle: string): StreamId {
  const found = streams.find(({ id }) => streamHandle(id) === handle)
  if (found === undefined) throw new Failure('live/unknown-stream', `"${name}" has no such stream`)
  return found.id
}

/** The streams that a channel can go on with, in order of fail-over, and how each has fared. */
function describeChoices({ status, admin }: Pick<Gateway, 'status' | 'admin'>, channel: Channel) {
  const playing = status.streams().find(({ channelId }) => channelId === channel.id)?.streamId ?? null
  const names = new Map(status.sources().map(({ id, name }) => [id, name]))
  return channel.streams.map(({ id, sourceId, name }) => {
    const { failure = null, avoidedUntil = null } = admin?.streamPast?.(id) ?? {}
    return {
      id: streamHandle(id),
      name,
      source: sourceId,
      sourceName: names.get(sourceId) ?? sourceId,
      isPlaying: id === playing,
      failure: failure && { code: failure.code, at: printInstant(failure.at) },
      avoidedUntil: printInstant(avoidedUntil),
    }
  })
}
