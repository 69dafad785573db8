import * as v from 'valibot'
import type { Channel, ChannelKey } from '../lineup/channel.ts'
import { channelKey } from '../lineup/channel.ts'
import { ProgrammeDetails } from './details.ts'
import type { GuideReader } from './guide.ts'
import type { Programme } from './programme.ts'

/**
 * The guide as a front keeps it: one line of JSON for each channel, which is parsed only when somebody asks for the
 * channel. A week of 300 channels as objects would not fit into the memory of an edge platform.
 */
export type GuideSnapshot = { readonly revision: string; readonly lines: ReadonlyMap<ChannelKey, string> }

/** A window of the guide, epoch milliseconds. */
export type GuideWindow = { readonly from: number; readonly to: number }

const FORMAT = 1
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const Head = v.object({ format: v.literal(FORMAT), revision: v.string() })
const Line = v.object({ key: v.pipe(v.number(), v.integer()), programmes: v.array(v.unknown()) })
const nullable = v.nullable(v.string())
const Entry = v.tuple([
  v.number(),
  v.number(),
  v.string(),
  nullable,
  nullable,
  v.array(v.string()),
  v.nullable(v.number()),
  v.nullable(v.number()),
  v.boolean(),
  v.optional(ProgrammeDetails), // fronts and adapters of several versions understand each other: what is new comes last
])

/** The window of a snapshot at this instant. It moves once a day, so that a front loads an unchanged guide once a day. */
export function snapshotWindow(now: number, days: number): GuideWindow {
  const today = Math.floor(now / DAY_MS) * DAY_MS
  return { from: today - 6 * HOUR_MS, to: today + (days + 1) * DAY_MS }
}

/** Writes the snapshot in pieces: a head line, then one line for each channel that has programmes. */
export async function* writeGuideSnapshot(
  guide: GuideReader,
  channels: readonly Channel[],
  window: GuideWindow,
): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify({ format: FORMAT, revision: guide.revision() })}\n`
  for (const channel of channels) {
    const programmes = await guide.programmes(channel, window)
    if (programmes.length > 0) yield `${JSON.stringify({ key: channel.key, programmes: programmes.map(toEntry) })}\n`
  }
}

/** In the order of `Entry`. */
const toEntry = (programme: Programme): readonly unknown[] => [
  programme.start,
  programme.stop,
  programme.title,
  programme.subtitle,
  programme.description,
  programme.categories,
  programme.season,
  programme.episode,
  programme.repeat,
  ...(programme.details === undefined ? [] : [programme.details]),
]

const LINE_START = /^\{"key":(\d{1,10}),"programmes":\[/

/** Reads a snapshot's lines without parsing them. Fails with `SyntaxError` or valibot's error if it is none. */
export function readGuideSnapshot(text: string): GuideSnapshot {
  const [head = '', ...lines] = text.split('\n')
  const { revision } = v.parse(Head, JSON.parse(head))
  const byKey = new Map<ChannelKey, string>()
  for (const line of lines) {
    if (line === '') continue
    const key = Number(LINE_START.exec(line)?.[1] ?? Number.NaN)
    if (Number.isNaN(key)) throw new SyntaxError('A line of the guide snapshot should start with a channel key')
    byKey.set(channelKey(key), line)
  }
  return { revision, lines: byKey }
}

/** Programmes of one channel that touch the window; fails with `SyntaxError` or valibot's error for a broken line. */
export function programmesOf(
  snapshot: GuideSnapshot,
  channel: Pick<Channel, 'key'>,
  { from, to }: GuideWindow,
): readonly Programme[] {
  const line = snapshot.lines.get(channel.key)
  if (line === undefined) return []
  return v
    .parse(Line, JSON.parse(line))
    .programmes.map((entry) => toProgramme(v.parse(Entry, entry)))
    .filter((programme) => programme.start < to && programme.stop > from)
}

function toProgramme(entry: v.InferOutput<typeof Entry>): Programme {
  const [start, stop, title, subtitle, description, categories, season, episode, repeat, details] = entry
  const told = { start, stop, title, subtitle, description, categories, season, episode, repeat }
  return details === undefined ? told : { ...told, details }
}
