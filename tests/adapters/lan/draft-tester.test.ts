import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDraft } from '../../../adapters/lan/draft-tester.ts'
import type { SourceDriver } from '../../../adapters/sources/driver.ts'
import { Failure } from '../../../core/errors.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { notice } from '../../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'
import { createFakeDriver, fakeItem } from '../../fakes/source-driver.ts'

const A = sourceId('a')
const ends = notice(SOURCE_NOTICES, 'account/ends', { day: '2026-12-01' }, { source: 'a' })
const signal = new AbortController().signal
const items = [fakeItem('one', { guide: { feed: 'a', channel: 'one.de' } }), fakeItem('two', { media: 'radio' })]
const full: Partial<SourceDriver> = {
  catalogue: async () => ({ sourceId: A, groups: ['All'], items }),
  slots: () => 2,
  notices: () => [ends],
  async *guide(channels) {
    for (const channel of channels) yield { channel, from: 0, to: 1, programmes: [] }
  },
}
const ask = async (changes: Partial<SourceDriver>) => {
  const { driver, opened } = createFakeDriver('a', { ...full, ...changes })
  const answer = await testDraft(driver, { now: () => 0, signal })
  assert.equal(opened.size, 0)
  return answer
}

test('testDraft() tells channels, slots and the guide that is asked channel by channel', async () => {
  const { steps, ...rest } = await ask({})
  assert.deepEqual(rest, { channels: 2, slots: 2, notices: [ends] })
  assert.deepEqual(
    steps.map(({ asked, facts, problem }) => [asked, facts, problem]),
    [
      ['list', {}, null],
      ['channels', { channels: 2, radio: 1, groups: 1 }, null],
      ['guide', { guide: 'channels', programmes: 0 }, null],
    ],
  )
})

test('testDraft() takes no more of a guide document than its beginning', async () => {
  let taken = 0
  let isClosed = false
  const bytes = async function* () {
    try {
      for (;;) {
        taken += 1
        yield new Uint8Array(1000)
      }
    } finally {
      isClosed = true
    }
  }
  const open = async () => ({ version: { etag: null, lastModified: null }, size: 5_000_000, bytes: bytes() })
  const { steps } = await ask({ guideDocument: { open } })
  assert.deepEqual(steps[2]?.facts, { guide: 'document', bytes: 5_000_000 })
  assert.deepEqual([taken, isClosed], [1, true])
})

test('testDraft() says of a source without a guide that it has none', async () => {
  const none = () => Promise.reject(new Failure('source/not-supported', 'The list names no guide'))
  const { steps } = await ask({
    guideDocument: { open: none },
    catalogue: async () => ({ sourceId: A, groups: [], items: [fakeItem('one')] }),
  })
  assert.deepEqual([steps[2]?.facts, steps[2]?.problem], [{ guide: 'none' }, null])
})

test('testDraft() asks no more after something that went wrong', async () => {
  let listed = 0
  const { steps, channels } = await ask({
    check: { asks: 'log-in', takesUserAgent: true, ask: () => Promise.reject(new Failure('source/login', 'Refused')) },
    catalogue: async () => ((listed += 1), { sourceId: A, groups: [], items }),
  })
  assert.deepEqual(
    [steps.map(({ asked, problem }) => [asked, problem?.code]), listed, channels],
    [[['log-in', 'source/login']], 0, null],
  )
})

test("testDraft() ends with the signal's reason", async () => {
  const cancel = new AbortController()
  const { driver } = createFakeDriver('a', {
    check: {
      asks: 'list',
      takesUserAgent: false,
      ask: ({ signal: until }) =>
        new Promise((_, reject) => until.addEventListener('abort', () => reject(until.reason as Error))),
    },
  })
  const running = testDraft(driver, { now: () => 0, signal: cancel.signal })
  cancel.abort(new Failure('job/cancelled', 'Enough'))
  await assert.rejects(running, { code: 'job/cancelled' })
})
