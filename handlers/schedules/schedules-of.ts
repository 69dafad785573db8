import { Failure } from '../../core/errors.ts'
import type { Gateway } from '../gateway.ts'
import type { ScheduleDesk } from './schedule-desk.ts'

/** What is planned in this house. Fails with `http/not-found` on a front. */
export function schedulesOf({ schedules }: Pick<Gateway, 'schedules'>): ScheduleDesk {
  if (schedules == null) throw new Failure('http/not-found', "Channels of one's own are made where the files are")
  return schedules
}
