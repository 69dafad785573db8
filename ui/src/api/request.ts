import * as v from 'valibot'
import { at } from './base.ts'
import { Problem, noAnswer, problemOf } from './problem.ts'
import { words } from './words.ts'

/** How to ask: `json` is sent as body; the method is GET unless written down. */
export type Ask = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly json?: unknown
  /** A file that is sent as it is, instead of `json`. */
  readonly file?: Blob
  readonly headers?: Readonly<Record<string, string>>
  /** `ETag` of what was seen: somebody else's edit in between is refused (412 `config/changed`). */
  readonly ifMatch?: string
  readonly signal?: AbortSignal
}

/**
 * Asks the gateway and gives the parsed answer; `path` is the gateway's own (`/api/v1/…`), the prefix of a proxy comes by itself.
 *
 * Throws `Problem` for every refusal, for no answer, and for an answer of another shape; an abort rethrows the signal's reason.
 */
export async function ask<const Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  options: Ask = {},
): Promise<v.InferOutput<Schema>> {
  return (await askTagged(path, schema, options)).answer
}

/** The same, with the answer's `ETag` for a later `ifMatch`; null when it has none. */
export async function askTagged<const Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  options: Ask = {},
): Promise<{ readonly answer: v.InferOutput<Schema>; readonly tag: string | null }> {
  const response = await send(path, options)
  const parsed = v.safeParse(schema, await response.json().catch(() => null))
  if (parsed.success) return { answer: parsed.output, tag: response.headers.get('ETag') }
  throw new Problem({
    code: null,
    status: response.status,
    title: words().unreadable,
    detail: parsed.issues[0].message,
    advice: words().unreadableAdvice,
  })
}

/** Asks for something to be done; the answer's body is of no interest. Throws as `ask`. */
export async function order(path: string, options: Ask): Promise<void> {
  await (await send(path, options)).body?.cancel()
}

async function send(path: string, { method = 'GET', json, file, ifMatch, signal, ...rest }: Ask): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json', ...rest.headers })
  if (ifMatch !== undefined) headers.set('If-Match', ifMatch)
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (json !== undefined) {
    init.body = JSON.stringify(json)
    headers.set('Content-Type', 'application/json')
  }
  if (file !== undefined) {
    init.body = file
    if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/gzip')
  }
  if (signal !== undefined) init.signal = signal
  const response = await fetch(at(path), init).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause
    throw noAnswer()
  })
  if (!response.ok) throw await problemOf(response)
  return response
}
