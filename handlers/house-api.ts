import { alertRoutes } from './alerts/alerts-api.ts'
import type { ApiRoutes } from './api.ts'
import { backupRoutes } from './backup/backup-api.ts'
import { restoreRoutes } from './backup/restore-api.ts'
import { channelEditRoutes } from './channel-edit-api.ts'
import { guideEntryRoutes } from './entries/guide-entries-api.ts'
import { sourceEntryRoutes } from './entries/source-entries-api.ts'
import { groupRoutes } from './groups-api.ts'
import { guideFeedRoutes } from './guide-feeds-api.ts'
import { guideMatchRoutes } from './guide-matches-api.ts'
import { guideProgrammeRoutes } from './guide-programmes-api.ts'
import { guideSearchRoutes } from './guide-search-api.ts'
import { historyRoutes } from './history/history-api.ts'
import { jobRoutes } from './jobs/jobs-api.ts'
import { lineupRoutes } from './lineup-api.ts'
import { logoEditRoutes } from './lineup/logo-api.ts'
import { rowRoutes } from './lineup/rows-api.ts'
import { mediaRoutes } from './library/media-api.ts'
import { logRoutes } from './logs/logs-api.ts'
import { recordingRoutes } from './recordings-api.ts'
import { planRoutes } from './schedules/plan-api.ts'
import { scheduleRoutes } from './schedules/schedules-api.ts'
import { selectionRoutes } from './selections-api.ts'
import { shortLinkRoutes } from './short-links/api.ts'
import { sourceSearchRoutes } from './entries/source-search-api.ts'
import { sourceRoutes } from './sources-api.ts'
import { streamEditRoutes } from './stream-edits-api.ts'
import { streamRoutes } from './streams-api.ts'
import { systemRoutes } from './system/system-api.ts'
import { timerRoutes } from './timers-api.ts'
import { tokenRoutes } from './tokens.ts'
import { auditRoutes } from './people/audit-api.ts'
import { userRoutes } from './people/users-api.ts'
import { vodRoutes } from './vod-api.ts'

/**
 * What a house with sources and a store offers under `/api/v1`, and a front does not: it would only carry it around. Fixed
 * addresses (`/channels/bulk`) come before `/channels/{id}`.
 */
export const houseApi: ApiRoutes = [
  lineupRoutes,
  rowRoutes,
  streamEditRoutes,
  logoEditRoutes,
  groupRoutes,
  selectionRoutes,
  shortLinkRoutes,
  userRoutes,
  auditRoutes,
  tokenRoutes,
  streamRoutes,
  sourceSearchRoutes,
  sourceEntryRoutes,
  sourceRoutes,
  historyRoutes,
  alertRoutes,
  jobRoutes,
  channelEditRoutes,
  logRoutes,
  backupRoutes,
  restoreRoutes,
  systemRoutes,
  vodRoutes,
  planRoutes,
  scheduleRoutes,
  mediaRoutes,
  recordingRoutes,
  timerRoutes,
  guideEntryRoutes,
  guideFeedRoutes,
  guideMatchRoutes,
  guideProgrammeRoutes,
  guideSearchRoutes,
]
