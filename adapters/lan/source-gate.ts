import type { Failure } from '../../core/errors.ts'
import type { OpenRequest, SlotRule, StreamOpener, UpstreamSink } from '../../core/live/upstream.ts'
import { openingBy } from './opening-by.ts'

/** A source whose streams can be ended all at once. */
export interface SourceGate {
  readonly source: StreamOpener & SlotRule
  /** Ends every stream that is open or on its way, for this reason, and opens no more. */
  shut(reason: Failure): void
}

/** Puts a gate before a source. */
export function createSourceGate(source: StreamOpener & SlotRule): SourceGate {
  const shutting = new AbortController()
  const open = new Map<UpstreamSink, (reason: Failure) => void>()

  const enter = async (request: OpenRequest) => {
    const signal = AbortSignal.any([request.signal, shutting.signal])
    signal.throwIfAborted()
    const sink: UpstreamSink = {
      data: (chunk) => request.sink.data(chunk),
      end(failure) {
        open.delete(sink)
        request.sink.end(failure)
      },
    }
    let isOver = false
    const upstream = await source.open({
      ...request,
      signal,
      sink: {
        data: sink.data,
        end(failure) {
          isOver = true
          sink.end(failure)
        },
      },
    })
    if (shutting.signal.aborted) upstream.close()
    shutting.signal.throwIfAborted()
    if (!isOver)
      open.set(sink, (reason) => {
        upstream.close()
        sink.end(reason)
      })
    return {
      programNumber: upstream.programNumber,
      clearWithinMs: upstream.clearWithinMs,
      close() {
        open.delete(sink)
        upstream.close()
      },
    }
  }

  return {
    source: openingBy(source, enter),
    shut(reason) {
      shutting.abort(reason)
      for (const end of open.values()) end(reason)
      open.clear()
    },
  }
}
