import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { isOver } from '../core/jobs/job.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Timers } from '../core/live/timers.ts'
import { readQuery } from './body.ts'
import { printAlert } from './alerts/print-alert.ts'
import { printFigures } from './history/history-api.ts'
import type { LiveFigures } from './history/history-desk.ts'
import { requireRole } from './api-guard.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { printJob } from './jobs/print-job.ts'
import { printLine } from './logs/print-line.ts'
import { Pending } from './pending-changes.ts'
import type { Changes } from './pending-changes.ts'
import { printPlay, printSource, printStream } from './status.ts'

/** More pages than this are not open in any house. */
const MAX_LISTENERS = 100
/** Lines of the log that are told at a time; whoever wants all of them asks for the log itself. */
const MOST_LINES = 100

/** What of the gateway events need. */
export type EventPorts = Pick<Gateway, 'changes' | 'status' | 'lineup' | 'jobs' | 'logs' | 'history' | 'alerts'>

/** Query of `GET /events`; `figures=1`: also what flows, once a second. */
export const EventsQuery = v.object({ figures: v.optional(v.picklist(['1'])) })

/**
 * `GET /api/v1/events`, Server-Sent Events for people who signed in.
 *
 * `lineup` `{revision}` at the start and whenever the line-up changes; for admins `stream`, a running stream as
 * `/api/v1/streams` shows it, at the start and whenever its state, stream or viewers change, and `stream-closed`
 * `{channelId}`; `source`, as `/api/status` shows it, whenever its state changes, and `source-removed` `{id}`; `job`, as
 * `/api/v1/jobs` shows it, for those that wait or run at the start and whenever one changes; `alert`, as
 * `/api/v1/alerts` shows it, when one came, changed or is over; `figures`, what flows, once a
 * second to those who asked for it with `?figures=1`, or to all while somebody asks by `POST /api/v1/history/figures`; `log` `{lines, leftOut, newest}` for who asked for it with
 * `PUT /logs/tail`; `schedules` `{id}` when a channel of one's own was edited, came or went; `media` `{library}` when files
 * came, changed or went.
 */
export function eventRoutes(gateway: EventPorts, timers: Timers = systemTimers): Hono<Env> {
  let listeners = 0
  return new Hono<Env>().use('/events', requireRole('viewer')).get('/events', (c) => {
    if (listeners >= MAX_LISTENERS)
      throw new Failure('http/busy', `${MAX_LISTENERS} pages follow the events already; close one`)
    const { role, user } = c.get('caller')
    const isAdmin = role === 'admin'
    const followed = () => (isAdmin ? (gateway.logs?.followed(user ?? '') ?? null) : null)
    let told = 0
    const wantsFigures = readQuery(c, EventsQuery).figures === '1'
    c.header('cache-control', 'no-store')
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      const pending = new Pending(timers)
      const forget = gateway.changes.subscribe((change) => {
        if (change.kind !== 'log' || followed() !== null) pending.add(change)
      })
      let figures: LiveFigures | null = null
      const forgetFigures = !isAdmin
        ? undefined
        : gateway.history?.onFigures((latest) => {
            if (!wantsFigures && gateway.history?.areFiguresAsked() !== true) return
            figures = latest
            pending.add({ kind: 'figures' })
          })
      listeners += 1
      stream.onAbort(() => pending.end())
      try {
        pending.add({ kind: 'lineup' })
        for (const { channelId } of gateway.status.streams()) pending.add({ kind: 'stream', channelId })
        for (const { id } of gateway.status.plays?.() ?? []) pending.add({ kind: 'play', playId: id })
        for (const job of gateway.jobs?.list() ?? []) if (!isOver(job)) pending.add({ kind: 'job', jobId: job.id })
        while (!stream.aborted && !stream.closed) {
          const changes = await pending.take()
          if (changes === null) break
          if (changes.size === 0) await stream.write(': still here\n\n')
          for (const event of describe(gateway, { changes, isAdmin, figures })) await stream.writeSSE(event)
          const wish = changes.has('log') ? followed() : null
          if (wish !== null && gateway.logs !== undefined) {
            const { lines, leftOut, newest } = gateway.logs.news(Math.max(told, wish.after), wish.level, MOST_LINES)
            told = newest
            if (lines.length > 0) await stream.writeSSE(print('log', { lines: lines.map(printLine), leftOut, newest }))
          }
        }
      } finally {
        listeners -= 1
        forget()
        forgetFigures?.()
        pending.end()
      }
    })
  })
}

type Event = { readonly event: string; readonly data: string }

const print = (event: string, data: unknown): Event => ({ event, data: JSON.stringify(data) })

/** Changes as they are told to somebody, in the order in which they came. */
function* describe(
  gateway: EventPorts,
  told: { readonly changes: Changes; readonly isAdmin: boolean; readonly figures: LiveFigures | null },
): Generator<Event> {
  const { changes, isAdmin, figures } = told
  const streams = gateway.status.streams()
  const sources = gateway.status.sources()
  for (const change of changes.values()) {
    if (change.kind === 'lineup') yield print('lineup', { revision: revisionOf(gateway) })
    if (!isAdmin) continue
    if (change.kind === 'stream') {
      const { channelId } = change
      const found = streams.find((one) => one.channelId === channelId)
      yield found === undefined
        ? print('stream-closed', { id: channelId, channelId })
        : print('stream', printStream(found))
    } else if (change.kind === 'play') {
      const found = gateway.status.plays?.().find(({ id }) => id === change.playId)
      yield found === undefined
        ? print('stream-closed', { id: change.playId, channelId: null })
        : print('stream', printPlay(found))
    } else if (change.kind === 'alert') {
      const { alerts: desk } = gateway
      const alert = desk?.alerts().find(({ id }) => id === change.alertId)
      if (desk != null && alert !== undefined) yield print('alert', printAlert(desk, alert, 'en'))
    } else if (change.kind === 'schedule') {
      yield print('schedules', { id: change.schedule })
    } else if (change.kind === 'media') {
      yield print('media', { library: change.library })
    } else if (change.kind === 'figures') {
      if (figures !== null) yield print('figures', printFigures(figures))
    } else if (change.kind === 'source') {
      const found = sources.find(({ id }) => id === change.sourceId)
      yield found === undefined ? print('source-removed', { id: change.sourceId }) : print('source', printSource(found))
    } else if (change.kind === 'job') {
      const job = gateway.jobs?.find(change.jobId) ?? null
      if (job !== null) yield print('job', printJob(job))
    }
  }
}

const revisionOf = ({ lineup }: EventPorts): string | null => {
  try {
    return lineup.current().revision
  } catch (error) {
    if (error instanceof Failure) return null // it is still being loaded
    throw error
  }
}
