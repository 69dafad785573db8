import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wayFor } from '../../ui/src/films/containers.ts'
import { pastPath, readSpan } from '../../ui/src/replay/span.ts'

test('a container says how a page can play it', () => {
  assert.equal(wayFor('mp4'), 'browser')
  assert.equal(wayFor('.MKV'), 'browser')
  assert.equal(wayFor('ts'), 'ts')
  assert.equal(wayFor('avi'), 'elsewhere')
  assert.equal(wayFor(null), 'browser')
})

test('the past of a channel is named by two instants', () => {
  const span = readSpan({ start: '2026-11-21T12:00:00Z', stop: '2026-11-21T13:30:00.500Z' })
  assert.ok(span !== null)
  assert.equal(pastPath('c7', span), '/live/c7.ts?start=2026-11-21T12%3A00%3A00.000Z&duration=5401&quality=audio')
  assert.equal(readSpan({}), null)
  assert.equal(readSpan({ start: '2026-11-21T12:00:00Z', stop: '2026-11-21T12:00:00Z' }), null)
  assert.equal(readSpan({ start: 'yesterday', stop: 'now' }), null)
})
