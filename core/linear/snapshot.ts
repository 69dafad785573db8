import * as v from 'valibot'
import type { Programme } from '../guide/programme.ts'
import { channelKey } from '../lineup/channel.ts'
import type { ChannelKey } from '../lineup/channel.ts'
import { stableHash } from '../stable-hash.ts'
import { readCatalogue } from './catalogue-schema.ts'
import type { Catalogue } from './catalogue.ts'
import { createCalendar } from './civil-day.ts'
import { readChannelDoc } from './document.ts'
import type { ChannelDoc } from './document.ts'
import { clockMs } from './document/values.ts'
import { readCheckpoint } from './plan/checkpoint.ts'
import type { Checkpoint } from './plan/checkpoint.ts'
import { erasOf, eraAt } from './plan/revisions.ts'
import { createPlanner } from './planner.ts'
import { programmesBetween } from './programmes.ts'

/** All that the plan of a channel of the line-up is made of, from a state on. */
export type PublishedChannel = {
  readonly key: ChannelKey
  readonly doc: ChannelDoc
  readonly catalogue: Catalogue
  readonly checkpoint: Checkpoint
}

/** Port: channels of one's own, as fronts may plan them. */
export interface PublishedChannels {
  /** Those of the line-up, each with a state from which windows that begin at this instant can be planned. */
  published(from: number): Promise<readonly PublishedChannel[]>
}

/** What a front keeps: lines of JSON, which are read only when somebody asks for their channel. */
export type LinearSnapshot = {
  readonly revision: string
  readonly media: string
  readonly channels: ReadonlyMap<ChannelKey, string>
}

const FORMAT = 1
/** Planners that a front keeps ready. */
const MOST_PLANNERS = 50

const Head = v.object({ format: v.literal(FORMAT), revision: v.string() })
const Line = v.object({ key: v.number(), doc: v.unknown(), checkpoint: v.unknown() })

/**
 * Writes the documents, their common catalogue and their states: a head line, the catalogue, then one line a channel.
 * Revisions that are over before the state are left out, and media that only they name.
 */
export function writeLinearSnapshot(channels: readonly PublishedChannel[]): readonly string[] {
  const recent = channels.map((channel) => ({ ...channel, doc: withoutPast(channel.doc, channel.checkpoint) }))
  const media: Record<string, Catalogue['media'][string]> = {}
  for (const { doc, catalogue } of recent)
    for (const id of namedIn(doc)) {
      const item = Object.hasOwn(catalogue.media, id) ? catalogue.media[id] : undefined
      if (item !== undefined) media[id] = item
    }
  const catalogue = JSON.stringify({ revision: '', media })
  const lines = recent.map(({ key, doc, checkpoint }) => JSON.stringify({ key, doc, checkpoint }))
  const revision = stableHash([catalogue, ...lines].join('\n')).toString(36)
  return [JSON.stringify({ format: FORMAT, revision }), catalogue, ...lines].map((line) => `${line}\n`)
}

/** The document from the revision on that holds where the state is. */
function withoutPast(doc: ChannelDoc, { at }: Checkpoint): ChannelDoc {
  const eras = erasOf(doc, createCalendar(doc.zone, clockMs(doc.dayStart)))
  const held = new Set(eras.slice(Math.max(0, eraAt(eras, at))).map(({ revision }) => revision))
  const [first, ...rest] = doc.revisions.filter((revision) => held.has(revision))
  return first === undefined ? doc : { ...doc, revisions: [first, ...rest] }
}

const namedIn = ({ revisions, overrides }: ChannelDoc): string[] => [
  ...revisions.flatMap(({ pools }) => pools.flatMap(({ items }) => items)),
  ...overrides.flatMap(({ show }) => (show.kind === 'media' ? [show.media] : [])),
]

const LINE_START = /^\{"key":(\d{1,10}),"doc":\{/

/** Reads a snapshot's lines without parsing them. Fails with `SyntaxError` or valibot's error if it is none. */
export function readLinearSnapshot(text: string): LinearSnapshot {
  const [head = '', media = '', ...lines] = text.split('\n')
  const { revision } = v.parse(Head, JSON.parse(head))
  const channels = new Map<ChannelKey, string>()
  for (const line of lines) {
    if (line === '') continue
    const key = Number(LINE_START.exec(line)?.[1] ?? Number.NaN)
    if (Number.isNaN(key)) throw new SyntaxError('A line of the snapshot should start with a channel key')
    channels.set(channelKey(key), line)
  }
  return { revision, media, channels }
}

/** The guide of channels of one's own, planned where it is asked for. */
export type LinearGuide = {
  readonly revision: string
  /** The programmes that overlap a window, whole; none for channels that are no such ones, and before their state. */
  programmes(key: ChannelKey, window: { readonly from: number; readonly to: number }): readonly Programme[]
}

/** Makes the guide from a snapshot. Reads of it what is asked for; fails as `readLinearSnapshot` for what is broken. */
export function createLinearGuide({ revision, media, channels }: LinearSnapshot): LinearGuide {
  let catalogue: Catalogue | null = null
  const ready = new Map<ChannelKey, (window: { from: number; to: number }) => readonly Programme[]>()

  const open = (line: string): ((window: { from: number; to: number }) => readonly Programme[]) => {
    const known = (catalogue ??= readCatalogue(JSON.parse(media)))
    const { doc, checkpoint } = v.parse(Line, JSON.parse(line))
    const start = readCheckpoint(checkpoint)
    if (start === null) throw new SyntaxError('A line of the snapshot should have a checkpoint')
    const planner = createPlanner(readChannelDoc(doc), known, start)
    const items = (from: number, to: number) => planner.items(Math.max(from, start.at), to)
    return ({ from, to }) => (to <= start.at ? [] : programmesBetween({ items }, known, { from, to }))
  }

  return {
    revision,
    programmes(key, { from, to }) {
      const line = channels.get(key)
      if (line === undefined) return []
      let plan = ready.get(key)
      if (plan === undefined) {
        if (ready.size >= MOST_PLANNERS) ready.clear()
        plan = open(line)
        ready.set(key, plan)
      }
      return plan({ from, to })
    },
  }
}

/** Programmes that are known, and after the last of them what is planned. */
export function continued(known: readonly Programme[], planned: readonly Programme[]): readonly Programme[] {
  const end = known.at(-1)?.stop ?? -Infinity
  const later = planned
    .filter(({ stop }) => stop > end)
    .map((programme) => (programme.start < end ? { ...programme, start: end } : programme))
  return later.length === 0 ? known : [...known, ...later]
}
