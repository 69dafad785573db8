import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Timers } from '../../../core/live/timers.ts'
import { openConnection } from '../../../ui/src/live/connection.ts'
import type { LineMessage } from '../../../ui/src/live/line.ts'

/** Timers that run when told to, in order of their time. */
function handTimers() {
  let waiting: { work: () => void; ms: number }[] = []
  const timers: Timers = {
    set: (work, ms) => {
      const timer = { work, ms }
      waiting.push(timer)
      return timer
    },
    clear: (timer) => {
      waiting = waiting.filter((one) => one !== timer)
    },
    every: () => assert.fail('nothing is repeated'),
    clearEvery: () => assert.fail('nothing is repeated'),
  }
  return {
    timers,
    pauses: () => waiting.map(({ ms }) => ms),
    run: () => {
      const [first] = waiting.toSorted((a, b) => a.ms - b.ms)
      waiting = waiting.filter((one) => one !== first)
      first?.work()
    },
  }
}

/** A gateway whose connections the test answers, feeds and cuts. */
function handGateway() {
  const calls: { answer(response: Response): void; signal: AbortSignal }[] = []
  return {
    calls,
    fetch: (_url: string, init: RequestInit) =>
      new Promise<Response>((resolve, reject) => {
        const { signal } = init
        assert.ok(signal)
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
        calls.push({ answer: resolve, signal })
      }),
  }
}

function pipe() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given
    },
  })
  return {
    response: new Response(stream),
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('openConnection() tells states and events, and comes back after the end', async () => {
  const { timers, pauses, run } = handTimers()
  const { calls, fetch } = handGateway()
  const heard: LineMessage[] = []
  const line = openConnection('/events', { fetch, timers, random: () => 1 }, (message) => heard.push(message))
  const first = pipe()
  calls[0]?.answer(first.response)
  await turn()
  first.send('event: lineup\ndata: 1\n\n')
  await turn()
  first.end()
  await turn()
  await turn()
  assert.deepEqual(heard, [
    { type: 'state', state: 'opening' },
    { type: 'state', state: 'open' },
    { type: 'event', kind: 'lineup', data: '1' },
    { type: 'state', state: 'lost' },
  ])
  assert.deepEqual(pauses(), [500])
  run()
  assert.equal(calls.length, 2)
  line.close()
  assert.equal(calls[1]?.signal.aborted, true)
  assert.deepEqual(heard.at(-1), { type: 'state', state: 'off' })
})

test('openConnection() waits longer after each refusal, 30 s at most, and not at all after restart()', async () => {
  const { timers, pauses, run } = handTimers()
  const { calls, fetch } = handGateway()
  const line = openConnection('/events', { fetch, timers, random: () => 1 }, () => undefined)
  const seen: number[] = []
  for (let turns = 0; turns < 8; turns += 1) {
    calls.at(-1)?.answer(new Response(null, { status: 503 }))
    await turn()
    await turn()
    seen.push(...pauses())
    run()
  }
  assert.deepEqual(seen, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  const before = calls.length
  line.restart()
  assert.equal(calls.length, before + 1)
  line.close()
})

test('openConnection() gives up a line that says nothing', async () => {
  const { timers, run } = handTimers()
  const { calls, fetch } = handGateway()
  const heard: LineMessage[] = []
  const line = openConnection('/events', { fetch, timers, random: () => 1 }, (message) => heard.push(message))
  run() // the only timer: silence
  await turn()
  await turn()
  assert.equal(calls[0]?.signal.aborted, true)
  assert.deepEqual(heard.at(-1), { type: 'state', state: 'lost' })
  line.close()
})
