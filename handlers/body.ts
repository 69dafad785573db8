import type { Context } from 'hono'
import * as v from 'valibot'
import { systemTimers } from '../core/live/timers.ts'
import type { Timers } from '../core/live/timers.ts'
import { suggest } from '../core/suggest.ts'
import { Failure } from '../core/errors.ts'

const MAX_BODY_BYTES = 64 * 1024
/** Nothing of ours is nested more than a handful of levels. */
const MOST_DEPTH = 32
/** So long a body may take, and a second more for so many bytes of it: whoever sends a byte a second is not waited for. */
const BODY_MS = 15_000
const LEAST_BYTES_PER_SECOND = 4096

/** The time that bodies are measured by. */
export type BodyClock = Pick<Timers, 'set' | 'clear'> & { readonly now: () => number }

const systemClock: BodyClock = { ...systemTimers, now: () => performance.now() }

/**
 * The body of a request as `schema` says. Only `application/json` is read: a form of another site cannot send that.
 *
 * Fails with `http/too-large` after `most` bytes (64 KiB), and with `http/bad-request`, naming the field.
 */
export async function readJson<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
  most = MAX_BODY_BYTES,
): Promise<v.InferOutput<Schema>> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Failure('http/bad-request', 'Cannot read the body: its Content-Type should be "application/json"')
  return readInput(await readJsonText(c, most), schema, 'body')
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

async function readJsonText(c: Context, most: number): Promise<unknown> {
  const bytes = await readBytes(c, most)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!isTooDeep(text)) return JSON.parse(text)
  } catch (cause) {
    throw new Failure('http/bad-request', 'Cannot read the body: it is not JSON', {}, cause)
  }
  throw new Failure('http/bad-request', `Cannot read the body: it is nested more than ${MOST_DEPTH} deep`)
}

/** What walks through a body calls itself for each level. */
function isTooDeep(json: string): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < json.length; at++) {
    const sign = json[at]
    if (sign === '"') isText = !isText
    else if (isText) at += sign === '\\' ? 1 : 0
    else if (sign === '{' || sign === '[') depth += 1
    else if (sign === '}' || sign === ']') depth -= 1
    if (depth > MOST_DEPTH) return true
  }
  return false
}

/** The body as text, whatever its type; bytes that are no UTF-8 are replaced. Fails with `http/too-large` after 64 KiB. */
export const readBodyText = async (c: Context): Promise<string> => new TextDecoder().decode(await readBytes(c))

/** The bytes of a body. Fails with `http/too-large` after so many, and with `http/too-slow` after 15 seconds and one more for each 4 KiB. */
// Hono's own limit makes a second Request of the first, which Node's adapter does not survive; and a limit belongs where
// the bytes are taken.
export async function readBytes(
  c: Context,
  most = MAX_BODY_BYTES,
  clock: BodyClock = systemClock,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new Failure('http/too-large', `The body should have at most ${most} bytes`)
  if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge()
  const parts: Uint8Array[] = []
  let size = 0
  // A reader instead of `for await`: not every runtime's type of a body can be walked.
  const reader = c.req.raw.body?.getReader()
  const begun = clock.now()
  const next = async (): Promise<Uint8Array | null> => {
    if (reader === undefined) return null
    const late = Promise.withResolvers<'late'>()
    const leftMs = begun + BODY_MS + (size / LEAST_BYTES_PER_SECOND) * 1000 - clock.now()
    const timer = clock.set(() => late.resolve('late'), Math.max(0, leftMs))
    const part = await Promise.race([reader.read(), late.promise]).finally(() => clock.clear(timer))
    if (part === 'late') throw giveUp(reader, new Failure('http/too-slow', 'The body comes too slowly'))
    return part.done ? null : part.value
  }
  for (let part = await next(); part !== null; part = await next()) {
    size += part.byteLength
    if (size > most) throw giveUp(reader, tooLarge())
    parts.push(part)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}

/** Reads no further: nobody wants the rest of the body. */
function giveUp(reader: ReadableStreamDefaultReader<Uint8Array> | undefined, failure: Failure): Failure {
  // A source that never answers must not keep us.
  void reader?.cancel().catch(() => {})
  return failure
}
