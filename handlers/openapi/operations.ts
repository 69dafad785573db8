import type { Operation } from './operation.ts'
import { accessOperations } from './operations/access.ts'
import { alertOperations } from './operations/alerts.ts'
import { channelOperations } from './operations/channels.ts'
import { groupOperations } from './operations/groups.ts'
import { guideOperations } from './operations/guide.ts'
import { historyOperations } from './operations/history.ts'
import { linearOperations } from './operations/linear.ts'
import { peopleOperations } from './operations/people.ts'
import { shelfOperations } from './operations/shelf.ts'
import { sourceOperations } from './operations/sources.ts'
import { streamOperations } from './operations/streams.ts'
import { systemOperations } from './operations/system.ts'

/** Everything that the API of a house can do, in the order of its documentation. */
export const OPERATIONS: readonly Operation[] = [
  ...channelOperations,
  ...groupOperations,
  ...guideOperations,
  ...shelfOperations,
  ...linearOperations,
  ...sourceOperations,
  ...streamOperations,
  ...historyOperations,
  ...alertOperations,
  ...peopleOperations,
  ...accessOperations,
  ...systemOperations,
]
