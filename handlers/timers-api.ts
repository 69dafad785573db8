import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { WEEKDAYS } from '../core/lineup/recording-timer.ts'
import type {
  HouseRecorder,
  RecordingTimer,
  TimerConflict,
  TimerList,
  TimerWish,
} from '../core/lineup/recording-timer.ts'
import { requireRole, requireWatcher } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import { findChannel } from './find-channel.ts'
import type { Gateway } from './gateway.ts'
import { askedWindow } from './list-window.ts'
import { toProblem } from './problem.ts'
import { askRecorders, findRecorder } from './recorders.ts'
import { printInstant } from './status.ts'

/** What of the gateway timers need. */
export type TimerPorts = Pick<Gateway, 'recorders' | 'lineup' | 'guide' | 'log'>

const line = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max))
const WALL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/
/** An instant, or a reading of the receiver's own clock. */
const time = v.union(
  [v.pipe(v.string(), v.regex(WALL_TIME)), v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse))],
  '"2026-11-21T20:15" on the clock of the receiver, or an ISO 8601 instant',
)
const instant = v.pipe(v.string(), v.isoTimestamp('an ISO 8601 instant'), v.transform(Date.parse))
const details = {
  description: v.optional(line(500)),
  enabled: v.optional(v.boolean()),
  zap: v.optional(v.boolean()),
  repeats: v.optional(v.pipe(v.array(v.picklist(WEEKDAYS)), v.maxLength(7))),
  tags: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^\S{1,50}$/, 'a word'))), v.maxLength(20))),
  folder: v.optional(v.nullable(line(500))),
}
const name = v.pipe(line(200), v.nonEmpty('a name'))
const channelId = v.pipe(v.string(), v.maxLength(100))
const sourceId = v.optional(v.pipe(v.string(), v.maxLength(64)))
const { enabled: _enabled, repeats: _repeats, ...programmeDetails } = details
const ByProgramme = v.strictObject({ sourceId, channelId, programme: instant, ...programmeDetails })
const ByTimes = v.strictObject({ sourceId, channelId, begin: time, end: time, name, ...details })
/** Body of `POST /timers`. */
export const NewTimerBody = v.union(
  [ByProgramme, ByTimes],
  '"channelId" with "programme", or with "begin", "end" and "name"',
)
/** Body of `PATCH /timers/{sourceId}/{id}`. */
export const TimerChangeBody = v.strictObject({
  channelId: v.optional(channelId),
  begin: v.optional(time),
  end: v.optional(time),
  name: v.optional(name),
  ...details,
})

/**
 * `/api/v1/timers`: the timers of receivers, which schedule by themselves. Everybody who may watch sees them (GET), admins
 * edit: POST adds one by a programme of the guide (`{"channelId", "programme": its start}`) or by times, PATCH and DELETE
 * `/{sourceId}/{id}`.
 *
 * Times without a zone are on the receiver's own clock. What is in the way of a timer is named: 409 `timer/conflict` with
 * `conflicts`. The id of a timer changes with its channel and times; answers carry the new one.
 */
