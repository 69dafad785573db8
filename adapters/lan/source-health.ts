import { Failure } from '../../core/errors.ts'
import type { SourceEvent, SourceHistory } from '../../core/lineup/source-check.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { OpenRequest, SlotRule, StreamOpener } from '../../core/live/upstream.ts'
import { openingBy } from './opening-by.ts'

/** Port: where events are kept, so many for each source. */
export interface SourceEventStore {
  add(source: SourceId, event: SourceEvent): void
  /** The newest first. */
  of(source: SourceId): readonly SourceEvent[]
}

/**
 * What became of each source: every refresh, test and stream. Nothing is asked for its sake: a provider that is called
 * every few minutes without need takes it for a robot, and a source that fails is asked again soon anyway.
 */
export interface SourceHealth {
  note(source: SourceId, event: Omit<SourceEvent, 'at'>): void
  /** The opener as it is, with a note of how its streams start, and of those that end by themselves. */
  watch(source: SourceId, opener: StreamOpener & SlotRule): StreamOpener & SlotRule
  history(source: SourceId): SourceHistory
  /** Tells of every note; gives the function that ends it. */
  onChange(listener: (source: SourceId) => void): () => void
}

/** Makes the book over a store. */
export function createSourceHealth({
  store,
  now,
}: {
  readonly store: SourceEventStore
  readonly now: () => number
}): SourceHealth {
  const listeners = new Set<(source: SourceId) => void>()

  const note: SourceHealth['note'] = (source, event) => {
    store.add(source, { at: now(), ...event })
    for (const listener of listeners) listener(source)
  }

  const open = async (source: SourceId, opener: StreamOpener, request: OpenRequest) => {
    const startedAt = now()
    const { sink, signal } = request
    const told = (problem: Failure | null, ms: number | null): void => {
      if (problem === null || speaksOfSource(problem)) note(source, { kind: 'stream', ms, problem })
    }
    try {
      const upstream = await opener.open({
        ...request,
        sink: {
          data: (chunk) => sink.data(chunk),
          end(failure) {
            told(failure, null)
            sink.end(failure)
          },
        },
      })
      told(null, now() - startedAt)
      return upstream
    } catch (error) {
      if (!signal.aborted && error instanceof Failure) told(error, now() - startedAt)
      throw error
    }
  }

  return {
    note,
    watch: (source, opener) => openingBy(opener, (request) => open(source, opener, request)),
    history(source) {
      const events = store.of(source)
      return {
        events,
        lastGood: events.find(({ problem }) => problem === null)?.at ?? null,
        lastError:
          events.flatMap((event) => (event.problem === null ? [] : { ...event, problem: event.problem }))[0] ?? null,
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** What we did ourselves, or a viewer wanted, says nothing about the source. */
const speaksOfSource = ({ code, kind }: Failure): boolean =>
  kind.fault !== 'viewer' && kind.fault !== 'us' && !/^live\/(stopped|switched|preempted)$/.test(code)
