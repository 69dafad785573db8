import { ChoicesQuery, SamplesQuery, ViewingsQuery } from '../../history/history-api.ts'
import { ChoicesAnswer, SamplesAnswer, ViewingsAnswer } from '../answers/history.ts'
import type { Operation } from '../operation.ts'
import { chapter, nothing, ok } from './parts.ts'

const history = chapter('History')

/** What happened: who watched, and how busy the house was. */
export const historyOperations: readonly Operation[] = [
  history('GET /api/v1/history/streams', 'admin', 'List who watched what, the newest first', {
    notes:
      'Films, replays and every face count. "reason" says why it ended ("running": it goes on); "from" and "to" take what went on at some time between them.',
    query: ViewingsQuery,
    answers: ok(ViewingsAnswer, 'A window of the viewings'),
  }),
  history('GET /api/v1/history/choices', 'admin', 'List by whom, what or from where there is history', {
    notes:
      'At most 50 values of "of" (person, channel, source) whose name has "text" in it, the most frequent first: what "person", "channel" and "source" of the list of viewings take.',
    query: ChoicesQuery,
    answers: ok(ChoicesAnswer, 'The values'),
  }),
  history('GET /api/v1/history/samples', 'admin', 'Show how busy the house was', {
    notes:
      'One sample for each "step" seconds: every 10 s for the last two hours, every 5 minutes before. The step that was taken is in the answer: it is longer where there would be more than 1000.',
    query: SamplesQuery,
    answers: ok(SamplesAnswer, 'The samples, the oldest first'),
  }),
  history('POST /api/v1/history/figures', 'admin', 'Ask for live figures', {
    notes: 'The event "figures" comes once a second for the next 30 s to all admins who follow events.',
    answers: nothing('They come'),
  }),
]
