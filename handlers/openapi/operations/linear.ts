import { MediaQuery, ScanBody, SeriesQuery } from '../../library/media-api.ts'
import { WindowQuery } from '../../list-window.ts'
import { OverrideBody, OverrideQuery, PlanQuery } from '../../schedules/plan-api.ts'
import { ScheduleBody, ScheduleChangeBody } from '../../schedules/schedules-api.ts'
import * as answers from '../answers/linear.ts'
import type { Operation } from '../operation.ts'
import { chapter, made, nothing, ok, tagged } from './parts.ts'

const schedules = chapter('Own channels')
const media = chapter('Own files')
const SCHEDULE = { id: { description: 'Id of the document', example: 'classics' } }
const FILE = { id: { description: 'Id of the file', example: 'm1a2b3' } }
const NOTES = 'Documents are described in docs/linear.md. Those of the configuration file are edited there.'
const PLAN_NOTES = 'A day from now unless the query says otherwise, 15 days at most.'
const document = { id: 'classics', name: 'Classics' }
const UNKNOWN = ['http/not-found', 'linear/unknown-schedule'] as const
const EDIT_FAILURES = [...UNKNOWN, 'config/managed-by-file'] as const

/** Channels of one's own, and the files they are made of. */
export const linearOperations: readonly Operation[] = [
  schedules('GET /api/v1/schedules', 'admin', 'List the documents of channels', {
    query: WindowQuery,
    answers: ok(answers.SchedulesAnswer, 'The documents'),
  }),
  schedules('POST /api/v1/schedules', 'admin', 'Add a channel', {
    notes: NOTES,
    body: { schema: ScheduleBody, example: { library: 'films', document } },
    answers: { 201: { description: 'The document', schema: answers.ScheduleAnswer, tagged: true } },
    failures: ['http/not-found', 'config/id-taken', 'lineup/unknown-source'],
  }),
  schedules('POST /api/v1/schedules/plan', 'admin', 'Show what a document that is not kept would play', {
    notes: PLAN_NOTES,
    query: PlanQuery,
    body: { schema: ScheduleBody, example: { library: 'films', document } },
    answers: ok(answers.PlanAnswer, 'The plan, and what its owner may not want'),
    failures: ['http/not-found', 'lineup/unknown-source'],
  }),
  schedules(
    'POST /api/v1/schedules/catalogue',
    'admin',
    'Give what the plan of a document that is not kept is computed of',
    {
      body: { schema: ScheduleBody, example: { library: 'films', document } },
      answers: ok(answers.MappingAnswer, 'The document with the finds of its pools, and the catalogue'),
      failures: ['http/not-found', 'lineup/unknown-source'],
    },
  ),
  schedules('GET /api/v1/schedules/{id}', 'admin', 'Show the document of a channel', {
    segments: SCHEDULE,
    answers: tagged(answers.ScheduleAnswer, 'The document'),
    failures: UNKNOWN,
  }),
  schedules('PUT /api/v1/schedules/{id}', 'admin', 'Replace the document of a channel', {
    notes: NOTES,
    segments: SCHEDULE,
    ifMatch: 'config/changed',
    body: { schema: ScheduleChangeBody, example: { document } },
    answers: tagged(answers.ScheduleAnswer, 'The document'),
    failures: EDIT_FAILURES,
  }),
  schedules('DELETE /api/v1/schedules/{id}', 'admin', 'Remove a channel', {
    segments: SCHEDULE,
    ifMatch: 'config/changed',
    answers: nothing('It is gone'),
    failures: EDIT_FAILURES,
  }),
  schedules('GET /api/v1/schedules/{id}/plan', 'admin', 'Show what a channel plays', {
    notes: PLAN_NOTES,
    segments: SCHEDULE,
    query: PlanQuery,
    answers: ok(answers.PlanAnswer, 'The plan, and what its owner may not want'),
    failures: UNKNOWN,
  }),
  schedules('GET /api/v1/schedules/{id}/warnings', 'admin', 'List what the owner of a channel may not want', {
    notes: 'A week from now unless the query says otherwise, 15 days at most.',
    segments: SCHEDULE,
    query: PlanQuery,
    answers: ok(answers.WarningsAnswer, 'The warnings'),
    failures: UNKNOWN,
  }),
  schedules('POST /api/v1/schedules/{id}/override', 'admin', 'Show something in place of what is planned, at once', {
    segments: SCHEDULE,
    body: { schema: OverrideBody, example: { text: 'We are back in a moment' } },
    answers: made(answers.ScheduleAnswer, 'The channel with its overrides'),
    failures: UNKNOWN,
  }),
  schedules('DELETE /api/v1/schedules/{id}/override', 'admin', 'Go on with what is planned', {
    segments: SCHEDULE,
    query: OverrideQuery,
    answers: ok(answers.ScheduleAnswer, 'The channel with what is left of its overrides'),
    failures: [...UNKNOWN, 'linear/unknown-override'],
  }),
  schedules('GET /api/v1/schedules/{id}/playout.json', 'admin', 'Give the plan as an ErsatzTV playout', {
    notes: PLAN_NOTES,
    segments: SCHEDULE,
    query: PlanQuery,
    answers: ok(answers.MappingAnswer, 'The document, version 0.0.2'),
    failures: UNKNOWN,
  }),
  schedules('GET /api/v1/schedules/{id}/catalogue', 'admin', 'Give what a plan is computed of', {
    segments: SCHEDULE,
    answers: ok(answers.MappingAnswer, 'Document, catalogue and checkpoint'),
    failures: UNKNOWN,
  }),
  media('GET /api/v1/media', 'admin', 'List the files of libraries', {
    notes: '"state=broken" lists what cannot be shown, with the reason.',
    query: MediaQuery,
    answers: ok(answers.MediaListAnswer, 'A window of the files'),
    failures: ['http/not-found', 'lineup/unknown-source'],
  }),
  media('GET /api/v1/media/libraries', 'admin', 'List libraries, and where work in them has come to', {
    answers: ok(answers.LibrariesAnswer, 'The libraries'),
    failures: ['http/not-found'],
  }),
  media('GET /api/v1/media/series', 'admin', 'List series', {
    query: SeriesQuery,
    answers: ok(answers.MediaSeriesAnswer, 'The series'),
    failures: ['http/not-found', 'lineup/unknown-source'],
  }),
  media('POST /api/v1/media/scan', 'admin', 'Read the folders again now', {
    notes: '"again" also probes once more what could not be read.',
    body: { schema: ScanBody, example: { library: 'films' } },
    answers: { 202: { description: 'The jobs, the first of them in full', schema: answers.ScanAnswer } },
    failures: ['http/not-found', 'lineup/unknown-source', 'source/not-supported'],
  }),
  media('GET /api/v1/media/{id}', 'admin', 'Show a file', {
    segments: FILE,
    answers: ok(answers.MediaAnswer, 'The file'),
    failures: ['http/not-found', 'media/unknown'],
  }),
  media('GET /api/v1/media/{id}/artwork', 'admin', 'Give the picture of a file', {
    segments: FILE,
    answers: { 200: { description: 'The picture', contentType: 'image/jpeg' } },
    failures: ['http/not-found', 'media/unknown', 'logo/none'],
  }),
]
