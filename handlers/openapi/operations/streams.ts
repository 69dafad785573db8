import * as v from 'valibot'
import { EventsQuery } from '../../events.ts'
import { JobsQuery } from '../../jobs/jobs-api.ts'
import { WindowQuery } from '../../list-window.ts'
import { SwitchBody } from '../../streams-api.ts'
import { JobAnswer, StreamAnswer, StreamChoiceAnswer } from '../answers/house.ts'
import { listOf } from '../answers/leaves.ts'
import type { Operation } from '../operation.ts'
import { chapter, nothing, ok, segments } from './parts.ts'

const streams = chapter('Streams')
const jobs = chapter('Jobs')
const events = chapter('Events')
const stream = segments.runningChannel

/** What runs: streams, long work, and what changes. */
export const streamOperations: readonly Operation[] = [
  streams('GET /api/v1/streams', 'admin', 'List what runs', {
    query: WindowQuery,
    answers: ok(listOf(StreamAnswer), 'The streams and who watches'),
  }),
  streams(
    'DELETE /api/v1/streams/{channelId}',
    'admin',
    'Stop a channel for all its viewers, or a film or replay by its id',
    {
      segments: stream,
      answers: nothing('It stops'),
      failures: ['lineup/unknown-channel', 'http/not-found'],
    },
  ),
  streams('GET /api/v1/streams/{channelId}/choices', 'admin', 'List the streams that a channel can go on with', {
    segments: stream,
    query: WindowQuery,
    answers: ok(listOf(StreamChoiceAnswer), 'The streams in order of failover, and how each has fared since the start'),
    failures: ['lineup/unknown-channel'],
  }),
  streams('POST /api/v1/streams/{channelId}/switch', 'admin', 'Go on with another stream of a running channel', {
    segments: stream,
    notes: '"streamId": one of its choices; null: the next one.',
    body: { schema: SwitchBody, example: { streamId: null } },
    answers: nothing('It is on its way'),
    failures: ['http/not-found', 'live/unknown-stream'],
  }),
  streams('DELETE /api/v1/streams/{channelId}/viewers/{id}', 'admin', 'Stop one viewer', {
    segments: { ...stream, id: { description: 'Id of the viewer', example: 'v1' } },
    answers: nothing('The connection is closed'),
    failures: ['http/not-found'],
  }),
  jobs('GET /api/v1/jobs', 'admin', 'List long work, the newest first', {
    query: JobsQuery,
    answers: ok(listOf(JobAnswer), 'A window of the jobs'),
  }),
  jobs('GET /api/v1/jobs/{id}', 'admin', 'Show a job', {
    segments: segments.job,
    answers: ok(JobAnswer, 'The job'),
    failures: ['job/unknown'],
  }),
  jobs('DELETE /api/v1/jobs/{id}', 'admin', 'Tell a job to end', {
    segments: segments.job,
    answers: { 202: { description: 'The job; it may take a moment', schema: JobAnswer } },
    failures: ['job/unknown', 'job/over'],
  }),
  events('GET /api/v1/events', 'viewer', 'Follow what changes (Server-Sent Events)', {
    notes:
      '"lineup" {revision}; for admins also "stream" and "stream-closed" {channelId}, "source" and "source-removed" {id}, "job", and "figures" once a second with "figures=1". What is current comes at the start; each has the shape of its list.',
    query: EventsQuery,
    answers: { 200: { description: 'Events', schema: v.string(), contentType: 'text/event-stream' } },
    failures: ['http/busy'],
  }),
]
