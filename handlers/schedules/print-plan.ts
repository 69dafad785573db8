import type { ScheduleWarning } from '../../core/linear/warnings.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'
import { toProblem } from '../problem.ts'
import { printProgramme } from '../guide-programmes-api.ts'
import { printInstant } from '../status.ts'
import type { SchedulePlan, ScheduleView } from './schedule-desk.ts'

/** The document of a channel as the API shows it. */
export const printSchedule = ({ problem, ...view }: ScheduleView) => ({
  ...view,
  problem: problem === null ? null : toProblem(problem),
})

/** A plan as the API shows it. */
export const printPlan = ({ items, programmes, warnings }: SchedulePlan) => ({
  items: items.map(printItem),
  programmes: programmes.map(printProgramme),
  warnings: warnings.map(printWarning),
})

/** A warning as the API shows it. */
export const printWarning = ({ at, ...warning }: ScheduleWarning) => ({ at: printInstant(at), ...warning })

const printItem = ({ start, stop, ...item }: PlanItem) => ({
  ...item,
  start: printInstant(start),
  stop: printInstant(stop),
})
