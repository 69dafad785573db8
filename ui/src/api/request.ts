import * as v from 'valibot'
import { Problem, noAnswer, problemOf } from './problem.ts'

/** How to ask: `json` is sent as body; the method is GET unless written down. */
export type Ask = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly json?: unknown
  readonly signal?: AbortSignal
}

/**
 * Asks the gateway and gives the parsed answer.
 *
 * Throws `Problem` for every refusal, for no answer, and for an answer of another shape; an abort rethrows the signal's reason.
 */
export async function ask<const Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  options: Ask = {},
): Promise<v.InferOutput<Schema>> {
  const response = await send(path, options)
  const parsed = v.safeParse(schema, await response.json().catch(() => null))
  if (parsed.success) return parsed.output
  throw new Problem({
    code: null,
    status: response.status,
    title: 'The gateway answered something this page cannot read',
    detail: parsed.issues[0].message,
    advice: 'Load the page again: page and gateway may be of different versions',
  })
}

/** Asks for something to be done; the answer's body is of no interest. Throws as `ask`. */
export async function order(path: string, options: Ask): Promise<void> {
  await (await send(path, options)).body?.cancel()
}

async function send(path: string, { method = 'GET', json, signal }: Ask): Promise<Response> {
  const init: RequestInit = { method, headers: { Accept: 'application/json' }, credentials: 'same-origin' }
  if (json !== undefined) {
    init.body = JSON.stringify(json)
    init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
  }
  if (signal !== undefined) init.signal = signal
  const response = await fetch(path, init).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause
    throw noAnswer()
  })
  if (!response.ok) throw await problemOf(response)
  return response
}
