import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openUrlStream } from '../../../../adapters/sources/enigma2/url-stream.ts'
import type { UrlStream } from '../../../../adapters/sources/enigma2/url-stream.ts'
import { createSink, eventually } from '../../../conformance/source.ts'
import { createManualTimers } from './manual-timers.ts'
import { failsWith, patience } from './receiver.ts'
import { startWeb } from './web-server.ts'
import type { WebReply } from './web-server.ts'

const TS = { type: 'video/mp2t', body: new Uint8Array(376).fill(0x47) }

function trial(url: URL, more: Partial<UrlStream> = {}) {
  const sink = createSink()
  const timers = createManualTimers()
  const opening = openUrlStream({
    url,
    isAllowed: () => true,
    firstByteMs: 12_000,
    sink,
    timers,
    signal: patience(),
    ...more,
  })
  opening.catch(() => {}) // looked at by the test
  return { sink, timers, opening }
}

test('openUrlStream() delivers the bytes and tells the end once', async () => {
  await using web = await startWeb(() => TS)
  const { sink, opening } = trial(new URL('/a', web.url))
  await opening
  await eventually(() => sink.ends().length === 1, 'the end is told')
  assert.deepEqual([sink.bytes(), sink.ends()[0]?.code], [376, 'live/ended'])
})

test('openUrlStream() sends the login of the URL as a header', async () => {
  await using web = await startWeb(() => TS)
  const url = new URL('/a', web.url)
  url.username = 'u'
  url.password = 'p%40'
  const stream = await trial(url).opening
  assert.equal(web.requests[0]?.headers.authorization, `Basic ${btoa('u:p@')}`)
  stream.close()
})

test('openUrlStream() follows redirects, asking for each host', async () => {
  await using web = await startWeb(({ path }): WebReply =>
    path === '/b' ? TS : { status: 302, headers: { Location: '/b' }, body: '' },
  )
  const asked: string[] = []
  const { sink, opening } = trial(new URL('/a', web.url), { isAllowed: (host) => asked.push(host) > 0 })
  const stream = await opening
  await eventually(() => sink.bytes() > 0, 'bytes arrive')
  assert.deepEqual(asked, ['127.0.0.1', '127.0.0.1'])
  stream.close()
})

test('openUrlStream() is not led to a host that is not allowed', async () => {
  await using web = await startWeb(() => ({ status: 302, headers: { Location: 'http://203.0.113.9/x' }, body: '' }))
  const { opening } = trial(new URL('/a', web.url), { isAllowed: (host) => host === '127.0.0.1' })
  await assert.rejects(opening, failsWith('source/not-supported'))
})

test('openUrlStream() does not follow redirects for ever', async () => {
  await using web = await startWeb(() => ({ status: 302, headers: { Location: '/again' }, body: '' }))
  await assert.rejects(trial(new URL('/a', web.url)).opening, failsWith('live/refused'))
  assert.equal(web.requests.length, 6)
})

for (const { name, reply, code } of [
  { name: 'a refusal', reply: { status: 403, body: 'no' }, code: 'live/refused' },
  {
    name: 'an HLS playlist',
    reply: { type: 'application/vnd.apple.mpegurl', body: '#EXTM3U' },
    code: 'source/not-supported',
  },
  { name: 'an empty body', reply: { type: 'video/mp2t', body: '' }, code: 'live/refused' },
] as const) {
  test(`openUrlStream() explains ${name}`, async () => {
    await using web = await startWeb(() => reply)
    await assert.rejects(trial(new URL('/live/u/secret/1.ts', web.url)).opening, (error) => {
      assert.doesNotMatch(String(error), /secret/)
      return failsWith(code)(error)
    })
  })
}

test('openUrlStream() gives up silence', async () => {
  await using web = await startWeb(() => null)
  const { timers, opening } = trial(new URL('/a', web.url))
  await eventually(() => web.requests.length === 1, 'the request is in')
  timers.advance(12_000)
  await assert.rejects(opening, failsWith('live/silent'))
})

test('openUrlStream() lets go when it is no longer wanted', async () => {
  await using web = await startWeb(() => null)
  const abort = new AbortController()
  const { timers, opening } = trial(new URL('/a', web.url), { signal: abort.signal })
  await eventually(() => web.requests.length === 1, 'the request is in')
  abort.abort(new Error('gone'))
  await assert.rejects(opening, /gone/)
  assert.equal(timers.pending(), 0)
})
