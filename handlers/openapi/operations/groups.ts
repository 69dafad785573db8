import { GroupEditBody, GroupOrderBody, GroupsQuery, NewGroupBody } from '../../groups-api.ts'
import { PreviewQuery } from '../../lineup-change.ts'
import { WindowQuery } from '../../list-window.ts'
import { SelectionBody } from '../../selections-api.ts'
import * as answers from '../answers/lineup.ts'
import type { Operation } from '../operation.ts'
import { chapter, segments, tagged } from './parts.ts'

const add = chapter('Groups and selections')
const EDIT = { query: PreviewQuery, ifMatch: 'lineup/changed' } as const
const groups = tagged(answers.GroupsEditedAnswer, 'All groups, or a preview')

/** Groups and selections of channels. */
export const groupOperations: readonly Operation[] = [
  add('GET /api/v1/groups', 'watcher', 'List groups with channels, in their order', {
    notes: '"all=1": hidden and empty ones too, for admins.',
    query: GroupsQuery,
    answers: tagged(answers.GroupsAnswer, 'The groups'),
    failures: ['lineup/not-ready'],
  }),
  add('POST /api/v1/groups', 'admin', 'Add a group', {
    ...EDIT,
    body: { schema: NewGroupBody, example: { name: 'For the children' } },
    answers: groups,
    failures: ['lineup/name-taken', 'lineup/bad-edit'],
  }),
  add('PUT /api/v1/groups', 'admin', 'Order the groups', {
    ...EDIT,
    body: { schema: GroupOrderBody, example: { order: ['News', 'All'] } },
    answers: groups,
    failures: ['lineup/unknown-group', 'lineup/bad-edit'],
  }),
  add('PATCH /api/v1/groups/{name}', 'admin', 'Rename, hide or sort a group, give it a logo or an order of its own', {
    ...EDIT,
    segments: segments.group,
    body: { schema: GroupEditBody, example: { hidden: true } },
    answers: groups,
    failures: ['lineup/unknown-group', 'lineup/unknown-channel', 'lineup/name-taken', 'lineup/bad-edit'],
  }),
  add('DELETE /api/v1/groups/{name}', 'admin', 'Take back all edits of a group; one of your own is gone', {
    ...EDIT,
    segments: segments.group,
    answers: groups,
    failures: ['lineup/unknown-group'],
  }),
  add('GET /api/v1/selections', 'watcher', 'List selections', {
    query: WindowQuery,
    answers: tagged(answers.SelectionsAnswer, 'The selections'),
    failures: ['lineup/not-ready'],
  }),
  add('GET /api/v1/selections/{id}', 'admin', 'Show how a selection is made', {
    segments: segments.selection,
    answers: tagged(answers.SelectionAnswer, 'The selection'),
    failures: ['lineup/unknown-selection'],
  }),
  add('PUT /api/v1/selections/{id}', 'admin', 'Make or change a selection', {
    ...EDIT,
    segments: segments.selection,
    body: { schema: SelectionBody, example: { name: 'For the children', filter: 'group = "Kids"' } },
    answers: tagged(answers.SelectionEditedAnswer, 'The selection, or a preview'),
    failures: ['lineup/bad-filter', 'lineup/unknown-channel', 'lineup/bad-edit'],
  }),
  add('DELETE /api/v1/selections/{id}', 'admin', 'Remove a selection', {
    ...EDIT,
    segments: segments.selection,
    answers: tagged(answers.EditedAnswer, 'The new revision, or a preview'),
    failures: ['lineup/unknown-selection'],
  }),
]
