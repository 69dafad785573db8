import * as v from 'valibot'
import { LOG_LEVELS } from '../../../core/log.ts'
import { count, instant, text } from './leaves.ts'

/** A window of the log. */
export const LogsAnswer = v.strictObject({
  total: count(),
  until: count(1204),
  level: v.picklist(LOG_LEVELS),
  items: v.array(
    v.strictObject({
      id: count(1204),
      at: instant,
      level: v.picklist(LOG_LEVELS),
      event: text('relay-opened'),
      facts: v.record(v.string(), v.unknown()),
    }),
  ),
})

/** Until when new lines come, and the newest one now. */
export const TailAnswer = v.strictObject({ until: instant, newest: count(1204) })
