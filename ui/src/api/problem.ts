import * as v from 'valibot'
import { FAILURES } from '../../../core/errors.ts'
import type { FailureKind } from '../../../core/errors.ts'
import { failureText } from '../text/failures.ts'
import { language } from '../text/language.ts'
import { words } from './words.ts'

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
  const text = failureText(code)
  return new Problem({
    code,
    status,
    title: text?.title ?? titleOfStatus(status),
    advice: text?.advice ?? null,
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
  const text = failureText(code)
  return new Problem({
    code,
    status: response.status,
    // The gateway speaks English; its codes are known in every language of the pages.
    title: language() === 'en' ? document.output.title : (text?.title ?? document.output.title),
    detail: document.output.detail ?? null,
    advice: (language() === 'en' ? document.output.advice : null) ?? text?.advice ?? null,
    retryAfterSeconds: byHeaders.retryAfterSeconds,
  })
}

/** The problem of a request that got no answer. */
export function noAnswer(): Problem {
  return new Problem({
    code: null,
    status: 0,
    title: words().noAnswer,
    advice: words().noAnswerAdvice,
  })
}

/** Any thrown value as a `Problem`. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  return new Problem({
    code: null,
    status: 0,
    title: words().pageFailed,
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    advice: words().loadAgain,
  })
}

function titleOfStatus(status: number): string {
  if (status === 0) return words().noAnswer
  if (status === 401) return words().signIn
  if (status === 403) return words().notAllowed
  if (status === 404) return words().nothingThere
  if (status >= 500) return words().couldNot
  return words().answered(status)
}
