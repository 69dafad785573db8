import { Failure } from '../../../core/errors.ts'
import { cleanProgrammes } from '../../../core/guide/clean.ts'
import type { GuideBatch } from '../../../core/guide/feed.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import type { Window } from '../../../core/guide/window.ts'
import type { Log } from '../../../core/log.ts'
import { dayQuery } from './box-queries.ts'
import type { Query } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { readItem } from './guide-rows.ts'
import type { WallClock } from './guide-rows.ts'
import { looseList, member } from './loose.ts'
import { walkPages } from './pages.ts'

/** What reading a guide needs. */
export type GuideOptions = {
  /** The MAC to ask with now. Fails when there is none. */
  readonly box: () => BoxSession
  readonly clock: WallClock
  readonly now: () => number
  readonly log: Log
}

const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS
/** The one answer for all channels costs stock portals a query a channel: not more than three days of it (stalker.md §7). */
const BULK_HOURS = 72
const BULK_TIMEOUT_MS = 120_000
/** Day by day costs requests, a second apart: today and two more. */
const TABLE_DAYS = 3
const MOST_PAGES = 12
const GIVE_UP_AFTER = 5

const POINTLESS: ReadonlySet<string> = new Set([
  'source/blocked',
  'source/device',
  'source/expired',
  'source/login',
  'source/unreachable',
  'live/contested',
  'live/stopped',
])

/**
 * The guide of a portal. First the one answer for all channels; what it leaves out is asked channel by channel: the days
 * as a table, then what is on and next. Some panels answer the first with nothing, others forget what is running.
 *
 * Yields one batch for each channel that the portal knows, in the order asked.
 */
export async function* readGuide(
  options: GuideOptions,
  channels: readonly string[],
  window: Window,
  signal: AbortSignal,
): AsyncGenerator<GuideBatch, void, undefined> {
  const bulk = await readBulk(options, new Set(channels), window, signal)
  const finder = createFinder(options, window)
  let failures = 0
  for (const channel of channels) {
    signal.throwIfAborted()
    try {
      const told = clean(bulk.get(channel) ?? [], window)
      const programmes =
        bulk.size > 0 ? await mend(options, channel, told, window, signal) : await finder.find(channel, signal)
      failures = 0
      if (programmes !== null) yield { channel, ...window, programmes }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Failure)) throw error
      failures++
      if (POINTLESS.has(error.code) || failures >= GIVE_UP_AFTER) throw error
      options.log('warn', 'guide-channel-failed', { channel, code: error.code, detail: error.message })
    }
  }
}

/** Programmes of the wanted channels, empty where the portal has that switched off. */
async function readBulk(
  { box, clock, now }: GuideOptions,
  wanted: ReadonlySet<string>,
  window: Window,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Programme[]>> {
  const hours = Math.min(BULK_HOURS, Math.max(1, Math.ceil((window.to - now()) / HOUR_MS)))
  const query = { type: 'itv', action: 'get_epg_info', period: String(hours) }
  const { js } = await box().ask(query, { urgency: 'guide', timeoutMs: BULK_TIMEOUT_MS, signal })
  const data = member(js, 'data')
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return new Map()
  return new Map(
    Object.entries(data).flatMap(([channel, items]) => {
      if (!wanted.has(channel)) return []
      const programmes = looseList(items).flatMap((item) => readItem(item, clock) ?? [])
      return programmes.length === 0 ? [] : [[channel, programmes] as const]
    }),
  )
}

/** What the one answer says of a channel, and what is on now where it leaves that out. Null: it does not know the channel. */
async function mend(
  options: GuideOptions,
  channel: string,
  told: readonly Programme[],
  window: Window,
  signal: AbortSignal,
): Promise<readonly Programme[] | null> {
  if (told.length === 0) return null
  const at = options.now()
  const isMissing = window.from <= at && !told.some(({ start, stop }) => start <= at && stop > at)
  return isMissing ? clean([...(await readShort(options, channel, signal)), ...told], window) : told
}

/** Asks for single channels, the way that worked last first. */
function createFinder(options: GuideOptions, window: Window) {
  const ways = [readTable, readShort]
  return {
    /** Null: the portal knows nothing of the channel. */
    async find(channel: string, signal: AbortSignal): Promise<readonly Programme[] | null> {
      for (const [index, way] of ways.entries()) {
        const found = clean(await way(options, channel, signal, window), window)
        if (found.length === 0) continue
        if (index > 0) ways.unshift(...ways.splice(index, 1))
        return found
      }
      return null
    },
  }
}

async function readTable(
  { box, clock, now }: GuideOptions,
  channel: string,
  signal: AbortSignal,
  window: Window,
): Promise<readonly Programme[]> {
  const programmes: Programme[] = []
  const first = Math.max(window.from, now())
  const last = Math.min(window.to, first + TABLE_DAYS * DAY_MS)
  for (let at = first; at < last; at += DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10)
    const query = (page: number): Query => dayQuery(channel, date, page)
    const rows = await walkPages(box(), query, signal, { urgency: 'guide', mostPages: MOST_PAGES })
    if (rows.length === 0) break
    programmes.push(...rows.flatMap((row) => readItem(row, clock) ?? []))
  }
  return programmes
}

async function readShort(
  { box, clock }: GuideOptions,
  channel: string,
  signal: AbortSignal,
): Promise<readonly Programme[]> {
  const query = { type: 'itv', action: 'get_short_epg', ch_id: channel, size: '10' }
  const { js } = await box().ask(query, { urgency: 'guide', signal })
  const rows = Array.isArray(js) ? js : looseList(member(js, 'data'))
  return rows.flatMap((row) => readItem(row, clock) ?? [])
}

/** In order, without doubles; an end that is missing is the next one's start; only what touches the window. */
function clean(programmes: readonly Programme[], window: Window): readonly Programme[] {
  const sorted = programmes.toSorted((a, b) => a.start - b.start)
  const ended = sorted.map((programme, index) => {
    if (programme.stop > programme.start) return programme
    const next = sorted.slice(index + 1).find((other) => other.start > programme.start)
    return { ...programme, stop: next?.start ?? programme.start }
  })
  return cleanProgrammes(ended).filter(({ start, stop }) => start < window.to && stop > window.from)
}
