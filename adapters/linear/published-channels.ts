import type { LineupReader } from '../../core/lineup/lineup.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { PublishedChannel, PublishedChannels } from '../../core/linear/snapshot.ts'
import type { LinearRoom } from '../sources/media/linear-room.ts'
import type { ScheduleKeeper } from './schedule-keeper.ts'
import type { Station } from './station.ts'

/**
 * The channels of one's own that fronts may plan by themselves: those of the line-up that are switched on and play first
 * what is planned here.
 */
export function createPublishedChannels({
  schedules,
  libraries,
  lineup,
}: {
  readonly schedules: Pick<ScheduleKeeper, 'list'>
  readonly libraries: () => readonly { readonly id: SourceId; readonly linear: Pick<LinearRoom, 'stations'> }[]
  readonly lineup: Pick<LineupReader, 'current'>
}): PublishedChannels {
  return {
    async published(from) {
      const keys = new Map(
        lineup
          .current()
          .channels.filter(({ enabled }) => enabled)
          .flatMap(({ key, streams: [first] }) => (first === undefined ? [] : [[String(first.id), key] as const])),
      )
      const rooms = new Map(libraries().map(({ id, linear }) => [String(id), linear]))
      const found: PublishedChannel[] = []
      for (const { id, library } of schedules.list()) {
        const key = keys.get(streamId(sourceId(library), id))
        const room = rooms.get(library)
        if (key === undefined || room === undefined) continue
        const station = await findStation(room, id)
        if (station === null) continue
        const { planner } = station
        found.push({ key, doc: planner.doc, catalogue: planner.catalogue, checkpoint: planner.checkpoint(from) })
      }
      return found
    },
  }
}

/** A library that cannot be opened has no channels; its source says why, and the others are published all the same. */
async function findStation(room: Pick<LinearRoom, 'stations'>, id: string): Promise<Station | null> {
  try {
    return (await room.stations()).find(id)
  } catch {
    return null
  }
}
