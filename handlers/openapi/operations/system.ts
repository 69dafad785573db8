import { LogsQuery, TailBody } from '../../logs/logs-api.ts'
import { LogsAnswer, TailAnswer } from '../answers/system.ts'
import type { Operation } from '../operation.ts'
import { chapter, ok } from './parts.ts'

const logs = chapter('Log')

/** Looking behind the screens: log, backups, settings. */
export const systemOperations: readonly Operation[] = [
  logs('GET /api/v1/logs', 'admin', 'List lines of the log, the newest first', {
    notes:
      '"event" may end in "*"; "level" means that one and above. "until", the id of a line, keeps windows steady while new lines come.',
    query: LogsQuery,
    answers: ok(LogsAnswer, 'A window of what is kept in memory'),
    failures: ['http/not-found'],
  }),
  logs('PUT /api/v1/logs/tail', 'admin', 'Be told of new lines with the events, for a minute', {
    notes: 'Events "log" {lines, leftOut, newest}; "leftOut" lines before them were too many.',
    body: { schema: TailBody, example: { level: 'info' } },
    answers: ok(TailAnswer, 'Until when'),
    failures: ['http/not-found'],
  }),
]
