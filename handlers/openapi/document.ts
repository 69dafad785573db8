import type * as v from 'valibot'
import { FAILURES } from '../../core/errors.ts'
import type { FailureCode } from '../../core/errors.ts'
import { ProblemAnswer } from './answers/problem.ts'
import { exampleOf } from './example.ts'
import { isOptional, toJsonSchema } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Answer, Operation, OperationCaller } from './operation.ts'

/** A document of OpenAPI 3.1. */
export type OpenApi = { readonly openapi: '3.1.0'; readonly [member: string]: unknown }

/** Who may call, in words. */
export const CALLERS: Readonly<Record<OperationCaller, string>> = {
  everybody: 'everybody',
  watcher: 'everybody who may watch: signed in, or at an address that "access.anonymous" lets in',
  viewer: 'people who signed in, and API tokens',
  admin: 'admins, and their API tokens; one that may only read changes nothing',
  self: 'the person of the path who signed in, and admins',
}

const DESCRIPTION = `The API of one house. Sign in (\`POST /api/v1/session\`, the cookie does the rest), or send an API token as \`Authorization: Bearer …\`.

Errors are problem documents (RFC 9457); \`code\` is one of a closed list. Lists take \`offset\` and \`limit\` and count what they have in \`total\`. Answers about something that can be edited have an \`ETag\`; an edit with it as \`If-Match\` is refused with 412 if somebody was faster, and without \`If-Match\` the last one wins. Unknown parameters of lists and edits, and unknown keys of bodies, are refused; operations without parameters do not look at the query. Bodies have 64 KiB at most. A page of another site can change nothing.`

/** The document of these operations. */
export function createDocument(operations: readonly Operation[], version: string): OpenApi {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation)
  return {
    openapi: '3.1.0',
    info: { title: 'downlink', version, description: DESCRIPTION },
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: toJsonSchema(ProblemAnswer, 'answers') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'downlink_session' },
        apiToken: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

function describe(operation: Operation) {
  const { tag, summary, notes, caller, body } = operation
  const isSecured = caller !== 'everybody' && caller !== 'watcher'
  const parameters = [...segmentParameters(operation), ...queryParameters(operation), ...headerParameters(operation)]
  return {
    operationId: operationId(operation),
    tags: [tag],
    summary,
    description: `${notes === undefined ? '' : `${notes}\n\n`}For ${CALLERS[caller]}.`,
    security: [...(isSecured ? [] : [{}]), { session: [] }, { apiToken: [] }],
    'x-caller': caller,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: body.optional !== true,
        content: { 'application/json': { schema: toJsonSchema(body.schema), example: body.example } },
      },
    }),
    responses: { ...goodAnswers(operation.answers), ...problems(operation) },
  }
}

/** `GET /api/v1/channels/{id}/streams` is `getChannelsByIdStreams`. */
export function operationId({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  const words = path
    .replace(/^\/api(\/v1)?\//, '')
    .split('/')
    .map((part) =>
      part.replace(/^\{(.*)\}$/, 'by-$1').replace(/(?:^|[-.])(.)/g, (_, first: string) => first.toUpperCase()),
    )
  return method + words.join('')
}

const segmentParameters = ({ segments = {} }: Operation) =>
  Object.entries(segments).map(([name, { description, example }]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
    example,
  }))

const queryParameters = ({ query }: Operation) =>
  Object.entries(query?.entries ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !isOptional(schema),
    schema: toJsonSchema(schema),
  }))

const headerParameters = ({ ifMatch }: Operation) =>
  ifMatch !== undefined
    ? [
        {
          name: 'If-Match',
          in: 'header',
          required: false,
          description: 'The ETag of what is edited; 412 if it was edited meanwhile',
          schema: { type: 'string' },
          example: '"42"',
        },
      ]
    : []

const goodAnswers = (answers: Operation['answers']) =>
  Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, printAnswer(answer)]))

function printAnswer({ description, schema, contentType = 'application/json', tagged = false }: Answer) {
  return {
    description,
    ...(tagged && { headers: { ETag: { description: 'For `If-Match`', schema: { type: 'string' } } } }),
    ...(schema !== undefined && { content: { [contentType]: printContent(schema) } }),
  }
}

function printContent(answer: v.GenericSchema): { readonly schema: JsonSchema; readonly example: unknown } {
  const schema = toJsonSchema(answer, 'answers')
  return { schema, example: exampleOf(schema) }
}

/** Codes of all failures that an operation documents: its own, and those that its kind brings with it. */
export function failuresOf({ method, caller, query, body, ifMatch, failures = [] }: Operation): FailureCode[] {
  const codes = new Set<FailureCode>(failures)
  if (caller !== 'everybody') codes.add('access/sign-in')
  if (caller === 'admin' || caller === 'self' || method !== 'get') codes.add('access/forbidden')
  if (query !== undefined || body !== undefined) codes.add('http/bad-request')
  if (body !== undefined) codes.add('http/too-large').add('http/too-slow')
  if (ifMatch !== undefined) codes.add(ifMatch)
  return [...codes]
}

/** Failures by status, each with a problem document as example. */
function problems(operation: Operation) {
  const byStatus = Map.groupBy(failuresOf(operation), (code) => FAILURES[code].status)
  return Object.fromEntries(
    [...byStatus].toSorted(([a], [b]) => a - b).map(([status, codes]) => [status, printProblems(codes)]),
  )
}

const printProblems = (codes: readonly FailureCode[]) => ({
  description: codes.map((code) => `${FAILURES[code].title} (${code})`).join('; '),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(
        codes.map((code) => {
          const { title, status } = FAILURES[code]
          return [code, { value: { type: `urn:downlink:problem:${code}`, title, status, detail: title, code } }]
        }),
      ),
    },
  },
})
