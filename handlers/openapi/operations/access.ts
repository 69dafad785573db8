import * as v from 'valibot'
import { WindowQuery } from '../../list-window.ts'
import { ShortLinkBody, ShortLinkQuery, ShortLinksQuery } from '../../short-links/api.ts'
import { SetUpBody, SignInBody } from '../../sign-in.ts'
import { NewTokenBody } from '../../tokens.ts'
import {
  NewTokenAnswer,
  SessionAnswer,
  ShortLinkAnswer,
  ShortLinkRowAnswer,
  SignedInAnswer,
  TokenAnswer,
} from '../answers/access.ts'
import { StatusAnswer } from '../answers/house.ts'
import { listOf } from '../answers/leaves.ts'
import type { Operation } from '../operation.ts'
import { chapter, made, nothing, ok, segments } from './parts.ts'

const access = chapter('Access')
const house = chapter('House')

/** Signing in, tokens, the status, and the document of all this. */
export const accessOperations: readonly Operation[] = [
  access('GET /api/v1/session', 'everybody', 'Tell who calls, and what is possible here', {
    answers: ok(SessionAnswer, 'The caller'),
  }),
  access('POST /api/v1/session', 'everybody', 'Sign in', {
    notes: 'The session is in the cookie "downlink_session". Tries are counted by name and network.',
    body: { schema: SignInBody, example: { name: 'anna', password: 'correct horse' } },
    answers: ok(SignedInAnswer, 'The session'),
    failures: ['access/wrong-password', 'access/throttled'],
  }),
  access('DELETE /api/v1/session', 'everybody', 'Sign out', { answers: nothing('There is no session any more') }),
  access('POST /api/v1/setup', 'everybody', 'Make the first admin account with the code from the console', {
    body: { schema: SetUpBody, example: { code: 'abcd-efgh-ijkl', name: 'admin', password: 'correct horse' } },
    answers: made(SignedInAnswer, 'The session: the new admin is signed in'),
    failures: ['access/setup-code', 'access/setup-done', 'access/throttled'],
  }),
  access('GET /api/v1/tokens', 'admin', 'List tokens', {
    query: WindowQuery,
    answers: ok(listOf(TokenAnswer), 'The tokens; their texts are not kept'),
  }),
  access('POST /api/v1/tokens', 'admin', 'Make a token', {
    notes: '"viewing" opens routes for players only, "api" this API. The text of the token is shown this once.',
    body: { schema: NewTokenBody, example: { name: 'Television in the kitchen', kind: 'viewing' } },
    answers: made(NewTokenAnswer, 'The token'),
  }),
  access('DELETE /api/v1/tokens/{id}', 'admin', 'Revoke a token', {
    segments: segments.token,
    answers: nothing('It is refused from now on'),
    failures: ['http/not-found'],
  }),
  access('POST /api/v1/tokens/{id}/short-link', 'admin', 'Make a short link of a viewing token', {
    notes:
      'It takes the place of the one before. "selection": it leads to the playlist of that selection; "client": as that program reads it.',
    segments: segments.token,
    body: { schema: ShortLinkBody, example: { selection: 'kids', client: 'kodi' }, optional: true },
    answers: made(ShortLinkAnswer, 'The link, shown this once'),
    failures: ['http/not-found', 'lineup/unknown-selection'],
  }),
  access('GET /api/v1/short-links', 'admin', 'List short links, the newest first', {
    notes: 'Never their codes. To revoke one, revoke its token.',
    query: ShortLinksQuery,
    answers: ok(listOf(ShortLinkRowAnswer), 'Those that lead somewhere now'),
    failures: ['http/not-found'],
  }),
  access('GET /api/v1/tokens/{id}/qr.svg', 'admin', 'Draw a short link as a QR symbol', {
    segments: segments.token,
    query: ShortLinkQuery,
    answers: { 200: { description: 'The symbol', schema: v.string(), contentType: 'image/svg+xml' } },
    failures: ['http/not-found'],
  }),
  house('GET /api/status', 'watcher', 'Tell what runs', {
    notes: 'In full for admins and on this machine; others who may watch get version and age.',
    answers: ok(StatusAnswer, 'The status'),
  }),
  house('GET /api/v1/openapi.json', 'viewer', 'Give this document', {
    answers: ok(v.record(v.string(), v.unknown()), 'OpenAPI 3.1'),
  }),
]
