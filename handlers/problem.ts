import type { Context, ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { asFailure, Failure } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { withoutSecrets } from '../core/without-secrets.ts'
import { VIEWING_HEADERS } from './cors.ts'

/** The body of an `application/problem+json` answer (RFC 9457) with our own members `code` and `advice`. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly advice?: string
}

/** The problem document of a failure, as our API and our pages see it. */
export function toProblem(failure: Failure): Problem {
  const { status, title, advice } = failure.kind
  return {
    type: `urn:downlink:problem:${failure.code}`,
    title,
    status,
    detail: withoutSecrets(failure.message),
    code: failure.code,
    ...(advice === undefined ? {} : { advice }),
  }
}

function headersOf(failure: Failure): Headers {
  const headers = new Headers({ 'cache-control': 'no-store' })
  const seconds = failure.kind.retryAfterSeconds
  if (seconds !== undefined) headers.set('retry-after', String(seconds))
  return headers
}

/** Answers a failure on our own API: RFC 9457 `application/problem+json`, `Retry-After` where waiting helps. */
export function problem(_c: Context, failure: Failure): Response {
  const headers = headersOf(failure)
  headers.set('content-type', 'application/problem+json')
  return new Response(JSON.stringify(toProblem(failure)), { status: failure.kind.status, headers })
}

/** Answers a failure on a viewing route: an empty body (players store bodies as video) and the code in `X-Downlink-Error`. */
export function mediaError(_c: Context, failure: Failure): Response {
  const headers = headersOf(failure)
  for (const [name, value] of Object.entries(VIEWING_HEADERS)) headers.set(name, value)
  headers.set('x-downlink-error', failure.code)
  return new Response(null, { status: failure.kind.status, headers })
}

/**
 * Hono's `onError` of a face: failures by `answer`, anything else thrown is a bug: logged with its cause, answered
 * 500 without detail.
 */
export function errorHandler(log: Log, answer: (c: Context, failure: Failure) => Response): ErrorHandler {
  return (thrown, c) => {
    const failure = thrown instanceof HTTPException ? fromHttpException(thrown) : thrown
    if (failure instanceof Failure) {
      if (failure.kind.status >= 500)
        log('warn', 'request-failed', { code: failure.code, detail: failure.message, ...failure.facts })
      return answer(c, failure)
    }
    // Whoever asked has gone: what was under way for them was broken off, and nobody reads the answer.
    if (c.req.raw.signal.aborted) return new Response(null, { status: 499 })
    // The path is left out: it may carry a token.
    log('error', 'bug', { method: c.req.method, error: describe(failure) })
    return answer(c, new Failure('http/bug', 'Something failed here that should not; the log says more'))
  }
}

function fromHttpException(thrown: HTTPException): Failure {
  if (thrown.status === 413) return new Failure('http/too-large', 'The body is larger than this route takes')
  return asFailure(thrown, 'http/bad-request', 'The request cannot be read')
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return withoutSecrets(String(thrown))
  const cause = thrown.cause === undefined ? '' : ` <- ${describe(thrown.cause)}`
  return withoutSecrets(thrown.stack ?? `${thrown.name}: ${thrown.message}`) + cause
}
