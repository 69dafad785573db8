import * as v from 'valibot'
import { FAILURES } from '../../../core/errors.ts'
import type { FailureKind } from '../../../core/errors.ts'

/** What went wrong with a request, in words for people. `code` is null when the answer carried none. */
export class Problem extends Error {
  readonly code: string | null
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number
  readonly title: string
  readonly advice: string | null
  readonly retryAfterSeconds: number | null

  constructor(facts: {
    code: string | null
    status: number
    title: string
    detail?: string | null
    advice?: string | null
    retryAfterSeconds?: number | null
  }) {
    super(facts.detail ?? facts.title)
    this.name = 'Problem'
    this.code = facts.code
    this.status = facts.status
    this.title = facts.title
    this.advice = facts.advice ?? null
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null
  }
}

const ProblemDocument = v.object({
  title: v.string(),
  detail: v.optional(v.nullable(v.string())),
  code: v.optional(v.string()),
  advice: v.optional(v.nullable(v.string())),
})

/** The catalogue's entry for a code, null for a code this page does not know. */
export function failureKind(code: string | null): FailureKind | null {
  if (code === null || !Object.hasOwn(FAILURES, code)) return null
  return (FAILURES as Readonly<Record<string, FailureKind>>)[code] ?? null
}

/** `Retry-After` in seconds, null when absent or a date. */
export function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,5}$/.test(header.trim()) ? Number(header) : null
}

/** The problem that a status line and `X-Downlink-Error` tell: viewing routes answer errors with an empty body. */
export function problemOfHeaders(status: number, code: string | null, retryAfterHeader: string | null): Problem {
  const kind = failureKind(code)
  return new Problem({
    code,
    status,
    title: kind?.title ?? titleOfStatus(status),
    advice: kind?.advice ?? null,
    retryAfterSeconds: retryAfter(retryAfterHeader) ?? kind?.retryAfterSeconds ?? null,
  })
}

/** Reads a refused answer: problem document (RFC 9457) if there is one, else its headers. */
export async function problemOf(response: Response): Promise<Problem> {
  const byHeaders = problemOfHeaders(
    response.status,
    response.headers.get('X-Downlink-Error'),
    response.headers.get('Retry-After'),
  )
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) return byHeaders
  const document = v.safeParse(ProblemDocument, await response.json().catch(() => null))
  if (!document.success) return byHeaders
  const code = document.output.code ?? byHeaders.code
  return new Problem({
    code,
    status: response.status,
    title: document.output.title,
    detail: document.output.detail ?? null,
    advice: document.output.advice ?? failureKind(code)?.advice ?? null,
    retryAfterSeconds: byHeaders.retryAfterSeconds,
  })
}

/** The problem of a request that got no answer. */
export function noAnswer(): Problem {
  return new Problem({
    code: null,
    status: 0,
    title: 'The gateway does not answer',
    advice: 'Is downlink running, and is this device in the same network?',
  })
}

/** Any thrown value as a `Problem`. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  return new Problem({
    code: null,
    status: 0,
    title: 'This page could not go on',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    advice: 'Load the page again',
  })
}

function titleOfStatus(status: number): string {
  if (status === 0) return 'The gateway does not answer'
  if (status === 401) return 'Sign in first'
  if (status === 403) return 'This is not allowed'
  if (status === 404) return 'There is nothing at this address'
  if (status >= 500) return 'The gateway could not do this'
  return `The gateway answered ${status}`
}
