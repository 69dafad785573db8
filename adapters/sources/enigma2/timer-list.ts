import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { decodeEscaped } from '../../../core/entities.ts'
import { Failure } from '../../../core/errors.ts'
import { cleanDvbLine } from '../../../core/guide/dvb-text.ts'
import { WEEKDAYS } from '../../../core/lineup/recording-timer.ts'
import type { RecordingTimer, TimerConflict, TimerState, Weekday } from '../../../core/lineup/recording-timer.ts'
import { isBroadcast, parseServiceRef, serviceRefKey, transponderKey } from '../../../core/lineup/service-reference.ts'

/** A timer with what the box needs to find it again, and what tuners it will want. */
export type ListedTimer = RecordingTimer & {
  /** By which the box finds it: the reference as it spells it, and its times in epoch seconds. */
  readonly ref: string
  readonly begin: number
  readonly end: number
  /** When the box tunes for it, epoch milliseconds. */
  readonly preparesAt: number
  /** Transponder; null: it needs none (an IPTV line). */
  readonly slotKey: string | null
  /** The file it writes, often without its ending; null: not told, or none yet. */
  readonly file: string | null
  /** Event of the box's guide; 0: none. */
  readonly eventId: number
  readonly afterEvent: number
}

/** Everything that `timerlist` says. */
export type TimerListing = {
  readonly timers: readonly ListedTimer[]
  readonly folders: readonly string[]
  readonly tags: readonly string[]
}

/** The box tunes so long before a recording. Source: OpenPLi, lib/python/RecordTimer.py. */
const PREPARE_SECONDS = 20
/** Earlier than this no box prepares: what says so is a number of something else. */
const EARLIEST_PREPARE_SECONDS = 600
const MOST_TIMERS = 5000

const text = v.fallback(v.string(), '')
// Numbers come as numbers, as texts, and truths as either.
const number = v.fallback(v.pipe(v.union([v.number(), v.string(), v.boolean()]), v.transform(Number), v.finite()), 0)
const timerSchema = v.object({
  serviceref: text,
  servicename: text,
  eit: number,
  name: text,
  description: text,
  disabled: number,
  begin: number,
  end: number,
  startprepare: number,
  justplay: number,
  afterevent: number,
  dirname: text,
  tags: text,
  state: number,
  repeated: number,
  filename: text,
})
const listSchema = v.object({
  timers: v.array(v.unknown()),
  locations: v.fallback(v.array(v.string()), []),
  tags: v.fallback(v.array(v.string()), []),
})
const resultSchema = v.object({
  result: v.fallback(
    v.pipe(
      v.union([v.boolean(), v.string()]),
      v.transform((value) => String(value).toLowerCase() === 'true'),
    ),
    false,
  ),
  message: text,
  conflicts: v.fallback(v.array(v.unknown()), []),
})

const STATES: readonly TimerState[] = ['waiting', 'prepared', 'running', 'ended']

/** Reads `timerlist`; entries without channel or times are left out. Fails with `source/bad-answer`. */
export function readTimerList(json: unknown): TimerListing {
  const list = v.safeParse(listSchema, json)
  if (!list.success) throw new Failure('source/bad-answer', 'The receiver answers its list of timers in an unknown way')
  const { timers, locations, tags } = list.output
  return {
    timers: timers.slice(0, MOST_TIMERS).flatMap((timer) => readTimer(timer) ?? []),
    folders: [...new Set(locations.filter((path) => path.startsWith('/')))],
    tags: [...new Set(tags.flatMap(words))],
  }
}

/** The box's answer to an edit; `conflicts` without the timer that was asked for, which some boxes name first. */
export function readTimerResult(
  json: unknown,
  asked: { readonly name: string; readonly begin: number; readonly end: number } | null,
): { readonly isDone: boolean; readonly message: string; readonly conflicts: readonly TimerConflict[] } {
  const result = v.safeParse(resultSchema, json)
  if (!result.success)
    throw new Failure('source/bad-answer', 'The receiver answers an edit of its timers in an unknown way')
  const conflicts = result.output.conflicts.flatMap((entry) => {
    const timer = v.safeParse(timerSchema, entry)
    if (!timer.success || timer.output.begin <= 0) return []
    const { begin, end, servicename } = timer.output
    const name = lineOf(timer.output.name)
    if (name === asked?.name && Math.round(begin) === asked.begin && Math.round(end) === asked.end) return []
    return [{ name, channelName: cleanDvbLine(servicename), beginsAt: begin * 1000, endsAt: end * 1000 }]
  })
  return { isDone: result.output.result, message: lineOf(result.output.message).slice(0, 300), conflicts }
}

/** The mask by which the box knows days: Monday is 1, Sunday 64. */
export const repeatMask = (days: readonly Weekday[]): number =>
  days.reduce((mask, day) => mask | (1 << WEEKDAYS.indexOf(day)), 0)

/** The key of the timer that the box would find by these. */
export const timerId = (ref: string, begin: number, end: number): string => {
  const parsed = parseServiceRef(ref)
  const channel = parsed === null ? ref : serviceRefKey(parsed)
  return createHash('sha256').update(`${channel} ${begin} ${end}`).digest('hex').slice(0, 24)
}

function readTimer(entry: unknown): ListedTimer | null {
  const parsed = v.safeParse(timerSchema, entry)
  if (!parsed.success) return null
  const { serviceref, servicename, startprepare, repeated, state, dirname, filename, ...timer } = parsed.output
  const [begin, end] = [Math.round(timer.begin), Math.round(timer.end)]
  if (serviceref === '' || begin <= 0) return null
  const ref = parseServiceRef(serviceref)
  const broadcast = ref !== null && isBroadcast(ref) ? ref : null
  const early = begin - startprepare
  const isEarly = early >= 0 && early <= EARLIEST_PREPARE_SECONDS
  return {
    id: timerId(serviceref, begin, end),
    name: lineOf(timer.name),
    description: known(lineOf(timer.description)) ?? '',
    serviceRef: broadcast === null ? null : serviceRefKey(broadcast),
    channelName: cleanDvbLine(servicename),
    beginsAt: begin * 1000,
    endsAt: end * 1000,
    state: STATES[state] ?? 'waiting',
    isEnabled: timer.disabled === 0,
    isZap: timer.justplay !== 0,
    repeats: WEEKDAYS.filter((_, day) => (repeated & (1 << day)) !== 0),
    tags: words(timer.tags),
    folder: known(dirname),
    ref: serviceref,
    begin,
    end,
    preparesAt: (isEarly ? startprepare : begin - PREPARE_SECONDS) * 1000,
    slotKey: broadcast === null ? null : transponderKey(broadcast),
    file: filename.startsWith('/') ? filename : null,
    eventId: timer.eit,
    afterEvent: timer.afterevent,
  }
}

const lineOf = (raw: string): string => cleanDvbLine(decodeEscaped(raw))

/** What is not known is the word "None" or "N/A" in places. */
const known = (value: string): string | null => (value === '' || value === 'None' || value === 'N/A' ? null : value)

const words = (line: string): readonly string[] => line.split(/\s+/).filter((word) => word !== '')
