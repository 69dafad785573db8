import type { Context } from 'hono'
import * as v from 'valibot'
import { suggest } from '../core/suggest.ts'
import { Failure } from '../core/errors.ts'

const MAX_BODY_BYTES = 64 * 1024

/**
 * The body of a request as `schema` says. Only `application/json` is read: a form of another site cannot send that.
 *
 * Fails with `http/too-large` after 64 KiB, and with `http/bad-request`, naming the field.
 */
export async function readJson<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Failure('http/bad-request', 'Cannot read the body: its Content-Type should be "application/json"')
  return readInput(await readJsonText(c), schema, 'body')
}

/**
 * The query of a request as `schema` says; of parameters that come twice the first counts. Fails with `http/bad-request`,
 * also for a parameter that is not known: one that does nothing would be taken for one that does.
 */
export function readQuery<Schema extends v.GenericSchema & Keyed>(c: Context, schema: Schema): v.InferOutput<Schema> {
  const query = c.req.query()
  const unknown = Object.keys(query).find((name) => !Object.hasOwn(schema.entries, name))
  if (unknown !== undefined) throw unknownKey('query', unknown, schema)
  return readInput(query, schema, 'query')
}

/** A schema of an object whose keys are known. */
type Keyed = { readonly entries: Readonly<Record<string, unknown>> }

const MOST_SHOWN = 40

function unknownKey(place: string, key: string, schema: unknown): Failure {
  const known = isKeyed(schema) ? Object.keys(schema.entries) : []
  const near = key.length > MOST_SHOWN ? null : suggest(key, known)
  const name = key.length > MOST_SHOWN ? `${key.slice(0, MOST_SHOWN)}…` : key
  const wish = near === null ? '' : `, did you mean "${near}"?`
  return new Failure('http/bad-request', `Cannot read the ${place}: "${name}" is not known here${wish}`)
}

const isKeyed = (schema: unknown): schema is Keyed =>
  typeof schema === 'object' && schema !== null && 'entries' in schema && typeof schema.entries === 'object'

function readInput<Schema extends v.GenericSchema>(
  input: unknown,
  schema: Schema,
  place: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  // Valibot's word for what strict objects say of keys that they do not have. It explains a missing one, too.
  const unknown = result.issues.find(({ type, expected }) => type === 'strict_object' && expected === 'never')
  const [issue] = unknown === undefined ? result.issues : [unknown]
  const field = v.getDotPath(issue)
  if (unknown !== undefined && field !== null) throw unknownKey(place, field, issue.path?.length === 1 ? schema : null)
  const isMissing = field !== null && issue.type.endsWith('object') && issue.received === 'undefined'
  // Valibot quotes what it received in its message; a password must not come back in an answer.
  const wish = isMissing ? 'is missing' : `should be ${issue.expected ?? 'something else'}`
  throw new Failure('http/bad-request', `Cannot read the ${place}: ${field === null ? 'it' : `"${field}"`} ${wish}`)
}

async function readJsonText(c: Context): Promise<unknown> {
  const bytes = await readBytes(c)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new Failure('http/bad-request', 'Cannot read the body: it is not JSON', {}, cause)
  }
}

/** The body as text, whatever its type; bytes that are no UTF-8 are replaced. Fails with `http/too-large` after 64 KiB. */
export const readBodyText = async (c: Context): Promise<string> => new TextDecoder().decode(await readBytes(c))

/** The bytes of a body. Fails with `http/too-large` after so many. */
// Hono's own limit makes a second Request of the first, which Node's adapter does not survive; and a limit belongs where
// the bytes are taken.
export async function readBytes(c: Context, most = MAX_BODY_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new Failure('http/too-large', `The body should have at most ${most} bytes`)
  if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge()
  const parts: Uint8Array[] = []
  let size = 0
  // A reader instead of `for await`: not every runtime's type of a body can be walked.
  const reader = c.req.raw.body?.getReader()
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    size += part.value.byteLength
    if (size > most) {
      await reader?.cancel()
      throw tooLarge()
    }
    parts.push(part.value)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}
