import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FAILURES } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import { coolDownMs, nextStep } from '../../../core/live/failover.ts'
import type { Program } from '../../../core/live/program.ts'
import { StreamMemory } from '../../../core/live/stream-memory.ts'
import { fakeStream } from './fake-house.ts'

const CODES = Object.keys(FAILURES).filter((code) => /^(live|source)\//.test(code)) as FailureCode[]

test('nextStep() never opens a source again without a pause once viewers watch', () => {
  for (const code of CODES)
    for (let tries = 1; tries < 8; tries++) {
      const step = nextStep(code, { phase: 'switching', tries, hasNext: false })
      if (step.kind === 'again') assert.ok(step.afterMs >= 1000, `${code} after ${step.afterMs} ms`)
    }
})

test('nextStep() ends with every failure while nobody has a picture, and tries an encrypted stream once more', () => {
  for (const code of CODES)
    for (let tries = 1; tries < 4; tries++) {
      const step = nextStep(code, { phase: 'opening', tries, hasNext: true })
      assert.equal(step.kind === 'again', code === 'live/scrambled' && tries === 1, code)
    }
})

test('nextStep() gives up what was stopped here', () => {
  for (const phase of ['opening', 'switching'] as const)
    for (const code of ['live/stopped', 'live/preempted'] as const)
      assert.deepEqual(nextStep(code, { phase, tries: 1, hasNext: true }), { kind: 'give-up' })
})

test('nextStep() waits longer each time for an account that somebody else uses', () => {
  const waits = [1, 2, 3, 4, 5].map((tries) =>
    nextStep('live/contested', { phase: 'switching', tries, hasNext: false }),
  )
  assert.deepEqual(
    waits.map((step) => (step.kind === 'again' ? step.afterMs : null)),
    [10_000, 20_000, 40_000, 60_000, 60_000],
  )
})

test('coolDownMs() grows with failures in a row, ten times at most, and holds nothing against a full source', () => {
  assert.equal(coolDownMs('live/stalled', 1), 30_000)
  assert.equal(coolDownMs('live/stalled', 2), 60_000)
  assert.equal(coolDownMs('live/stalled', 9), 300_000)
  assert.equal(coolDownMs('live/no-slot', 3), 0)
  assert.equal(coolDownMs('live/switched', 1), 0)
})

const [A, B, C] = [fakeStream('a'), fakeStream('b'), fakeStream('c')] as const

const program = (video: 'h264' | 'hevc'): Program => ({
  programNumber: 1,
  version: 0,
  pmtPid: 4096,
  pcrPid: 256,
  streams: [{ pid: 256, kind: 'video', codec: video, streamType: 0, language: null, descriptors: new Uint8Array(0) }],
})

function memoryAt(now = { ms: 0 }) {
  return { now, memory: new StreamMemory(() => now.ms) }
}

test('StreamMemory keeps the owner’s order while nothing is known', () => {
  assert.deepEqual(memoryAt().memory.order([B, A, C], null), [B, A, C])
})

test('StreamMemory puts what failed lately behind, the one that may be tried again soonest first, and forgets in time', () => {
  const { memory, now } = memoryAt()
  memory.failed(A.id, 'live/stalled')
  memory.failed(B.id, 'live/ended')
  assert.deepEqual(memory.order([A, B, C], null), [C, B, A])
  now.ms = 6000
  assert.deepEqual(memory.order([A, B, C], null), [B, C, A])
  now.ms = 31_000
  assert.deepEqual(memory.order([A, B, C], null), [A, B, C])
})

test('StreamMemory prefers streams of the codecs that the viewers have, and does not hold ignorance against others', () => {
  const { memory } = memoryAt()
  memory.plays(A.id, program('hevc'))
  memory.plays(C.id, program('h264'))
  assert.deepEqual(memory.order([A, B, C], program('h264')), [B, C, A])
  assert.deepEqual(memory.order([A, B, C], null), [A, B, C])
})

test('StreamMemory forgives a stream that plays again', () => {
  const { memory } = memoryAt()
  memory.failed(A.id, 'live/scrambled')
  assert.equal(memory.isCooling(A.id), true)
  memory.plays(A.id, program('h264'))
  assert.equal(memory.isCooling(A.id), false)
})

test('StreamMemory keeps how a stream failed last, also when it plays again, and leaves out what was asked for', () => {
  const time = { now: 1000 }
  const memory = new StreamMemory(() => time.now)
  const { id } = fakeStream('a')
  assert.deepEqual(memory.past(id), { failure: null, avoidedUntil: null })
  memory.failed(id, 'live/stalled')
  time.now = 2000
  memory.failed(id, 'live/switched')
  memory.failed(id, 'live/stopped')
  assert.deepEqual(memory.past(id), { failure: { code: 'live/stalled', at: 1000 }, avoidedUntil: 31_000 })
  memory.plays(id, null)
  assert.deepEqual(memory.past(id), { failure: { code: 'live/stalled', at: 1000 }, avoidedUntil: null })
  memory.failed(id, 'live/no-slot')
  assert.deepEqual(memory.past(id), { failure: { code: 'live/no-slot', at: 2000 }, avoidedUntil: null })
})
