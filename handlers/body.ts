import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'

/**
 * The body of a request as `schema` says. Only `application/json` is read: a form of another site cannot send that.
 *
 * Fails with `http/bad-request`, naming the field.
 */
export async function readJson<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Failure('http/bad-request', 'Cannot read the body: its Content-Type should be "application/json"')
  return readInput(await c.req.json().catch(notJson), schema, 'body')
}

/** The query of a request as `schema` says; parameters that come twice count once. Fails with `http/bad-request`. */
export const readQuery = <Schema extends v.GenericSchema>(c: Context, schema: Schema): v.InferOutput<Schema> =>
  readInput(c.req.query(), schema, 'query')

function readInput<Schema extends v.GenericSchema>(
  input: unknown,
  schema: Schema,
  place: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const [issue] = result.issues
  const field = v.getDotPath(issue)
  // Valibot quotes what it received in its message; a password must not come back in an answer.
  const wish = issue.expected === null ? 'something else' : issue.expected
  throw new Failure(
    'http/bad-request',
    `Cannot read the ${place}: ${field === null ? 'it' : `"${field}"`} should be ${wish}`,
  )
}

function notJson(cause: unknown): never {
  throw new Failure('http/bad-request', 'Cannot read the body: it is not JSON', {}, cause)
}
