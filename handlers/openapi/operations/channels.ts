import { ChannelEditBody } from '../../channel-edit-api.ts'
import { ListQuery } from '../../channel-list.ts'
import { BulkBody, RulesBody } from '../../lineup-api.ts'
import { PreviewQuery } from '../../lineup-change.ts'
import { LogoBody } from '../../lineup/logo-api.ts'
import { MoveBody, RowsQuery } from '../../lineup/rows-api.ts'
import { WindowQuery } from '../../list-window.ts'
import { JoinBody, ProposalsBody, SplitBody, StreamEditBody, StreamOrderBody } from '../../stream-edits-api.ts'
import * as answers from '../answers/lineup.ts'
import type { Operation } from '../operation.ts'
import { chapter, ok, segments, tagged } from './parts.ts'

const add = chapter('Channels')
const EDIT = { query: PreviewQuery, ifMatch: 'lineup/changed' } as const
const ONE = { ...EDIT, segments: segments.channel } as const

/** Channels, their streams, and standing wishes about them. */
export const channelOperations: readonly Operation[] = [
  add('GET /api/v1/channels', 'watcher', 'List channels', {
    notes: 'All criteria together. "filter" is the language of docs/line-up.md; "disabled=1" is for admins.',
    query: ListQuery,
    answers: tagged(answers.ChannelsAnswer, 'A window of the channels'),
    failures: ['lineup/bad-filter', 'lineup/unknown-selection', 'lineup/not-ready'],
  }),
  add('POST /api/v1/channels/bulk', 'admin', 'Edit all channels that a filter means', {
    ...EDIT,
    notes: '"rows": only those at these places of the list of GET /api/v1/lineup/channels; needs "If-Match".',
    body: { schema: BulkBody, example: { filter: 'name ~ "shop"', change: { enabled: false } } },
    answers: tagged(answers.EditedAnswer, 'The new revision, or a preview'),
    failures: ['lineup/bad-filter', 'lineup/bad-pattern', 'lineup/bad-edit', 'lineup/number-taken'],
  }),
  add('POST /api/v1/channels/move', 'admin', 'Move channels to another place of the list by number', {
    ...EDIT,
    notes:
      'The numbers of the list stay where they are, the channels between the old and the new place move up or down.',
    body: { schema: MoveBody, example: { channels: ['c7'], anchor: 'c2', place: 'before' } },
    answers: tagged(answers.EditedAnswer, 'The new revision, or a preview'),
    failures: ['lineup/bad-filter', 'lineup/bad-edit', 'lineup/unknown-channel'],
  }),
  add('GET /api/v1/lineup/channels', 'admin', 'List channels with what lies behind them', {
    notes: 'Switched off ones too. "filter" is the language of docs/line-up.md; an empty one means all.',
    query: RowsQuery,
    answers: tagged(answers.RowsAnswer, "A window of the owner's list"),
    failures: ['lineup/bad-filter', 'lineup/not-ready'],
  }),
  add('GET /api/v1/channels/proposals', 'admin', 'List channels that may be the same', {
    query: WindowQuery,
    answers: tagged(answers.ProposalsAnswer, 'Pairs, the surest first; 500 unless "limit" says otherwise'),
  }),
  add('POST /api/v1/channels/proposals/accept', 'admin', 'Join all that are the same with at least this score', {
    ...EDIT,
    body: { schema: ProposalsBody, example: { minScore: 0.95 } },
    answers: tagged(answers.EditedAnswer, 'The new revision, or a preview'),
  }),
  add('GET /api/v1/channels/{id}', 'watcher', 'Show a channel', {
    segments: segments.channel,
    answers: tagged(answers.OneChannelAnswer, 'The channel'),
    failures: ['lineup/unknown-channel', 'lineup/not-ready'],
  }),
  add('PATCH /api/v1/channels/{id}', 'admin', 'Edit a channel', {
    ...ONE,
    notes: 'Null takes an edit back: the channel is as its source has it.',
    body: { schema: ChannelEditBody, example: { name: 'Das Erste', favourite: true } },
    answers: tagged(answers.ChannelEditedAnswer, 'The channel, or a preview'),
    failures: ['lineup/unknown-channel', 'lineup/number-taken', 'lineup/bad-edit'],
  }),
  add('GET /api/v1/channels/{id}/streams', 'admin', 'List the streams of a channel, in order of failover', {
    segments: segments.channel,
    answers: tagged(answers.ChannelStreamsAnswer, 'The streams, and why they belong to it'),
    failures: ['lineup/unknown-channel'],
  }),
  add('PUT /api/v1/channels/{id}/streams', 'admin', 'Order the streams of a channel', {
    ...ONE,
    body: { schema: StreamOrderBody, example: { order: null } },
    answers: tagged(answers.ChannelStreamsEditedAnswer, 'The streams, or a preview'),
    failures: ['lineup/unknown-channel', 'lineup/unknown-stream', 'lineup/bad-edit'],
  }),
  add('PATCH /api/v1/channels/{id}/streams/{streamId}', 'admin', 'Switch a stream of a channel off, or on again', {
    ...EDIT,
    segments: { ...segments.channel, streamId: { description: 'Id of the stream', example: 's1k2x9' } },
    notes: 'It stays in its place and is never opened; who watches it goes on until it ends.',
    body: { schema: StreamEditBody, example: { off: true } },
    answers: tagged(answers.ChannelStreamsEditedAnswer, 'The streams, or a preview'),
    failures: ['lineup/unknown-channel', 'lineup/unknown-stream'],
  }),
  add('POST /api/v1/channels/{id}/split', 'admin', 'Make a channel of its own of some streams', {
    ...ONE,
    body: { schema: SplitBody, example: { streams: ['s1k2x9'] } },
    answers: tagged(answers.SplitAnswer, 'What stays, and the new channel, or a preview'),
    failures: ['lineup/unknown-channel', 'lineup/unknown-stream', 'lineup/bad-edit'],
  }),
  add('POST /api/v1/channels/{id}/join', 'admin', 'Join other channels into this one', {
    ...ONE,
    body: { schema: JoinBody, example: { channels: ['c2'] } },
    answers: tagged(answers.ChannelStreamsEditedAnswer, 'The streams, or a preview'),
    failures: ['lineup/unknown-channel', 'lineup/bad-edit'],
  }),
  add('PUT /api/v1/channels/{id}/logo', 'admin', 'Give a channel a logo by its address', {
    ...ONE,
    notes: 'It is fetched once and kept in the data folder, so that it outlives the address.',
    body: { schema: LogoBody, example: { url: 'https://logos.test/ard.png' } },
    answers: tagged(answers.LogoEditedAnswer, 'The name of the picture, or a preview'),
    failures: ['lineup/unknown-channel', 'logo/no-picture'],
  }),
  add('POST /api/v1/channels/{id}/logo', 'admin', 'Give a channel a logo of your own', {
    ...ONE,
    notes: 'The body is the picture itself: PNG, JPEG, WebP or GIF by its content, at most 2 MiB.',
    answers: tagged(answers.LogoEditedAnswer, 'The name of the picture, or a preview'),
    failures: ['lineup/unknown-channel', 'logo/no-picture', 'http/too-large', 'http/too-slow'],
  }),
  add('DELETE /api/v1/channels/{id}/logo', 'admin', 'Go back to the logo that the sources have', {
    ...ONE,
    answers: tagged(answers.LogoEditedAnswer, 'No name, or a preview'),
    failures: ['lineup/unknown-channel'],
  }),
  add('GET /api/v1/rules', 'admin', 'List standing wishes', {
    query: WindowQuery,
    answers: tagged(answers.RulesAnswer, 'The rules, in order'),
  }),
  add('PUT /api/v1/rules', 'admin', 'Replace the standing wishes', {
    ...EDIT,
    body: { schema: RulesBody, example: { items: [{ kind: 'hide', id: 'shops', filter: 'name ~ "shop"' }] } },
    answers: tagged(answers.RulesEditedAnswer, 'The rules, or a preview'),
    failures: ['lineup/bad-filter', 'lineup/bad-pattern', 'lineup/bad-edit'],
  }),
  add('POST /api/v1/lineup/undo', 'admin', 'Take the last edit of the line-up back', {
    ifMatch: 'lineup/changed',
    answers: ok(answers.RevisionAnswer, 'The revision then'),
    failures: ['lineup/cannot-undo'],
  }),
]
