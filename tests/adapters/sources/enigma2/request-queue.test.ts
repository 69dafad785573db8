import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequestQueue } from '../../../../adapters/sources/enigma2/request-queue.ts'
import type { Priority } from '../../../../adapters/sources/enigma2/request-queue.ts'
import { createManualTimers } from './manual-timers.ts'

const calm = new AbortController().signal

function aQueue() {
  const timers = createManualTimers()
  const queue = createRequestQueue({ now: timers.now, timers, pauseMs: 50 })
  const started: string[] = []
  const finish = new Map<string, () => void>()
  const ask = (name: string, priority: Priority, signal: AbortSignal = calm): Promise<string> =>
    queue.run(priority, signal, () => {
      started.push(name)
      return new Promise((resolve) => finish.set(name, () => resolve(name)))
    })
  const end = async (name: string): Promise<void> => {
    finish.get(name)?.()
    await new Promise(setImmediate)
  }
  return { timers, queue, started, ask, end }
}

test('createRequestQueue() runs one task at a time', async () => {
  const { ask, started, end } = aQueue()
  const first = ask('first', 'ui')
  void ask('second', 'ui')
  assert.deepEqual(started, ['first'])
  await end('first')
  assert.equal(await first, 'first')
  assert.deepEqual(started, ['first', 'second'])
})

test('createRequestQueue() takes the most urgent first, and those alike in order', async () => {
  const { ask, started, end, timers } = aQueue()
  for (const [name, priority] of [
    ['running', 'ui'],
    ['logo', 'logo'],
    ['guide', 'guide'],
    ['page', 'ui'],
    ['other page', 'ui'],
    ['play', 'playback'],
  ] as const) {
    void ask(name, priority)
  }
  for (const name of ['running', 'play', 'page', 'other page', 'guide']) await end(name)
  timers.advance(50)
  assert.deepEqual(started, ['running', 'play', 'page', 'other page', 'guide', 'logo'])
})

test('createRequestQueue() pauses between background tasks, but not for others', async () => {
  const { ask, started, end, timers } = aQueue()
  void ask('guide 1', 'guide')
  void ask('guide 2', 'guide')
  await end('guide 1')
  timers.advance(49)
  assert.deepEqual(started, ['guide 1'])
  void ask('page', 'ui')
  assert.deepEqual(started, ['guide 1', 'page'])
  await end('page')
  timers.advance(1)
  assert.deepEqual(started, ['guide 1', 'page', 'guide 2'])
})

test('holdBackground() holds guide and logos back for its time', async () => {
  const { queue, ask, started, timers } = aQueue()
  queue.holdBackground(3000)
  void ask('guide', 'guide')
  timers.advance(2999)
  assert.deepEqual(started, [])
  timers.advance(1)
  assert.deepEqual(started, ['guide'])
})

test('holdBackground() during the wait makes it longer', async () => {
  const { queue, ask, started, timers } = aQueue()
  queue.holdBackground(3000)
  void ask('guide', 'guide')
  timers.advance(2000)
  queue.holdBackground(3000)
  timers.advance(2999)
  assert.deepEqual(started, [])
  timers.advance(1)
  assert.deepEqual(started, ['guide'])
})

test('createRequestQueue() forgets a task that is no longer wanted', async () => {
  const { ask, started, end } = aQueue()
  const abort = new AbortController()
  void ask('running', 'ui')
  const unwanted = ask('unwanted', 'ui', abort.signal)
  abort.abort(new Error('gone'))
  await assert.rejects(unwanted, /gone/)
  await end('running')
  assert.deepEqual(started, ['running'])
})

test('createRequestQueue() goes on after a task that failed', async () => {
  const { queue } = aQueue()
  await assert.rejects(
    queue.run('ui', calm, () => Promise.reject(new Error('broken'))),
    /broken/,
  )
  assert.equal(await queue.run('ui', calm, async () => 'fine'), 'fine')
})

test('close() refuses what waits and what comes', async () => {
  const { queue, ask } = aQueue()
  void ask('running', 'ui')
  const waiting = ask('waiting', 'ui')
  queue.close(new Error('closed'))
  await assert.rejects(waiting, /closed/)
  await assert.rejects(ask('late', 'ui'), /closed/)
})
