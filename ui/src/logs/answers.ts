import * as v from 'valibot'
import { LOG_LEVELS } from '../../../core/log.ts'
import { Instant } from '../api/answers.ts'

/** A line of the log. */
export const LogLine = v.object({
  id: v.number(),
  at: Instant,
  level: v.picklist(LOG_LEVELS),
  event: v.string(),
  facts: v.record(v.string(), v.unknown()),
})
export type LogLine = v.InferOutput<typeof LogLine>

/** `GET /api/v1/logs`: a window of the lines up to `until`, newest first. */
export const LogsAnswer = v.object({
  total: v.number(),
  until: v.number(),
  level: v.picklist(LOG_LEVELS),
  items: v.array(LogLine),
})

/** The event `log`: new lines, oldest first; `leftOut` lines before them were too many. */
export const LogEvent = v.object({ lines: v.array(LogLine), leftOut: v.number(), newest: v.number() })
