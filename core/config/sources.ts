import * as v from 'valibot'
import { isReserved } from '../access/reserved-segments.ts'
import { Failure } from '../errors.ts'
import { sourceId } from '../lineup/stream.ts'
import type { SourceId } from '../lineup/stream.ts'
import { commonKeys } from '../source-kinds/common.ts'
import { missingKey, readMapping, unknownKey, wrongValue } from './invalid.ts'

/** Schemas of the source kinds' own keys, by kind. */
export type SourceSchemas = Readonly<Record<string, v.StrictObjectSchema<v.ObjectEntries, undefined>>>

/** What every source has, whatever its kind. */
export type SourceBase<Kind extends string = string> = {
  readonly id: SourceId
  readonly kind: Kind
  /** Shown to people; the id if none is written. */
  readonly name: string
  readonly enabled: boolean
  /** Limit set by the owner; null: what the source itself allows. */
  readonly maxStreams: number | null
  /** Sources with a smaller number come first in the order of fail-over. */
  readonly priority: number
  /** Its streams are held back by this much, so that stalls up to that length stay unseen; 0: not at all. */
  readonly bufferSeconds: number
  /** Hosts the source may send us to beside its own. */
  readonly allowHosts: readonly string[]
}

/** A source as configured: the common keys, and `settings` as its kind's own schema reads them. */
export type SourceConfig<Schemas extends SourceSchemas = SourceSchemas> = {
  [Kind in keyof Schemas & string]: SourceBase<Kind> & { readonly settings: v.InferOutput<Schemas[Kind]> }
}[keyof Schemas & string]

const text = v.pipe(v.string(), v.nonEmpty())
const COMMON = v.strictObject({ id: text, kind: text, ...commonKeys.entries })

const ID = /^[a-z0-9][a-z0-9-]{0,31}$/

/** Reads `sources[]`. Fails with `config/invalid`, naming the key (`sources[1].port`). */
export function readSources<Schemas extends SourceSchemas>(
  list: unknown,
  schemas: Schemas,
): readonly SourceConfig<Schemas>[] {
  if (list === null || list === undefined) return []
  if (!Array.isArray(list)) throw wrongValue('sources', 'a list')
  const sources = list.map((entry: unknown, index) => readSource(entry, `sources[${index}]`, schemas))
  const seen = new Map<string, number>()
  for (const [index, { id }] of sources.entries()) {
    const first = seen.get(id)
    if (first !== undefined)
      throw wrongValue(`sources[${index}].id`, `an id of its own; sources[${first}] has "${id}" already`)
    seen.set(id, index)
  }
  return sources
}

/** Reads one source; `key` is what messages call it. Fails with `config/invalid`, naming the key. */
export function readSource<Schemas extends SourceSchemas>(
  entry: unknown,
  key: string,
  schemas: Schemas,
): SourceConfig<Schemas> {
  const mapping = readMapping(entry, key)
  const kinds = Object.keys(schemas)
  const kindShouldBe = `one of ${kinds.map((kind) => `"${kind}"`).join(', ')}`
  if (mapping['kind'] === undefined) throw missingKey(`${key}.kind`, kindShouldBe)
  const schema = kinds.includes(String(mapping['kind'])) ? schemas[String(mapping['kind'])] : undefined
  if (schema === undefined) throw wrongValue(`${key}.kind`, kindShouldBe, mapping['kind'])

  const known = new Set([...Object.keys(COMMON.entries), ...Object.keys(schema.entries)])
  for (const name of Object.keys(mapping)) if (!known.has(name)) throw unknownKey(`${key}.${name}`, name, known)

  const common = parseEntry(COMMON, pick(mapping, COMMON.entries), key)
  const settings = parseEntry(schema, pick(mapping, schema.entries), key)
  if (!ID.test(common.id))
    throw wrongValue(
      `${key}.id`,
      'small letters, digits and "-", at most 32, starting with a letter or digit',
      common.id,
    )
  if (isReserved(common.id)) throw wrongValue(`${key}.id`, `another word: "${common.id}" is an address of this program`)
  const base: SourceBase = {
    id: sourceId(common.id),
    kind: common.kind,
    name: common.name ?? common.id,
    enabled: common.enabled,
    maxStreams: common.maxStreams ?? null,
    priority: common.priority,
    bufferSeconds: common.bufferSeconds,
    allowHosts: common.allowHosts,
  }
  // The kind chose the schema that read the settings, which is what the type says.
  return { ...base, settings } as unknown as SourceConfig<Schemas>
}

const pick = (mapping: Readonly<Record<string, unknown>>, entries: v.ObjectEntries): Record<string, unknown> =>
  // An empty value of YAML is null and means that the key is not written.
  Object.fromEntries(Object.entries(mapping).filter(([name, value]) => Object.hasOwn(entries, name) && value !== null))

/** Reads an entry of a list by its schema. Fails with `config/invalid`, naming the key; never quotes what was written. */
export function parseEntry<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  key: string,
): v.InferOutput<Schema> {
  const result = parseWithin(schema, input, key)
  if (result.success) return result.output
  const [issue] = result.issues
  const path = `${key}${printPath(issue.path)}`
  // A kind's own sentence is better than the schema's; what was received is left out: it may be a password.
  const ownSentence = issue.message.startsWith('Invalid ') ? null : issue.message
  const isUnknown = issue.type === 'strict_object' && issue.expected === 'never'
  const name = String(issue.path?.at(-1)?.key ?? '')
  if (isUnknown) throw unknownKey(path, name, [])
  if (issue.type === 'strict_object' && issue.received === 'undefined') throw missingKey(path)
  throw wrongValue(path, ownSentence ?? expectedWords(issue.expected))
}

/** A schema that knows better what is wrong inside a value fails itself, with the key from there on. */
function parseWithin<Schema extends v.GenericSchema>(schema: Schema, input: unknown, key: string) {
  try {
    return v.safeParse(schema, input)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'config/invalid') throw error
    throw new Failure('config/invalid', `${key}.${error.message}`, error.facts, error)
  }
}

/** Valibot's spelling of an expectation in words: `(string | number)`, `>=1`, `"auto"`. */
const expectedWords = (expected: string | null): string => {
  if (expected === null) return 'something else'
  return expected
    .replace(/^\((.*)\)$/, '$1')
    .replaceAll(' | ', ' or ')
    .replace(/^Array$/, 'a list')
    .replace(/^Object$/, 'a mapping')
}

function printPath(path: readonly { readonly key: unknown }[] | undefined): string {
  return (path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
}
