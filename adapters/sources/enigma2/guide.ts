import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import { cleanProgrammes } from '../../../core/guide/clean.ts'
import type { GuideBatch } from '../../../core/guide/feed.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { readEvent } from './event.ts'
import type { ReceiverFacts } from './facts.ts'
import type { WebClient } from './web-client.ts'
import type { Log } from '../../../core/log.ts'
import { xmlAttribute, xmlElements, xmlText } from './xml.ts'

/** How a receiver's guide is read. */
export type GuideOptions = {
  readonly client: WebClient
  readonly dialect: ReceiverFacts['dialect']
  /** Reference by which the guide of a channel (`ONID:TSID:SID`) is asked; null: that is no channel. */
  readonly refOf: (channel: string) => string | null
  readonly now: () => number
  /** Told with every answer: how far the box's clock is ahead of ours, milliseconds; null: it does not say. */
  readonly onClock: (aheadMs: number | null) => void
  readonly log: Log
}

type Window = { readonly from: number; readonly to: number }

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const GIVE_UP_AFTER = 3

/**
 * Reads the guide channel by channel, one call at a time with pauses between (the web client sees to both).
 *
 * A channel that fails is skipped. Throws when the box refuses us or is away, and when three channels in a row fail.
 */
export async function* readGuide(
  options: GuideOptions,
  channels: readonly string[],
  window: Window,
  signal: AbortSignal,
): AsyncGenerator<GuideBatch, void, undefined> {
  let failures = 0
  for (const channel of channels) {
    signal.throwIfAborted()
    const sRef = options.refOf(channel)
    if (sRef === null) continue
    let events: readonly Programme[]
    try {
      events = await readChannel(options, sRef, window, signal)
      failures = 0
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Failure)) throw error
      failures++
      if (POINTLESS.has(error.code) || failures >= GIVE_UP_AFTER) throw error
      options.log('warn', 'guide-channel-failed', { channel, code: error.code, detail: error.message })
      continue
    }
    yield { channel, ...window, programmes: toProgrammes(events, window) }
  }
}

const POINTLESS: ReadonlySet<string> = new Set(['source/login', 'source/subnet', 'source/unreachable', 'live/stopped'])

async function readChannel(
  options: GuideOptions,
  sRef: string,
  { from, to }: Window,
  signal: AbortSignal,
): Promise<readonly Programme[]> {
  const minutes = Math.ceil((to - from) / MINUTE_MS) // `endTime` is a length in minutes, whatever its name says
  const query = { sRef, time: String(Math.floor(from / 1000)), endTime: String(minutes) }
  const request = { query, priority: 'guide', bulk: true, signal } as const
  if (options.dialect === 'xml') return readXmlEvents(await options.client.text({ path: 'web/epgservice', ...request }))
  const answer = v.safeParse(answerSchema, await options.client.json({ path: 'api/epgservice', ...request }))
  if (!answer.success) throw new Failure('source/bad-answer', 'The receiver answers its guide in an unknown way')
  options.onClock(clockDifference(answer.output.events, options.now()))
  return answer.output.events.flatMap((event) => readEvent(event) ?? [])
}

const answerSchema = v.object({ events: v.array(v.unknown()) })
const clockSchema = v.object({
  now_timestamp: v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.minValue(1)),
})

function clockDifference(events: readonly unknown[], now: number): number | null {
  for (const event of events) {
    const clock = v.safeParse(clockSchema, event)
    if (clock.success) return clock.output.now_timestamp * 1000 - now
  }
  return null
}

function readXmlEvents(xml: string): readonly Programme[] {
  return Array.from(xmlElements(xml, 'e2event')).flatMap((event) => {
    const fields = {
      begin_timestamp: xmlText(event, 'e2eventstart'),
      duration_sec: xmlText(event, 'e2eventduration'),
      title: xmlText(event, 'e2eventtitle'),
      shortdesc: xmlText(event, 'e2eventdescription'),
      longdesc: xmlText(event, 'e2eventdescriptionextended'),
      genreid: xmlAttribute(event, 'e2eventgenre', 'id'),
    }
    return readEvent(fields) ?? []
  })
}

/**
 * Events as programmes: an end that is missing or impossible is the next one's start, what does not touch the window is
 * dropped (a box without clock believes in 1970), doubles and overlaps are cleaned.
 */
function toProgrammes(events: readonly Programme[], window: Window): readonly Programme[] {
  const sorted = events.filter((event) => isBelievable(event, window)).toSorted((a, b) => a.start - b.start)
  const programmes = sorted.map((programme, index) => {
    if (programme.stop > programme.start) return programme
    const next = sorted.slice(index + 1).find((other) => other.start > programme.start)
    return { ...programme, stop: next?.start ?? programme.start }
  })
  return cleanProgrammes(programmes).filter(({ start, stop }) => start < window.to && stop > window.from)
}

/** An event that began long ago and seems to run still, only because it is said to last for days, hides what really ran. */
const isBelievable = ({ start, stop }: Programme, { from }: Window): boolean => start >= from || stop - start <= DAY_MS
