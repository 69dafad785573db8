import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { createDocument, operationId } from '../../../handlers/openapi/document.ts'
import { exampleOf } from '../../../handlers/openapi/example.ts'
import { toJsonSchema } from '../../../handlers/openapi/json-schema.ts'
import { OPERATIONS } from '../../../handlers/openapi/operations.ts'
import { fakeHouse } from '../../fakes/gateway.ts'

const nameOf = ({ method, path }: { method: string; path: string }): string => `${method.toUpperCase()} ${path}`

test('the document has every route of /api/v1, and no other', () => {
  const routes = fakeHouse()
    .app.routes.filter(({ method, path }) => method !== 'ALL' && /^\/api\/(v1\/|status$)/.test(path))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual(OPERATIONS.map(nameOf).toSorted(), [...new Set(routes)].toSorted())
})

test('operations have ids of their own, segments for all of their path, and failures that their status tells apart', () => {
  assert.equal(new Set(OPERATIONS.map(operationId)).size, OPERATIONS.length)
  assert.equal(
    operationId({ method: 'delete', path: '/api/v1/streams/{channelId}/viewers/{id}' }),
    'deleteStreamsByChannelIdViewersById',
  )
  for (const operation of OPERATIONS) {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    assert.deepEqual(Object.keys(operation.segments ?? {}).toSorted(), inPath.toSorted(), nameOf(operation))
    for (const name of Object.keys(operation.segments ?? {})) assert.ok(operation.path.includes(`{${name}}`))
    assert.match(operation.summary, /^[A-Z].*[^.]$/, nameOf(operation))
  }
})

test('examples of bodies and answers are what their schemas take', () => {
  for (const operation of OPERATIONS) {
    const { body, answers } = operation
    if (body !== undefined) assert.ok(v.is(body.schema, body.example), `body of ${nameOf(operation)}`)
    for (const { schema } of Object.values(answers)) {
      if (schema === undefined) continue
      const result = v.safeParse(schema, exampleOf(toJsonSchema(schema, 'answers')))
      assert.deepEqual(
        result.issues?.map((issue) => [v.getDotPath(issue), issue.message]),
        undefined,
        nameOf(operation),
      )
    }
  }
})

test('createDocument() says callers, parameters, bodies, answers and problems', () => {
  const document = createDocument(OPERATIONS, '1.2.3') as unknown as {
    openapi: string
    paths: Record<string, Record<string, Record<string, unknown>>>
  }
  assert.equal(document.openapi, '3.1.0')
  const edit = document.paths['/api/v1/channels/{id}']?.['patch']
  assert.deepEqual(edit?.['security'], [{ session: [] }, { apiToken: [] }])
  const parameters = edit?.['parameters'] as readonly { name: string; in: string }[]
  assert.deepEqual(
    parameters.map((parameter) => `${parameter.in} ${parameter.name}`),
    ['path id', 'query preview', 'header If-Match'],
  )
  const responses = edit?.['responses'] as Record<string, { description: string }>
  assert.deepEqual(Object.keys(responses), ['200', '400', '401', '403', '404', '408', '409', '412', '413'])
  assert.match(responses['412']?.description ?? '', /lineup\/changed/)
  const list = document.paths['/api/v1/channels']?.['get']
  assert.deepEqual(list?.['security'], [{}, { session: [] }, { apiToken: [] }], 'who may watch need not sign in')
})
