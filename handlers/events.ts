import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { Failure } from '../core/errors.ts'
import type { ChannelId } from '../core/lineup/channel.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Timers } from '../core/live/timers.ts'
import { requireRole } from './api-guard.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { printStream } from './status.ts'

/** What happens within this time is told together, the latest of each channel. */
const GATHER_MS = 200
/** A comment goes out after so long without an event, so that proxies keep the connection. */
const HEARTBEAT_MS = 15_000
/** More pages than this are not open in any house. */
const MAX_LISTENERS = 100

/** What of the gateway events need. */
export type EventPorts = Pick<Gateway, 'changes' | 'status' | 'lineup'>

/**
 * `GET /api/v1/events`, Server-Sent Events for people who signed in.
 *
 * `lineup` `{revision}` at the start and whenever the line-up changes; for admins `stream`, a running stream as
 * `/api/v1/streams` shows it, at the start and whenever its state, stream or viewers change, and `stream-closed`
 * `{channelId}`.
 */
export function eventRoutes(gateway: EventPorts, timers: Timers = systemTimers): Hono<Env> {
  let listeners = 0
  return new Hono<Env>().use('/events', requireRole('viewer')).get('/events', (c) => {
    if (listeners >= MAX_LISTENERS)
      throw new Failure('http/busy', `${MAX_LISTENERS} pages follow the events already; close one`)
    const isAdmin = c.get('caller').role === 'admin'
    c.header('cache-control', 'no-store')
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      const pending = new Pending(timers)
      const forget = gateway.changes.subscribe((change) => pending.add(change))
      listeners += 1
      stream.onAbort(() => pending.end())
      try {
        pending.add({ kind: 'lineup' })
        for (const { channelId } of gateway.status.streams()) pending.add({ kind: 'stream', channelId })
        while (!stream.aborted && !stream.closed) {
          const changes = await pending.take()
          if (changes === null) break
          if (changes.channels.length === 0 && !changes.lineup) await stream.write(': still here\n\n')
          if (changes.lineup)
            await stream.writeSSE({ event: 'lineup', data: JSON.stringify({ revision: revisionOf(gateway) }) })
          if (!isAdmin) continue
          const running = gateway.status.streams()
          for (const channelId of changes.channels) {
            const found = running.find((one) => one.channelId === channelId)
            await stream.writeSSE(
              found === undefined
                ? { event: 'stream-closed', data: JSON.stringify({ channelId }) }
                : { event: 'stream', data: JSON.stringify(printStream(found)) },
            )
          }
        }
      } finally {
        listeners -= 1
        forget()
        pending.end()
      }
    })
  })
}

const revisionOf = ({ lineup }: EventPorts): string | null => {
  try {
    return lineup.current().revision
  } catch (error) {
    if (error instanceof Failure) return null // it is still being loaded
    throw error
  }
}

/** What has happened and was not told yet; never more than one entry a channel. */
class Pending {
  readonly #timers: Timers
  readonly #channels = new Set<ChannelId>()
  #lineup = false
  #isOver = false
  #wake: (() => void) | null = null

  constructor(timers: Timers) {
    this.#timers = timers
  }

  add(change: { readonly kind: 'lineup' } | { readonly kind: 'stream'; readonly channelId: ChannelId }): void {
    if (change.kind === 'lineup') this.#lineup = true
    else this.#channels.add(change.channelId)
    this.#wake?.()
  }

  end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  /** Waits for something to happen, and a moment for what comes with it; empty: it is time for a heartbeat; null: over. */
  async take(): Promise<{ readonly lineup: boolean; readonly channels: readonly ChannelId[] } | null> {
    if (!this.#has()) await this.#wait(HEARTBEAT_MS)
    if (this.#has()) await this.#sleep(GATHER_MS)
    if (this.#isOver) return null
    const changes = { lineup: this.#lineup, channels: [...this.#channels] }
    this.#lineup = false
    this.#channels.clear()
    return changes
  }

  #has(): boolean {
    return this.#lineup || this.#channels.size > 0 || this.#isOver
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#timers.clear(timer)
        this.#wake = null
        resolve()
      }
      const timer = this.#timers.set(done, ms)
      this.#wake = done
    })
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#timers.set(resolve, ms))
  }
}