export function timerRoutes(gateway: TimerPorts): Hono<Env> {
  const told = (
    c: Context<Env>,
    event: string,
    sourceId: string,
    timer: RecordingTimer | { readonly id: string },
  ): void =>
    gateway.log('info', event, {
      sourceId,
      timerId: timer.id,
      user: c.get('caller').user,
      ...('name' in timer && { name: timer.name, serviceRef: timer.serviceRef, begin: printInstant(timer.beginsAt) }),
    })
  const answer = async (c: Context<Env>, of: HouseRecorder, timer: RecordingTimer, status: 200 | 201) => {
    const list = await of.recorder.timers(c.req.raw.signal)
    return c.json(printTimer(gateway, of.id, timer, list), status, { 'cache-control': 'no-store' })
  }

  const add = async (c: Context<Env>): Promise<Response> => {
    const wish = await readJson(c, NewTimerBody)
    const { signal } = c.req.raw
    const channel = channelOf(gateway, wish.channelId)
    const { of, serviceRef } = recorderOf(gateway, channel, wish.sourceId)
    const { description, zap: isZap = false, tags = [], folder = null } = wish
    const common = { serviceRef, isZap, tags, folder }
    let timer: RecordingTimer
    if ('programme' in wish) {
      const { start, stop, title, ...programme } = await programmeOf(gateway, channel, wish.programme)
      const text = description ?? programme.subtitle ?? ''
      timer = await of.recorder.addProgramme({ ...common, start, stop, name: title, description: text }, signal)
    } else {
      const { begin, end, enabled: isEnabled = true, repeats = [] } = wish
      const times = { begin, end, name: wish.name, isEnabled, repeats }
      timer = await of.recorder.addTimer({ ...common, ...times, description: description ?? '' }, signal)
    }
    told(c, 'timer-added', of.id, timer)
    return answer(c, of, timer, 201)
  }

  const change = async (c: Context<Env>, source: string, id: string): Promise<Response> => {
    const { channelId: moved, enabled, zap, ...rest } = await readJson(c, TimerChangeBody)
    const of = findRecorder(gateway, source)
    const serviceRef = moved === undefined ? null : recorderOf(gateway, channelOf(gateway, moved), source).serviceRef
    const wish: Partial<TimerWish> = withoutGaps({
      ...rest,
      ...(serviceRef !== null && { serviceRef }),
      ...(enabled !== undefined && { isEnabled: enabled }),
      ...(zap !== undefined && { isZap: zap }),
    })
    const timer = await of.recorder.changeTimer(id, wish, c.req.raw.signal)
    told(c, 'timer-changed', of.id, timer)
    return answer(c, of, timer, 200)
  }

  return new Hono<Env>()
    .get('/timers', requireWatcher, async (c) => {
      const { answers, failed } = await askRecorders(gateway.recorders ?? [], ({ recorder }) =>
        recorder.timers(c.req.raw.signal),
      )
      const recorders = answers.map(({ of, answer: { folders, tags } }) => ({
        id: of.id,
        name: of.name,
        folders,
        tags,
      }))
      const items = answers.flatMap(({ of, answer: list }) =>
        list.timers.map((timer) => ({ at: timer.beginsAt, item: printTimer(gateway, of.id, timer, list) })),
      )
      const sorted = items.toSorted((a, b) => a.at - b.at).map(({ item }) => item)
      return c.json({ recorders, ...askedWindow(c, sorted), failed }, 200, { 'cache-control': 'no-store' })
    })
    .post('/timers', requireRole('admin'), (c) => add(c).catch(explained))
    .patch('/timers/:sourceId/:id', requireRole('admin'), (c) =>
      change(c, c.req.param('sourceId'), c.req.param('id')).catch(explained),
    )
    .delete('/timers/:sourceId/:id', requireRole('admin'), async (c) => {
      const of = findRecorder(gateway, c.req.param('sourceId'))
      await of.recorder.removeTimer(c.req.param('id'), c.req.raw.signal)
      told(c, 'timer-removed', of.id, { id: c.req.param('id') })
      return c.body(null, 204)
    })
}

/** A conflict with the timers that are in the way; anything else as it is. */
function explained(error: unknown): Response {
  if (!(error instanceof Failure) || error.code !== 'timer/conflict') throw error
  const found = error.facts['conflicts']
  const conflicts = (Array.isArray(found) ? (found as readonly TimerConflict[]) : []).map((one) => ({
    name: one.name,
    channelName: one.channelName,
    begin: printInstant(one.beginsAt),
    end: printInstant(one.endsAt),
  }))
  return new Response(JSON.stringify({ ...toProblem(error), conflicts }), {
    status: error.kind.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })
}

function channelOf(gateway: TimerPorts, id: string): Channel {
  const channel = findChannel(gateway.lineup.current(), id)
  if (channel === null) throw new Failure('lineup/unknown-channel', 'No channel has this id')
  return channel
}

/** Who can record a channel: the first of its streams that a receiver tunes to by itself. */
function recorderOf(
  gateway: TimerPorts,
  channel: Channel,
  source: string | undefined,
): { readonly of: HouseRecorder; readonly serviceRef: string } {
  const recorders = source === undefined ? (gateway.recorders ?? []) : [findRecorder(gateway, source)]
  for (const { sourceId: id, serviceRef } of channel.streams) {
    const of = recorders.find((one) => one.id === id)
    if (of !== undefined && serviceRef !== null) return { of, serviceRef }
  }
  throw new Failure(
    'timer/refused',
    `No receiver can record "${channel.name}": none of its streams is a broadcast of one`,
  )
}

/** The programme of the guide that begins at an instant. */
async function programmeOf(gateway: TimerPorts, channel: Channel, start: number) {
  const found = await gateway.guide.programmes(channel, { from: start, to: start + 1 })
  const programme = found.find((one) => one.start === start)
  if (programme === undefined)
    throw new Failure('timer/refused', `The guide has no programme of "${channel.name}" that begins at this instant`)
  return programme
}

function printTimer({ lineup }: TimerPorts, source: string, timer: RecordingTimer, { wallTime }: TimerList) {
  const { id, name: title, description, serviceRef, channelName, state, repeats, tags, folder } = timer
  const channel = serviceRef === null ? null : (lineup.current().byServiceRef.get(serviceRef) ?? null)
  return {
    sourceId: source,
    id,
    name: title,
    description,
    channelId: channel?.id ?? null,
    channelName: channel?.name ?? channelName,
    begin: printInstant(timer.beginsAt),
    end: printInstant(timer.endsAt),
    localBegin: wallTime(timer.beginsAt),
    localEnd: wallTime(timer.endsAt),
    state,
    enabled: timer.isEnabled,
    zap: timer.isZap,
    repeats,
    tags,
    folder,
  }
}

/** What was not named stays as it is, instead of becoming undefined. */
const withoutGaps = (wish: { readonly [K in keyof TimerWish]?: TimerWish[K] | undefined }): Partial<TimerWish> =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined))
