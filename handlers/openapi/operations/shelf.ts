import { WindowQuery } from '../../list-window.ts'
import { RecordingsQuery } from '../../recordings-api.ts'
import { NewTimerBody, TimerChangeBody } from '../../timers-api.ts'
import { VodKindQuery, VodListQuery } from '../../vod-api.ts'
import * as answers from '../answers/shelf.ts'
import type { Operation } from '../operation.ts'
import { chapter, made, nothing, ok, segments } from './parts.ts'

const films = chapter('Films and series')
const timers = chapter('Recordings and timers')
const TIMER = {
  sourceId: { description: 'Id of the receiver', example: 'receiver' },
  id: { description: 'Id of the timer', example: 't1' },
}

/** Films, series, recordings and timers. */
export const shelfOperations: readonly Operation[] = [
  films('GET /api/v1/vod', 'watcher', 'List sources that have films or series', {
    query: WindowQuery,
    answers: ok(answers.NamesAnswer, 'The sources'),
  }),
  films('GET /api/v1/vod/{sourceId}/categories', 'watcher', 'List categories', {
    segments: segments.shelf,
    query: VodKindQuery,
    answers: ok(answers.NamesAnswer, 'The categories'),
    failures: ['lineup/unknown-source'],
  }),
  films('GET /api/v1/vod/{sourceId}/entries', 'watcher', 'List films or series', {
    segments: segments.shelf,
    query: VodListQuery,
    answers: ok(answers.VodEntriesAnswer, 'A window of them'),
    failures: ['lineup/unknown-source'],
  }),
  films('GET /api/v1/vod/{sourceId}/films/{id}', 'watcher', 'Show a film', {
    segments: { ...segments.shelf, id: { description: 'Id of the film', example: 'f1' } },
    answers: ok(answers.FilmAnswer, 'The film'),
    failures: ['lineup/unknown-source', 'vod/unknown-item'],
  }),
  films('GET /api/v1/vod/{sourceId}/series/{id}', 'watcher', 'Show a series with its episodes', {
    segments: { ...segments.shelf, id: { description: 'Id of the series', example: 's1' } },
    answers: ok(answers.SeriesAnswer, 'The series'),
    failures: ['lineup/unknown-source', 'vod/unknown-item'],
  }),
  timers('GET /api/v1/recordings', 'watcher', 'List what receivers have recorded, the newest first', {
    query: RecordingsQuery,
    answers: ok(answers.RecordingsAnswer, 'A window of the recordings'),
    failures: ['lineup/unknown-source'],
  }),
  timers('GET /api/v1/timers', 'watcher', 'List the timers of receivers', {
    query: WindowQuery,
    answers: ok(answers.TimersAnswer, 'The timers'),
  }),
  timers('POST /api/v1/timers', 'admin', 'Add a timer by a programme of the guide, or by times', {
    notes: 'Times without a zone are on the clock of the receiver. 409 names what is in the way in "conflicts".',
    body: { schema: NewTimerBody, example: { channelId: 'c1', programme: '2026-11-21T20:15:00Z' } },
    answers: made(answers.TimerAnswer, 'The timer'),
    failures: ['lineup/unknown-channel', 'lineup/unknown-source', 'timer/conflict', 'timer/refused'],
  }),
  timers('PATCH /api/v1/timers/{sourceId}/{id}', 'admin', 'Edit a timer', {
    notes: 'Its id tells channel and times and changes with them: an edit of what was edited meanwhile is 404.',
    segments: TIMER,
    body: { schema: TimerChangeBody, example: { enabled: false } },
    answers: ok(answers.TimerAnswer, 'The timer, with its new id'),
    failures: ['lineup/unknown-source', 'timer/unknown', 'timer/conflict', 'timer/refused'],
  }),
  timers('DELETE /api/v1/timers/{sourceId}/{id}', 'admin', 'Remove a timer', {
    segments: TIMER,
    answers: nothing('It is gone'),
    failures: ['lineup/unknown-source', 'timer/unknown', 'timer/refused'],
  }),
]
