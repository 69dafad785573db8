import { Failure } from '../../core/errors.ts'
import type { LineupReader } from '../../core/lineup/lineup.ts'
import type { CheckFacts, SourceCheck, TestAnswer, TestWish } from '../../core/lineup/source-check.ts'
import type { SourceId, Stream } from '../../core/lineup/stream.ts'
import type { Hub, SlotHolder } from '../../core/live/hub.ts'
import type { StreamOpener } from '../../core/live/upstream.ts'
import type { SourceHealth } from './source-health.ts'
import { testStep } from './test-step.ts'

/** A source that can be tested. */
export type TestableSource = StreamOpener & { readonly check: SourceCheck; readonly name: string }

/** What tests need. */
export type SourceTesterOptions = {
  /** Null: there is none, or it is switched off. */
  readonly source: (id: SourceId) => TestableSource | null
  readonly hub: Pick<Hub, 'slots' | 'borrow'>
  readonly lineup: LineupReader
  readonly health: Pick<SourceHealth, 'note'>
  readonly now: () => number
}

/** Tests a source as `SourceDesk.test` does. */
export type SourceTester = (
  id: SourceId,
  wish: Omit<TestWish, 'askedBy'>,
  signal: AbortSignal,
) => Promise<readonly TestAnswer[]>

const CHECK_WITHIN_MS = 30_000
const STREAM_WITHIN_MS = 25_000
/** Panels lock out who signs in again and again; nobody reads answers faster than that. */
const PAUSE_MS = 10_000

/**
 * Tests sources on demand: one small question as configured and one for each other program, and if it is wanted the first
 * bytes of one stream. A stream is opened only while a slot is free, counts as one, and gives way to every viewer.
 */
export function createSourceTester(options: SourceTesterOptions): SourceTester {
  const { hub, lineup, health, now } = options
  const busyUntil = new Map<SourceId, number>()

  const streamOf = (id: SourceId): Stream => {
    const own = lineup.current().channels.flatMap(({ enabled, streams }) => (enabled ? streams : []))
    const stream = own.find(({ sourceId }) => sourceId === id)
    if (stream === undefined) throw new Failure('source/not-supported', 'The source has no enabled channel to try')
    return stream
  }

  const tryStream = async (
    source: TestableSource,
    stream: Stream,
    userAgent: string | null,
    wanted: AbortSignal,
  ): Promise<CheckFacts> => {
    const slots = hub.slots(stream.sourceId)
    if (slots !== null && slots.used >= slots.total)
      throw new Failure('live/no-slot', `No stream was tried: ${slots.used} of ${slots.total} slots are in use`)
    const making = new AbortController()
    const signal = AbortSignal.any([wanted, making.signal])
    const holder: SlotHolder = {
      channel: { id: 'test' },
      state: 'lingering', // as a relay that nobody watches: whoever wants to watch may have the slot at once
      stream,
      lingeringSince: 0,
      viewers: [],
      close: () => {
        making.abort(new Failure('live/preempted', 'A viewer needed the slot'))
        slot?.release()
      },
    }
    const slot = await hub.borrow(stream, holder, signal)
    if (slot === null) throw new Failure('live/no-slot', 'No stream was tried: no slot is free')
    let bytes = 0
    try {
      const sink = { data: (chunk: Uint8Array) => void (bytes += chunk.length), end: () => {} }
      const program = userAgent === null ? {} : { userAgent }
      const upstream = await source.open({ stream, sink, previous: null, ...program, signal })
      upstream.close()
      return { channel: stream.name, bytes }
    } finally {
      slot.release()
    }
  }

  return async (id, { userAgents, stream }, signal) => {
    const source = options.source(id)
    if (source === null)
      throw new Failure('source/not-supported', 'The source is switched off in the configuration', { sourceId: id })
    if (userAgents.length > 0 && !source.check.takesUserAgent)
      throw new Failure('source/not-supported', `"${source.name}" is not asked in the name of programs`, {
        sourceId: id,
      })
    if (now() < (busyUntil.get(id) ?? 0))
      throw new Failure('http/busy', `"${source.name}" is being tested, or was a moment ago`, { sourceId: id })
    busyUntil.set(id, Infinity)
    const answers: TestAnswer[] = []
    try {
      for (const userAgent of [null, ...userAgents]) {
        const asked = await testStep(source.check.asks, { withinMs: CHECK_WITHIN_MS, signal, now }, (within) =>
          source.check.ask({ userAgent, signal: within }),
        )
        if (userAgent === null) health.note(id, { kind: 'test', ms: asked.ms, problem: asked.problem })
        const isWorthIt = stream && asked.problem === null
        const tried = isWorthIt
          ? [
              await testStep('stream', { withinMs: STREAM_WITHIN_MS, signal, now }, (within) =>
                tryStream(source, streamOf(id), userAgent, within),
              ),
            ]
          : []
        answers.push({ userAgent, steps: [asked, ...tried] })
      }
      return answers
    } finally {
      busyUntil.set(id, now() + PAUSE_MS)
    }
  }
}
