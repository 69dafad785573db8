import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOTICES } from '../../../core/notices/catalogue.ts'
import { FINDING_NOTICES } from '../../../core/notices/findings.ts'
import { FRONT_NOTICES } from '../../../core/notices/fronts.ts'
import { HOUSE_NOTICES } from '../../../core/notices/house.ts'
import { notice } from '../../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'

test('notice() puts facts into their places, and the source before the sentence', () => {
  assert.deepEqual(notice(SOURCE_NOTICES, 'portal/mac-limit', { mac: 2, limit: 1 }, { source: 'Portal' }), {
    code: 'portal/mac-limit',
    facts: { mac: 2, limit: 1 },
    source: 'Portal',
    failure: null,
    text: 'Source "Portal": MAC 2 allows 1 at a time, less than "streamsPerMac" says',
  })
})

test('notice() says the title and advice of the failure behind it', () => {
  const { text } = notice(HOUSE_NOTICES, 'front/not-published', { host: 'tv.test' }, { failure: 'source/unreachable' })
  assert.equal(
    text,
    'Cannot publish to tv.test: The source does not answer. Is it switched on and is its address right?',
  )
})

test('notice() ends a sentence without advice where it ends', () => {
  const { text } = notice(HOUSE_NOTICES, 'front/not-published', { host: 'tv.test' }, { failure: 'publish/outdated' })
  assert.equal(text, 'Cannot publish to tv.test: Something newer was published already')
})

test('notice() leaves braces in facts alone', () => {
  assert.equal(
    notice(SOURCE_NOTICES, 'portal/message', { message: '{limit} and $1' }).text,
    'the provider writes "{limit} and $1"',
  )
})

test('no two tables have a notice with the same code', () => {
  const codes = [SOURCE_NOTICES, HOUSE_NOTICES, FRONT_NOTICES, FINDING_NOTICES].flatMap((table) => Object.keys(table))
  assert.equal(codes.length, Object.keys(NOTICES).length)
})
