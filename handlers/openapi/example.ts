import type { JsonSchema } from './json-schema.ts'

/** A value that fits a schema, made of the examples, defaults and first choices of its parts. */
export function exampleOf(schema: JsonSchema): unknown {
  const { examples, default: fallback, const: fixed, enum: values, anyOf, type } = schema
  if (Array.isArray(examples)) return examples[0] as unknown
  if (fixed !== undefined) return fixed
  if (fallback !== undefined) return fallback
  if (Array.isArray(values)) return values[0] as unknown
  if (Array.isArray(anyOf)) return exampleOf(anyOf[0] as JsonSchema)
  switch (Array.isArray(type) ? (type[0] as unknown) : type) {
    case 'object':
      return exampleOfObject(schema)
    case 'array':
      return [exampleOf(schema['items'] as JsonSchema)]
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1
    case 'boolean':
      return true
    case 'string':
      return schema['format'] === 'date-time' ? '2026-11-21T20:15:00.000Z' : 'text'
    default:
      return null
  }
}

function exampleOfObject({ properties = {} }: JsonSchema): unknown {
  const parts = Object.entries(properties as Readonly<Record<string, JsonSchema>>)
  return Object.fromEntries(parts.map(([key, part]) => [key, exampleOf(part)]))
}
