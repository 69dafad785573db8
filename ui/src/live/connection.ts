import type { Timers } from '../../../core/live/timers.ts'
import type { Line, LineMessage, LineState } from './line.ts'
import { readSse } from './sse.ts'

/** What a connection needs of the world. */
export type ConnectionPorts = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timers: Timers
  /** 0 … 1, so that many pages do not come back at the same moment. */
  readonly random: () => number
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
// The gateway says something every 15 s, if only a comment: twice as long without a word is a dead line.
const SILENT_MS = 35_000

/**
 * One connection to the events at `url`; it is opened again whenever it ends, after 0.5 s and then ever longer pauses (30 s
 * at most), at once after `restart()`.
 *
 * States: opening ─first answer→ open ─end, error, 35 s of silence→ lost ─answer→ open. A refusal (signed out) is lost too.
 */
export function openConnection(url: string, ports: ConnectionPorts, hear: (message: LineMessage) => void): Line {
  const { timers } = ports
  let state: LineState = 'off'
  let attempt = new AbortController()
  let pause: unknown
  let failures = 0
  let closed = false

  const become = (next: LineState) => {
    if (state !== next) hear({ type: 'state', state: (state = next) })
  }

  const run = async (stop: AbortController): Promise<void> => {
    let silence: unknown
    const heard = () => {
      timers.clear(silence)
      silence = timers.set(() => stop.abort(), SILENT_MS)
    }
    heard()
    try {
      const response = await ports.fetch(url, {
        headers: { Accept: 'text/event-stream' },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: stop.signal,
      })
      if (!response.ok || response.body === null) {
        await response.body?.cancel()
        return
      }
      failures = 0
      become('open')
      const read = readSse()
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      for (let part = await reader.read(); !part.done && !stop.signal.aborted; part = await reader.read()) {
        heard()
        for (const event of read(part.value)) hear({ type: 'event', ...event })
      }
    } catch {
      // Whatever ended it, the way on is the same: come back later.
    } finally {
      timers.clear(silence)
    }
  }

  const open = () => {
    timers.clear(pause)
    attempt.abort()
    const mine = (attempt = new AbortController())
    if (state === 'off') become('opening')
    void run(mine).then(() => {
      mine.abort()
      if (closed || mine !== attempt) return
      become('lost')
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
      failures += 1
      pause = timers.set(open, longest * (0.5 + ports.random() / 2))
    })
  }

  open()
  return {
    restart: () => {
      if (closed) return
      failures = 0
      become('lost')
      open()
    },
    close: () => {
      closed = true
      timers.clear(pause)
      attempt.abort()
      become('off')
    },
  }
}
