import { WindowQuery } from '../../list-window.ts'
import { AuditQuery } from '../../people/audit-api.ts'
import { NewUserBody, UserChangeBody } from '../../people/users-api.ts'
import { NewTokenBody } from '../../tokens.ts'
import { AuditAnswer, NewTokenAnswer, TokenAnswer, UserAnswer } from '../answers/access.ts'
import { listOf } from '../answers/leaves.ts'
import type { Operation } from '../operation.ts'
import { chapter, made, nothing, ok, segments, tagged } from './parts.ts'

const add = chapter('People')
const ONE = { segments: segments.user } as const
const UNKNOWN = 'access/unknown-user'
const EDIT_FAILURES = [UNKNOWN, 'access/managed', 'access/last-admin'] as const

/** People, their limits and their tokens. */
export const peopleOperations: readonly Operation[] = [
  add('GET /api/v1/users', 'admin', 'List people', {
    query: WindowQuery,
    answers: ok(listOf(UserAnswer), 'The accounts'),
  }),
  add('POST /api/v1/users', 'admin', 'Add a person', {
    body: {
      schema: NewUserBody,
      example: {
        name: 'Anna',
        password: 'correct horse',
        role: 'viewer',
        maxStreams: 2,
        expires: '2027-01-01T00:00:00Z',
      },
    },
    answers: { 201: { description: 'The account', schema: UserAnswer, tagged: true } },
    failures: ['access/name-taken'],
  }),
  add('GET /api/v1/users/{id}', 'self', 'Show a person', {
    ...ONE,
    answers: tagged(UserAnswer, 'The account'),
    failures: [UNKNOWN],
  }),
  add('PATCH /api/v1/users/{id}', 'admin', 'Edit a person', {
    ...ONE,
    ifMatch: 'access/user-changed',
    body: { schema: UserChangeBody, example: { maxStreams: null, adultLock: true } },
    answers: tagged(UserAnswer, 'The account'),
    failures: EDIT_FAILURES,
  }),
  add('DELETE /api/v1/users/{id}', 'admin', 'Remove a person, with sessions and tokens', {
    ...ONE,
    ifMatch: 'access/user-changed',
    answers: nothing('The account is gone'),
    failures: EDIT_FAILURES,
  }),
  add('GET /api/v1/users/{id}/tokens', 'self', 'List the tokens of a person', {
    ...ONE,
    query: WindowQuery,
    answers: ok(listOf(TokenAnswer), 'The tokens; their texts are not kept'),
    failures: [UNKNOWN],
  }),
  add('POST /api/v1/users/{id}/tokens', 'self', 'Give out a token of a person', {
    ...ONE,
    notes: '"api" tokens are given out by an admin. The text of the token is shown this once.',
    body: { schema: NewTokenBody, example: { name: 'Television in the kitchen', kind: 'viewing' } },
    answers: made(NewTokenAnswer, 'The token'),
    failures: [UNKNOWN],
  }),
  add('DELETE /api/v1/users/{id}/tokens/{tokenId}', 'self', 'Revoke a token of a person', {
    segments: { ...segments.user, tokenId: { description: 'Id of the token', example: '4k2jf9' } },
    answers: nothing('It is refused from now on'),
    failures: [UNKNOWN, 'http/not-found'],
  }),
  add('GET /api/v1/audit', 'admin', 'Who changed what, newest first', {
    query: AuditQuery,
    notes: '"before" is the id of an entry: older ones follow. The last 10,000 changes are kept.',
    answers: ok(AuditAnswer, 'The changes'),
  }),
]
