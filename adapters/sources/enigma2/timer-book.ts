import { Failure } from '../../../core/errors.ts'
import type {
  ProgrammeWish,
  TimerBook,
  TimerConflict,
  TimerTime,
  TimerWish,
} from '../../../core/lineup/recording-timer.ts'
import type { BoxClock } from './box-clock.ts'
import { findEvent } from './event-id.ts'
import { readTimerList, readTimerResult, repeatMask, timerId } from './timer-list.ts'
import type { ListedTimer, TimerListing } from './timer-list.ts'
import type { WebClient } from './web-client.ts'

/** What the timers of a receiver need. */
export type TimerBookOptions = {
  readonly client: WebClient
  readonly clock: (signal: AbortSignal) => Promise<BoxClock>
  /** Told of every list that was read. */
  readonly onList: (timers: readonly ListedTimer[]) => void
}

/** The timers of one receiver, edited through its web interface. */
export interface ReceiverTimers extends TimerBook {
  /** The list as it is now. */
  list(signal: AbortSignal): Promise<TimerListing>
}

/** Where the receiver does not know the programme its margins are not known either. */
const MARGIN_BEFORE_MS = 2 * 60_000
const MARGIN_AFTER_MS = 5 * 60_000

type Query = Readonly<Record<string, string>>
type Times = { readonly begin: number; readonly end: number }

