import { EntryBody } from '../../entries/entry-answer.ts'
import { FeedPreviewQuery, FeedRefreshBody, FeedSearchQuery } from '../../guide-feeds-api.ts'
import { MatchAcceptBody, MatchBody, MatchListQuery, MatchUndoBody } from '../../guide-matches-api.ts'
import { ProgrammesQuery } from '../../guide-programmes-api.ts'
import { GuideSearchQuery } from '../../guide-search-api.ts'
import { WindowQuery } from '../../list-window.ts'
import * as answers from '../answers/guide.ts'
import type { Operation } from '../operation.ts'
import { chapter, ENTRY_NOTES, nothing, ok, PATCH_NOTES, segments, tagged } from './parts.ts'

const add = chapter('Guide')
const FEED = { segments: segments.feed, failures: ['guide/unknown-feed'] } as const
const EDIT_FAILURES = ['http/not-found', 'config/managed-by-file'] as const
const MATCH = { segments: segments.channel, failures: ['lineup/unknown-channel'] } as const

/** Programmes, guides that are documents, and which channel uses which. */
export const guideOperations: readonly Operation[] = [
  add('GET /api/v1/guide/programmes', 'watcher', 'Show a window of the guide', {
    notes: 'Four hours from now unless "from" and "to" say otherwise, 48 hours at most.',
    query: ProgrammesQuery,
    answers: ok(answers.ProgrammesAnswer, 'Channels and their programmes'),
    failures: ['guide/not-ready', 'lineup/not-ready'],
  }),
  add('GET /api/v1/guide/search', 'watcher', 'Search programmes', {
    notes:
      'From now, or "from", on; all words in title or subtitle, in order of time. "isWhole" is false where not all channels were looked through.',
    query: GuideSearchQuery,
    answers: ok(answers.GuideSearchAnswer, 'Programmes and their channels'),
    failures: ['guide/not-ready', 'lineup/not-ready'],
  }),
  add('GET /api/v1/guide/feeds', 'admin', 'List guides that are documents', {
    query: WindowQuery,
    answers: ok(answers.FeedsAnswer, 'The guides'),
  }),
  add('POST /api/v1/guide/feeds', 'admin', 'Add a guide', {
    notes: ENTRY_NOTES,
    body: { schema: EntryBody, example: { id: 'europe', url: 'https://guides.test/europe.xml.gz' } },
    answers: { 201: { description: 'The guide', schema: answers.FeedAnswer, tagged: true } },
    failures: ['config/id-taken'],
  }),
  add('GET /api/v1/guide/feeds/{id}', 'admin', 'Show a guide', {
    ...FEED,
    answers: tagged(answers.FeedAnswer, 'The guide'),
  }),
  add('PATCH /api/v1/guide/feeds/{id}', 'admin', 'Edit a guide', {
    notes: PATCH_NOTES,
    segments: segments.feed,
    ifMatch: 'config/changed',
    body: { schema: EntryBody, example: { name: 'Europe' } },
    answers: tagged(answers.FeedAnswer, 'The guide'),
    failures: EDIT_FAILURES,
  }),
  add('DELETE /api/v1/guide/feeds/{id}', 'admin', 'Remove a guide, and what was imported of it', {
    segments: segments.feed,
    ifMatch: 'config/changed',
    answers: nothing('It is gone'),
    failures: EDIT_FAILURES,
  }),
  add('POST /api/v1/guide/feeds/{id}/refresh', 'admin', 'Fetch a guide now', {
    ...FEED,
    notes: '"acceptCutOff" takes a document that was refused because much of it is gone.',
    body: { schema: FeedRefreshBody, example: { acceptCutOff: true }, optional: true },
    answers: { 202: { description: 'The guide, and the job that fetches it', schema: answers.FeedRefreshAnswer } },
  }),
  add('DELETE /api/v1/guide/feeds/{id}/refresh', 'admin', 'End a refresh', {
    ...FEED,
    answers: nothing('Nothing is fetched'),
  }),
  add('GET /api/v1/guide/feeds/{id}/channels', 'admin', 'Look for channels of a guide by id or name', {
    ...FEED,
    query: FeedSearchQuery,
    answers: ok(answers.FeedChannelsAnswer, 'A window of its channels'),
  }),
  add('GET /api/v1/guide/feeds/{id}/programmes', 'admin', 'Show what a guide tells of the next 24 hours of a channel', {
    segments: segments.feed,
    query: FeedPreviewQuery,
    answers: ok(answers.FeedProgrammesAnswer, 'The programmes'),
    failures: ['guide/unknown-feed', 'guide/unknown-channel'],
  }),
  add('GET /api/v1/guide/matches', 'admin', 'List which guides channels use, and why', {
    notes: '"chosen": decided, "used": matched by itself, "suggested": worth a look.',
    query: MatchListQuery,
    answers: ok(answers.MatchesAnswer, 'A window of the channels'),
  }),
  add('POST /api/v1/guide/matches/accept', 'admin', 'Accept all suggestions from a score on', {
    notes: 'Decisions stay as they are; "dryRun" only counts.',
    body: { schema: MatchAcceptBody, example: { threshold: 0.8, dryRun: true } },
    answers: ok(answers.AcceptedAnswer, 'How many, and the word to take it back with'),
    failures: ['lineup/bad-filter'],
  }),
  add('POST /api/v1/guide/matches/undo', 'admin', 'Take back what was accepted together', {
    notes: 'The last 20 since the start; what was decided by hand meanwhile stays.',
    body: { schema: MatchUndoBody, example: { undo: '3' } },
    answers: ok(answers.MatchesUndoneAnswer, 'How many'),
    failures: ['lineup/cannot-undo'],
  }),
  add('GET /api/v1/guide/matches/{id}', 'admin', 'Show which guides a channel uses, with all candidates', {
    ...MATCH,
    answers: tagged(answers.OneMatchAnswer, 'The channel'),
  }),
  add('PUT /api/v1/guide/matches/{id}', 'admin', 'Decide which guides a channel uses', {
    notes: 'The first layer counts most, the others fill its gaps; none: no guide.',
    segments: segments.channel,
    ifMatch: 'config/changed',
    body: { schema: MatchBody, example: { layers: [{ feed: 'europe', channel: 'DasErste.de', shiftMinutes: 60 }] } },
    answers: tagged(answers.MatchAnswer, 'The channel'),
    failures: ['lineup/unknown-channel', 'guide/unknown-channel'],
  }),
  add('DELETE /api/v1/guide/matches/{id}', 'admin', 'Take the decision about a channel back', {
    ...MATCH,
    ifMatch: 'config/changed',
    answers: tagged(answers.MatchAnswer, 'The channel'),
  }),
]
