import type { Schedule, ScheduleKeeper } from '../adapters/linear/schedule-keeper.ts'
import type { Station } from '../adapters/linear/station.ts'
import { Failure } from '../core/errors.ts'
import type { ChannelDesk, PrintedChannel } from './channel-commands.ts'

/** The channels of a house for the command line. `stationOf`: puts one to work; null: its library does not run. */
export const createChannelDesk = ({
  schedules,
  stationOf,
}: {
  readonly schedules: Pick<ScheduleKeeper, 'list' | 'find'>
  readonly stationOf: (schedule: Schedule) => Promise<Station | null>
}): ChannelDesk => ({
  list: () => schedules.list().map(print),
  async items(id, { from, to }) {
    const schedule = schedules.find(id)
    if (schedule.problem !== null) throw schedule.problem
    const station = await stationOf(schedule)
    if (station === null)
      throw new Failure(
        'lineup/unknown-source',
        `The source "${schedule.library}" with the files of "${id}" does not run`,
      )
    return station.planner.items(from, to)
  },
})

const print = ({ id, doc, library, managedBy, problem, document }: Schedule): PrintedChannel => ({
  id,
  name: doc?.name ?? String(document['name'] ?? id),
  number: doc?.number ?? null,
  group: doc?.group ?? null,
  library,
  managedBy,
  problem: problem?.message ?? null,
})