/** Makes the timers of one receiver. */
export function createTimerBook({ client, clock, onList }: TimerBookOptions): ReceiverTimers {
  const list = async (signal: AbortSignal): Promise<TimerListing> => {
    const listing = readTimerList(await client.json({ path: 'api/timerlist', priority: 'ui', signal }))
    onList(listing.timers)
    return listing
  }
  const find = async (id: string, signal: AbortSignal): Promise<{ timer: ListedTimer; listing: TimerListing }> => {
    const listing = await list(signal)
    const timer = listing.timers.find((one) => one.id === id)
    if (timer === undefined)
      throw new Failure('timer/unknown', 'The receiver has no such timer; it may have been changed there')
    return { timer, listing }
  }

  const edit = async (
    path: string,
    query: Query,
    { name, times, signal }: { readonly name: string; readonly times: Times | null; readonly signal: AbortSignal },
  ): Promise<void> => {
    const asked = times === null ? null : { name, ...times }
    const json = await client.json({ path: `api/${path}`, query, priority: 'ui', signal })
    const { isDone, message, conflicts } = readTimerResult(json, asked)
    if (isDone) return
    if (conflicts.length > 0) throw conflictOf(name, conflicts)
    throw new Failure('timer/refused', `The receiver refuses "${name}"${message === '' ? '' : `: ${message}`}`)
  }

  const timesOf = async (wish: Pick<TimerWish, 'begin' | 'end'>, signal: AbortSignal): Promise<Times> => {
    const box = [wish.begin, wish.end].some((time) => typeof time === 'string') ? await clock(signal) : null
    const seconds = (time: TimerTime): number => {
      const instant = typeof time === 'number' ? time : (box?.instant(time) ?? null)
      if (instant === null) throw new Failure('http/bad-request', `"${time}" should be a time like "2026-11-21T20:15"`)
      return Math.round(instant / 1000)
    }
    const times = { begin: seconds(wish.begin), end: seconds(wish.end) }
    if (times.end <= times.begin) throw new Failure('http/bad-request', 'A timer should end after it begins')
    return times
  }

  /** The timer as the box lists it after an edit. */
  const listed = async (id: string, name: string, signal: AbortSignal): Promise<ListedTimer> => {
    const found = (await list(signal)).timers.find((timer) => timer.id === id)
    if (found === undefined)
      throw new Failure('timer/refused', `The receiver took "${name}", and does not list it under these times`)
    return found
  }

  const add = async (wish: TimerWish, signal: AbortSignal): Promise<ListedTimer> => {
    if (wish.folder !== null) refuseForeignFolder(wish.folder, await list(signal))
    const times = await timesOf(wish, signal)
    await edit('timeradd', queryOf(wish, times), { name: wish.name, times, signal })
    return listed(timerId(wish.serviceRef, times.begin, times.end), wish.name, signal)
  }

  const addByEvent = async (wish: ProgrammeWish, eventId: number, signal: AbortSignal): Promise<ListedTimer> => {
    const before = await list(signal)
    if (wish.folder !== null) refuseForeignFolder(wish.folder, before)
    const { serviceRef, name, isZap, tags, folder } = wish
    const query = {
      sRef: serviceRef,
      eventid: String(eventId),
      justplay: isZap ? '1' : '0',
      ...(tags.length > 0 && { tags: tags.join(' ') }),
      ...(folder !== null && { dirname: folder }),
    }
    await edit('timeraddbyeventid', query, { name, times: null, signal })
    // The margins are the box's own: the new timer is the one that was not there before.
    const known = new Set(before.timers.map(({ id }) => id))
    const added = (await list(signal)).timers.find((timer) => !known.has(timer.id) && timer.serviceRef === serviceRef)
    if (added === undefined)
      throw new Failure('timer/refused', `The receiver took "${name}", but has no new timer on its list`)
    return added
  }

  return {
    list,
    async timers(signal) {
      const { timers, folders, tags } = await list(signal)
      const box = await clock(signal)
      return { timers, folders, tags, wallTime: (instant) => box.reading(instant) }
    },
    addTimer: add,
    async addProgramme(wish, signal) {
      const eventId = await findEvent(client, wish, signal)
      if (eventId !== null) return addByEvent(wish, eventId, signal)
      const { start, stop, ...rest } = wish
      const times = { begin: start - MARGIN_BEFORE_MS, end: stop + MARGIN_AFTER_MS }
      return add({ ...rest, ...times, isEnabled: true, repeats: [] }, signal)
    },
    async changeTimer(id, change, signal) {
      const { timer, listing } = await find(id, signal)
      const wish: TimerWish = {
        ...timer,
        serviceRef: timer.serviceRef ?? timer.ref,
        begin: timer.beginsAt,
        end: timer.endsAt,
        ...change,
      }
      if (wish.folder !== null && wish.folder !== timer.folder) refuseForeignFolder(wish.folder, listing)
      const times = await timesOf(wish, signal)
      const query = {
        ...queryOf(wish, times),
        // What cannot be edited here stays as it was.
        eit: String(timer.eventId),
        afterevent: String(timer.afterEvent),
        channelOld: timer.ref,
        beginOld: String(timer.begin),
        endOld: String(timer.end),
      }
      await edit('timerchange', query, { name: wish.name, times, signal })
      return listed(timerId(wish.serviceRef, times.begin, times.end), wish.name, signal)
    },
    async removeTimer(id, signal) {
      const { timer } = await find(id, signal)
      const query = { sRef: timer.ref, begin: String(timer.begin), end: String(timer.end) }
      await edit('timerdelete', query, { name: timer.name, times: null, signal })
      await list(signal)
    },
  }
}

function queryOf(wish: TimerWish, { begin, end }: Times): Query {
  return {
    sRef: wish.serviceRef,
    begin: String(begin),
    end: String(end),
    name: wish.name,
    description: wish.description,
    disabled: wish.isEnabled ? '0' : '1',
    justplay: wish.isZap ? '1' : '0',
    repeated: String(repeatMask(wish.repeats)),
    tags: wish.tags.join(' '),
    ...(wish.folder !== null && { dirname: wish.folder }),
  }
}

/** A path on the box is one of its own list, never what somebody typed. */
function refuseForeignFolder(folder: string, { folders }: TimerListing): void {
  if (!folders.includes(folder)) throw new Failure('timer/refused', 'The receiver keeps no recordings in this folder')
}

function conflictOf(name: string, conflicts: readonly TimerConflict[]): Failure {
  const names = conflicts.map((one) => `"${one.name}" (${one.channelName})`).join(', ')
  return new Failure('timer/conflict', `The receiver has no tuner for "${name}" beside ${names}`, { conflicts })
}
