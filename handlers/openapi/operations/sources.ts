import { EntryBody } from '../../entries/entry-answer.ts'
import { WindowQuery } from '../../list-window.ts'
import { SourceRefreshBody, SourceTestBody } from '../../sources-api.ts'
import * as answers from '../answers/house.ts'
import type { Operation } from '../operation.ts'
import { chapter, ENTRY_NOTES, nothing, ok, PATCH_NOTES, segments, tagged } from './parts.ts'

const add = chapter('Sources')
const EDIT_FAILURES = ['http/not-found', 'config/managed-by-file'] as const

/** Sources. */
export const sourceOperations: readonly Operation[] = [
  add('GET /api/v1/sources', 'viewer', 'List sources', {
    query: WindowQuery,
    answers: ok(answers.SourcesAnswer, 'The sources; viewers get id, name and state'),
  }),
  add('POST /api/v1/sources', 'admin', 'Add a source', {
    notes: ENTRY_NOTES,
    body: { schema: EntryBody, example: { id: 'list', kind: 'm3u', url: 'https://lists.test/tv.m3u' } },
    answers: { 201: { description: 'The source', schema: answers.SourceEditedAnswer, tagged: true } },
    failures: ['config/id-taken'],
  }),
  add('POST /api/v1/sources/test', 'admin', 'Try a source that is not kept; opens no stream', {
    notes: ENTRY_NOTES,
    body: { schema: EntryBody, example: { kind: 'm3u', url: 'https://lists.test/tv.m3u' } },
    answers: ok(answers.DraftAnswer, 'What it gives'),
    failures: ['http/busy'],
  }),
  add('POST /api/v1/sources/search', 'admin', 'Look for receivers and tuners in the own network', {
    notes: 'Asks addresses beside its own (private ones only), and who answers to SSDP. Takes 15 s at most.',
    answers: ok(answers.SourceSearchAnswer, 'What was found'),
    failures: ['http/busy'],
  }),
  add('GET /api/v1/sources/{id}', 'viewer', 'Show a source, with the history of what showed whether it works', {
    segments: segments.source,
    answers: tagged(answers.SourceAnswer, 'The source'),
    failures: ['lineup/unknown-source'],
  }),
  add('PATCH /api/v1/sources/{id}', 'admin', 'Edit a source', {
    notes: PATCH_NOTES,
    segments: segments.source,
    ifMatch: 'config/changed',
    body: { schema: EntryBody, example: { name: 'Provider', enabled: false } },
    answers: tagged(answers.SourceEditedAnswer, 'The source'),
    failures: EDIT_FAILURES,
  }),
  add('DELETE /api/v1/sources/{id}', 'admin', 'Remove a source', {
    segments: segments.source,
    ifMatch: 'config/changed',
    answers: nothing('It is gone, and its streams with it'),
    failures: EDIT_FAILURES,
  }),
  add('POST /api/v1/sources/{id}/refresh', 'admin', 'Ask a source for its channels now', {
    notes: '"acceptShrunk" takes a line-up that was refused because much of it is gone.',
    segments: segments.source,
    body: { schema: SourceRefreshBody, example: { acceptShrunk: true }, optional: true },
    answers: { 202: { description: 'The source, and the job that asks it', schema: answers.SourceRefreshAnswer } },
    failures: ['lineup/unknown-source', 'source/not-supported'],
  }),
  add(
    'POST /api/v1/sources/{id}/test',
    'admin',
    'Ask a source whether it answers, also in the name of other programs',
    {
      segments: segments.source,
      body: { schema: SourceTestBody, example: { userAgent: 'VLC/3.0.20', stream: true }, optional: true },
      answers: ok(answers.SourceTestAnswer, 'What came of it'),
      failures: ['lineup/unknown-source', 'http/busy', 'source/not-supported'],
    },
  ),
]
