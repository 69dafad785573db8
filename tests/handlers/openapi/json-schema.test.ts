import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { exampleOf } from '../../../handlers/openapi/example.ts'
import { toJsonSchema } from '../../../handlers/openapi/json-schema.ts'
import { wholeNumber } from '../../../handlers/parameter.ts'

for (const { name, schema, json, example } of [
  { name: 'a text', schema: v.string(), json: { type: 'string' }, example: 'text' },
  {
    name: 'a text with bounds',
    schema: v.pipe(v.string(), v.trim(), v.minLength(2), v.maxLength(9), v.regex(/^\w+$/)),
    json: { type: 'string', minLength: 2, maxLength: 9, pattern: '^\\w+$' },
    example: 'text',
  },
  {
    name: 'checks of checks, all together',
    schema: v.pipe(v.pipe(v.string(), v.maxLength(9)), v.nonEmpty()),
    json: { type: 'string', maxLength: 9, minLength: 1 },
    example: 'text',
  },
  {
    name: 'the last of several schemas in a row',
    schema: v.pipe(v.unknown(), v.check(Boolean), v.number(), v.minValue(2)),
    json: { type: 'number', minimum: 2 },
    example: 2,
  },
  {
    name: 'what is taken, not what is made of it',
    schema: v.pipe(v.string(), v.maxLength(30), v.transform(Date.parse), v.number()),
    json: { type: 'string', maxLength: 30 },
    example: 'text',
  },
  {
    name: 'a pattern with flags, which JSON Schema cannot say',
    schema: v.pipe(v.string(), v.regex(/^a$/i)),
    json: { type: 'string' },
    example: 'text',
  },
  {
    name: 'a whole number with bounds',
    schema: v.pipe(v.number(), v.integer(), v.minValue(3), v.maxValue(9)),
    json: { type: 'integer', minimum: 3, maximum: 9 },
    example: 3,
  },
  {
    name: 'digits of a query that become a number',
    schema: v.optional(wholeNumber(200), '60'),
    json: { type: 'integer', minimum: 0, maximum: 200, default: 60 },
    example: 60,
  },
  {
    name: 'a text that may be null',
    schema: v.nullable(v.string()),
    json: { type: ['string', 'null'] },
    example: 'text',
  },
  {
    name: 'one of some that may be null',
    schema: v.nullable(v.picklist(['a', 'b'])),
    json: { enum: ['a', 'b', null] },
    example: 'a',
  },
  {
    name: 'one of several that may be null',
    schema: v.nullable(v.union([v.literal(7), v.boolean()])),
    json: { anyOf: [{ anyOf: [{ const: 7 }, { type: 'boolean' }] }, { type: 'null' }] },
    example: 7,
  },
  {
    name: 'a list with bounds',
    schema: v.pipe(v.array(v.boolean()), v.minLength(1), v.maxLength(3)),
    json: { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 3 },
    example: [true],
  },
  {
    name: 'keys of any name',
    schema: v.record(v.string(), v.unknown()),
    json: { type: 'object', additionalProperties: {} },
    example: {},
  },
  {
    name: 'an instant with an example and a description',
    schema: v.pipe(v.string(), v.isoTimestamp(), v.examples(['2026-01-01T00:00:00Z']), v.description('When')),
    json: { type: 'string', format: 'date-time', examples: ['2026-01-01T00:00:00Z'], description: 'When' },
    example: '2026-01-01T00:00:00Z',
  },
  {
    name: 'an object that knows its keys',
    schema: v.strictObject({ a: v.string(), b: v.optional(v.boolean(), false), c: v.exactOptional(v.number()) }),
    json: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'boolean', default: false }, c: { type: 'number' } },
      required: ['a'],
      additionalProperties: false,
    },
    example: { a: 'text', b: false, c: 1 },
  },
]) {
  test(`toJsonSchema() says ${name}, and exampleOf() gives one`, () => {
    assert.deepEqual(toJsonSchema(schema), json)
    assert.deepEqual(exampleOf(json), example)
    assert.ok(toJsonSchema(schema, 'answers')['additionalProperties'] !== false, 'answers may get more members')
  })
}

test('toJsonSchema() refuses what it cannot say', () => {
  assert.throws(() => toJsonSchema(v.bigint()), new TypeError('Schemas of type "bigint" cannot be documented yet'))
  assert.throws(() => toJsonSchema(v.pipe(v.string(), v.emoji())), /Checks of type "emoji"/)
})
