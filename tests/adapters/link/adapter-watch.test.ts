import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAdapterWatch } from '../../../adapters/link/adapter-watch.ts'
import { Failure } from '../../../core/errors.ts'

const { signal } = new AbortController()
const isNoAdapter = (error: unknown) => error instanceof Failure && error.code === 'live/no-adapter'

function open() {
  const state = { now: 0, asked: [] as string[], answer: (): Promise<Response> => Promise.resolve(new Response('ok')) }
  const watch = createAdapterWatch({
    adapterUrl: 'https://home.example.org/tv',
    fetch(url) {
      state.asked.push(url)
      return state.answer()
    },
    now: () => state.now,
  })
  return { state, watch }
}

test('createAdapterWatch() asks once in ten seconds while the house answers', async () => {
  const { state, watch } = open()
  await watch(signal)
  state.now += 9_999
  await watch(signal)
  assert.deepEqual(state.asked, ['https://home.example.org/tv/healthz'])
  state.now += 1
  await watch(signal)
  assert.equal(state.asked.length, 2)
})

for (const { name, answer } of [
  { name: 'that is not reachable', answer: () => Promise.reject(new TypeError('fetch failed')) },
  { name: 'whose tunnel answers', answer: () => Promise.resolve(new Response(null, { status: 530 })) },
])
  test(`createAdapterWatch() fails for a house ${name}, and asks again after five seconds`, async () => {
    const { state, watch } = open()
    const { answer: good } = state
    state.answer = answer
    await assert.rejects(watch(signal), isNoAdapter)
    state.answer = good
    state.now += 4_999
    await assert.rejects(watch(signal), isNoAdapter)
    state.now += 1
    await watch(signal)
  })

test('createAdapterWatch() takes any other answer for a sign of life', async () => {
  for (const status of [200, 403, 404, 421]) {
    const { state, watch } = open()
    state.answer = () => Promise.resolve(new Response(null, { status }))
    await watch(signal)
  }
})

test('createAdapterWatch() says nothing of the house when the viewer has left', async () => {
  const { state, watch } = open()
  const viewer = new AbortController()
  state.answer = () => {
    viewer.abort(new Error('left'))
    return Promise.reject(new TypeError('fetch failed'))
  }
  await assert.rejects(watch(viewer.signal), /left/)
  state.answer = () => Promise.resolve(new Response('ok'))
  await watch(signal)
})
