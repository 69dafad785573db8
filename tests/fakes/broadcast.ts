import type { Failure } from '../../core/errors.ts'
import type { SlotRule, StreamOpener, UpstreamSink } from '../../core/live/upstream.ts'
import type { VirtualTime } from './virtual-time.ts'

const PACKET_SIZE = 188
const TICK_MS = 20

/** A source that sends a transport stream in its own time, on a virtual clock. */
export interface Broadcast extends StreamOpener, SlotRule {
  /** Connections that are open now. */
  readonly connections: number
  /** Connections that were ever opened. */
  readonly opened: number
  /** While true nothing comes; what was sent meanwhile is lost. */
  isStalled: boolean
  /** Ends the connections that are open; a new one goes on where the time is. */
  cut(failure: Failure): void
}

/** A clock that steps further than this is another clock, 90 kHz. */
const MAX_STEP_90K = 90_000

/** Milliseconds from the first clock reference to each packet, by the references (PCR) in the stream. */
function sendingTimes(bytes: Uint8Array): Float64Array {
  const times = new Float64Array(bytes.length / PACKET_SIZE)
  const at = (index: number): number => bytes[index] ?? 0
  let last: number | null = null
  let time = 0
  for (let packet = 0; packet < times.length; packet++) {
    const from = packet * PACKET_SIZE
    if ((at(from + 3) & 0x20) !== 0 && at(from + 4) > 6 && (at(from + 5) & 0x10) !== 0) {
      const [a, b, c, d, e] = [at(from + 6), at(from + 7), at(from + 8), at(from + 9), at(from + 10)]
      const clock = a * 2 ** 25 + b * 2 ** 17 + c * 2 ** 9 + d * 2 + (e >> 7)
      const step = last === null ? 0 : (clock - last + 2 ** 33) % 2 ** 33
      if (step < MAX_STEP_90K) time += step / 90
      last = clock
    }
    times[packet] = time
  }
  return times
}

/** Sends `bytes` from the first connection on; behind their end nothing comes any more. */
export function createBroadcast(time: VirtualTime, bytes: Uint8Array): Broadcast {
  const times = sendingTimes(bytes)
  const sinks = new Set<UpstreamSink>()
  let startedAt: number | null = null
  let sent = 0
  let opened = 0
  let ticker: unknown = null

  const tick = (): void => {
    const until = time.now() - (startedAt ?? time.now())
    const from = sent
    while (sent < times.length && (times[sent] ?? 0) <= until) sent += 1
    if (broadcast.isStalled || sent === from) return
    // A sink owns what it gets.
    for (const sink of sinks) sink.data(bytes.slice(from * PACKET_SIZE, sent * PACKET_SIZE))
  }

  const broadcast: Broadcast = {
    get connections() {
      return sinks.size
    },
    get opened() {
      return opened
    },
    isStalled: false,
    slots: () => null,
    open({ sink }) {
      opened += 1
      sinks.add(sink)
      startedAt ??= time.now()
      ticker ??= time.timers.every(tick, TICK_MS)
      return Promise.resolve({
        programNumber: null,
        clearWithinMs: 3000,
        close() {
          sinks.delete(sink)
          if (sinks.size > 0 || ticker === null) return
          time.timers.clearEvery(ticker)
          ticker = null
        },
      })
    },
    cut(failure) {
      for (const sink of sinks) sink.end(failure)
      sinks.clear()
    },
  }
  return broadcast
}
