import { Failure } from '../../core/errors.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { ChannelId } from '../../core/lineup/channel.ts'
import type { LineupReader } from '../../core/lineup/lineup.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import { catalogueFor, resolvePools } from '../../core/linear/catalogue.ts'
import { ersatzPlayout } from '../../core/linear/ersatz.ts'
import type { ErsatzPlayout } from '../../core/linear/ersatz.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'
import { createPlanner } from '../../core/linear/planner.ts'
import type { Planner } from '../../core/linear/planner.ts'
import { programmesBetween } from '../../core/linear/programmes.ts'
import { checkSchedule } from '../../core/linear/warnings.ts'
import type { ScheduleWarning } from '../../core/linear/warnings.ts'
import type { LinearRoom } from '../sources/media/linear-room.ts'
import type { Schedule, ScheduleKeeper } from './schedule-keeper.ts'
import type { Station } from './station.ts'

type Mapping = Readonly<Record<string, unknown>>
type Window = { readonly from: number; readonly to: number }

/** What a desk is made of. */
export type ScheduleDeskParts = {
  readonly schedules: ScheduleKeeper
  /** Sources with files that run, in order of priority. */
  readonly libraries: () => readonly { readonly id: SourceId; readonly linear: LinearRoom }[]
  readonly lineup: Pick<LineupReader, 'current'>
  /** Resolves when line-up and guide say what was edited before. */
  readonly settled: () => Promise<void>
  /** Where a channel of this house is watched; null: not known. */
  readonly liveAddress: (channel: string) => string | null
  readonly now: () => number
}

const EVERYTHING = { filter: {}, offset: 0, limit: Infinity } as const

/** The documents of channels and what they make of time, for the API. */
export function createScheduleDesk({ schedules, libraries, lineup, settled, liveAddress, now }: ScheduleDeskParts) {
  const roomOf = (id: string): LinearRoom => {
    const found = libraries().find((library) => library.id === id)
    if (found === undefined) throw new Failure('lineup/unknown-source', `No running library has the id "${id}"`)
    return found.linear
  }
  /** The library that is meant; null: the only one. */
  const meant = (id: string | null): string => {
    if (id !== null) return id
    const [only, ...others] = libraries()
    if (only === undefined)
      throw new Failure('lineup/unknown-source', 'There is no library: add a folder of films as a source')
    if (others.length > 0) throw new Failure('http/bad-request', '"library" is missing: there is more than one')
    return only.id
  }
  const channelIds = (): ReadonlyMap<string, ChannelId> =>
    new Map(
      lineup.current().channels.flatMap(({ id, streams }) => streams.map((stream) => [String(stream.id), id] as const)),
    )
  const viewOf = ({ doc: _doc, ...schedule }: Schedule, ids = channelIds()) => ({
    ...schedule,
    channelId: ids.get(streamId(sourceId(schedule.library), schedule.id)) ?? null,
  })
  const stationOf = async (id: string): Promise<Station> => {
    const { library, problem } = schedules.find(id)
    if (problem !== null) throw problem
    const station = (await roomOf(library).stations()).find(id)
    if (station === null) throw new Failure('linear/unknown-schedule', `The channel "${id}" is not at work`)
    return station
  }
  /** The channels of a library have to be at work before one of them changes: they tell the line-up. */
  const editing = async (library: string, edit: () => Promise<Schedule | void>) => {
    await roomOf(library).stations()
    const after = await edit()
    await settled()
    return after
  }
  const edited = async (id: string, edit: () => Promise<Schedule>) => {
    await editing(schedules.find(id).library, edit)
    return viewOf(schedules.find(id))
  }
  /** A document that is not kept, as it would be published, and what its plan is made of. */
  const drafted = async (document: Mapping, library: string | null) => {
    const doc = schedules.draft(document)
    const { items } = (await roomOf(meant(library)).library()).items(EVERYTHING)
    const resolved = resolvePools(doc, items)
    return { document: resolved, catalogue: catalogueFor([resolved], items) }
  }

  return {
    list() {
      const ids = channelIds()
      return schedules.list().map((schedule) => viewOf(schedule, ids))
    },
    find: (id: string) => viewOf(schedules.find(id)),
    async add(document: Mapping, library: string | null) {
      const into = meant(library)
      let added = ''
      await editing(into, async () => {
        added = (await schedules.add(document, into)).id
      })
      return viewOf(schedules.find(added))
    },
    replace: (id: string, document: Mapping, revision: string | null) =>
      edited(id, () => schedules.replace(id, document, revision)),
    async remove(id: string, revision: string | null) {
      await editing(schedules.find(id).library, () => schedules.remove(id, revision))
    },
    override: (id: string, override: Mapping, by: string | null) =>
      edited(id, () => schedules.override(id, override, by)),
    endOverride: (id: string, override: string | null) => edited(id, () => schedules.endOverride(id, override)),
    plan: async (id: string, window: Window) => planOf((await stationOf(id)).planner, window),
    async tryPlan(document: Mapping, library: string | null, window: Window) {
      const { document: resolved, catalogue } = await drafted(document, library)
      return planOf(createPlanner(resolved, catalogue), window)
    },
    tryCatalogue: drafted,
    playout: async (id: string, window: Window): Promise<ErsatzPlayout> => {
      const { doc, planner } = await stationOf(id)
      const library = await roomOf(schedules.find(id).library).library()
      return ersatzPlayout(planner.items(window.from, window.to), library, { house: doc.house, liveAddress })
    },
    async catalogue(id: string): Promise<Mapping> {
      const { doc, planner } = await stationOf(id)
      return { document: doc, catalogue: planner.catalogue, checkpoint: planner.checkpoint(now()) }
    },
  }
}

const DAY_MS = 86_400_000

/** What a plan makes of a window. */
function planOf(
  planner: Planner,
  { from, to }: Window,
): {
  readonly items: readonly PlanItem[]
  readonly programmes: readonly Programme[]
  readonly warnings: readonly ScheduleWarning[]
} {
  const { doc, catalogue } = planner
  const days = Math.max(1, Math.ceil((to - from) / DAY_MS))
  return {
    items: planner.items(from, to),
    programmes: programmesBetween(planner, catalogue, { from, to }),
    warnings: checkSchedule(doc, catalogue, { from, days, checkpoint: planner.checkpoint(from) }),
  }
}
