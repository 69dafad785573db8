import type * as v from 'valibot'

/** A schema as OpenAPI 3.1 has it (JSON Schema, draft 2020-12). */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** `answers`: objects may get more members later, so that clients must not refuse those they do not know. */
export type SchemaUse = 'requests' | 'answers'

/**
 * What a valibot schema takes, as JSON Schema. What is checked by code of our own (`v.check`) is left to descriptions.
 *
 * Fails with `TypeError` for a kind of schema or check that is not known here: nothing goes undocumented in silence.
 */
export function toJsonSchema(schema: v.GenericSchema, use: SchemaUse = 'requests'): JsonSchema {
  const node = asNode(schema)
  if (node.pipe === undefined) return fromType(node, use)
  const [first, ...steps] = node.pipe
  let found = convert(first, use)
  for (const step of steps) {
    // What comes after a transformation is said of what it made; digits of a query are a number from the beginning.
    if (step.type === 'transform' && step.operation !== Number) return found
    // Of several schemas in a row the last one says most: those before it only keep out what it should not see.
    found = step.kind === 'schema' ? convert(step, use) : withAction(found, step)
  }
  return found
}

/** Whether a key of an object may be left out. */
export const isOptional = (schema: v.GenericSchema): boolean => /^(optional|exact_optional|nullish)$/.test(schema.type)

/** What of valibot's objects is looked at; each type has its own part of it. */
type Node = {
  readonly kind: 'schema' | 'validation' | 'transformation' | 'metadata'
  readonly type: string
  readonly pipe?: readonly Node[]
  readonly wrapped?: Node
  readonly item?: Node
  readonly value?: Node
  readonly entries?: Readonly<Record<string, Node>>
  readonly options?: readonly unknown[]
  readonly literal?: unknown
  readonly requirement?: unknown
  readonly operation?: unknown
  readonly default?: unknown
  readonly description?: string
  readonly examples?: readonly unknown[]
}

const asNode = (schema: unknown): Node => schema as Node // valibot says so of everything it makes
const convert = (node: unknown, use: SchemaUse): JsonSchema => toJsonSchema(node as v.GenericSchema, use)

function fromType(node: Node, use: SchemaUse): JsonSchema {
  switch (node.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return { type: node.type }
    case 'unknown':
      return {}
    case 'literal':
      return { const: node.literal }
    case 'picklist':
      return { enum: node.options }
    case 'array':
      return { type: 'array', items: convert(node.item, use) }
    case 'record':
      return { type: 'object', additionalProperties: convert(node.value, use) }
    case 'union':
    case 'variant':
      return { anyOf: (node.options ?? []).map((option) => convert(option, use)) }
    case 'nullable':
      return orNull(convert(node.wrapped, use))
    case 'optional':
    case 'exact_optional':
      return withDefault(convert(node.wrapped, use), node.default)
    case 'object':
    case 'strict_object':
      return fromObject(node, use)
    default:
      throw new TypeError(`Schemas of type "${node.type}" cannot be documented yet`)
  }
}

function fromObject({ type, entries = {} }: Node, use: SchemaUse): JsonSchema {
  const keys = Object.keys(entries)
  const required = keys.filter((key) => !isOptional(entries[key] as unknown as v.GenericSchema))
  return {
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key, convert(entries[key], use)])),
    ...(required.length > 0 && { required }),
    ...(type === 'strict_object' && use === 'requests' && { additionalProperties: false }),
  }
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] }
  return Array.isArray(values) ? { ...schema, enum: [...values, null] } : { anyOf: [schema, { type: 'null' }] }
}

function withDefault(schema: JsonSchema, fallback: unknown): JsonSchema {
  if (fallback === undefined || fallback === null || typeof fallback === 'function') return schema
  return { ...schema, default: schema['type'] === 'integer' ? Number(fallback) : fallback }
}

function withAction(schema: JsonSchema, action: Node): JsonSchema {
  const { requirement } = action
  const isList = schema['type'] === 'array'
  switch (action.type) {
    case 'integer':
      return { ...schema, type: 'integer' }
    case 'min_value':
      return { ...schema, minimum: requirement }
    case 'max_value':
      return { ...schema, maximum: requirement }
    case 'min_length':
      return { ...schema, [isList ? 'minItems' : 'minLength']: requirement }
    case 'max_length':
      return { ...schema, [isList ? 'maxItems' : 'maxLength']: requirement }
    case 'non_empty':
      return { ...schema, [isList ? 'minItems' : 'minLength']: 1 }
    case 'regex':
      // Patterns of JSON Schema have no flags.
      return requirement instanceof RegExp && requirement.flags.replace('u', '') === ''
        ? { ...schema, pattern: requirement.source }
        : schema
    case 'iso_timestamp':
      return { ...schema, format: 'date-time' }
    case 'description':
      return { ...schema, description: action.description }
    case 'examples':
      return { ...schema, examples: action.examples }
    case 'transform':
      return { type: 'integer', minimum: 0 }
    case 'trim':
    case 'to_lower_case':
    case 'check':
    case 'readonly':
      return schema
    default:
      throw new TypeError(`Checks of type "${action.type}" cannot be documented yet`)
  }
}
