import { Failure } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import { channelId, channelKey } from '../../../core/lineup/channel.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../../core/lineup/stream.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import type { HubOptions } from '../../../core/live/create-hub.ts'
import type { ByteSink, Hub, Seat } from '../../../core/live/hub.ts'
import type { Timers } from '../../../core/live/timers.ts'
import type { OpenRequest, SlotRule, StreamOpener } from '../../../core/live/upstream.ts'
import { createTimeShift } from '../../../core/live/time-shift.ts'
import type { TimeShiftOptions } from '../../../core/live/time-shift.ts'
import type { Log, LogFacts } from '../../../core/log.ts'
import { add90k } from '../../../core/live/timestamps.ts'
import { concat, FRAME, SYNTHETIC_SERVICE, synthesize } from './synthetic-ts.ts'
import type { Synthetic } from './synthetic-ts.ts'

/** A clock and timers that stand still until `advance`. */
export class FakeTime {
  now = 0
  #timers = new Map<object, { at: number; every: number | null; work: () => void }>()

  readonly timers: Timers = {
    set: (work, ms) => this.#add(work, ms, null),
    clear: (timer) => void this.#timers.delete(timer as object),
    every: (work, ms) => this.#add(work, ms, ms),
    clearEvery: (timer) => void this.#timers.delete(timer as object),
  }

  /** Timers that still run. */
  get pending(): number {
    return this.#timers.size
  }

  #add(work: () => void, ms: number, every: number | null): object {
    const key = {}
    this.#timers.set(key, { at: this.now + ms, every, work })
    return key
  }

  /** Lets time pass; everything that is due happens in order, and what it promised too. */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms
    for (;;) {
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at)
      if (due === undefined) break
      const [key, timer] = due
      this.now = timer.at
      if (timer.every === null) this.#timers.delete(key)
      else timer.at += timer.every
      timer.work()
      await settled()
    }
    this.now = end
    await settled()
  }
}

/** Everything that was promised has been done. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

/** One `open` that the source was asked for. */
export type Opening = OpenRequest & {
  isClosed: boolean
  /** Says that the source sends; without it the opening goes on. */
  readonly accept: () => void
  readonly refuse: (code: FailureCode) => void
  /** The source sends bytes; a copy, because they belong to the relay then. */
  readonly send: (bytes: Uint8Array) => void
  readonly end: (code: FailureCode) => void
}

const RECEIVER = sourceId('receiver')

/** A stream of the receiver; streams with the same transponder share a tuner. */
export const fakeStream = (item: string, transponder = item): Stream => ({
  id: streamId(RECEIVER, item),
  sourceId: RECEIVER,
  item,
  name: item,
  media: 'tv',
  serviceRef: null,
  programNumber: SYNTHETIC_SERVICE,
  slotKey: transponder,
})

/** A channel with these streams; by default one of its own name. */
export const fakeChannel = (key: number, streams: readonly Stream[] = [fakeStream(`item-${key}`)]): Channel => ({
  key: channelKey(key),
  id: channelId(channelKey(key)),
  number: String(key),
  name: `Channel ${key}`,
  media: 'tv',
  groups: [],
  enabled: true,
  hasLogo: false,
  guide: null,
  streams,
})

/** Somebody who watches: what was received, whether the body was closed, and the seat or the failure. */
export class Watcher {
  readonly #parts: Uint8Array[] = []
  readonly abort = new AbortController()
  seat: Seat | null = null
  failure: unknown = null
  hasBody = false
  /** `undefined`: open; null: ended by us; a code: cut. */
  closed: FailureCode | null | undefined
  /** Bytes that still fit; what comes when there is no room is taken all the same, as a body does. */
  room = Infinity

  readonly sink: ByteSink = {
    write: (bytes) => {
      this.#parts.push(bytes)
      this.room -= bytes.length
      return this.room > 0
    },
    close: (failure) => {
      this.closed = failure?.code ?? null
    },
  }

  get bytes(): Uint8Array {
    return concat(...this.#parts)
  }

  get code(): FailureCode | null {
    return this.failure instanceof Failure ? this.failure.code : null
  }

  /** The player takes again. */
  take(bytes: number): void {
    this.room = bytes
    this.seat?.drained()
  }
}

/** A house with one receiver. `tuners` null: no limit known. */
export function fakeHouse({
  tuners = null,
  lingerSeconds = 5,
  rule = {},
  shift,
  ...options
}: {
  tuners?: number | null
  lingerSeconds?: number
  rule?: Pick<SlotRule, 'sharesSlots' | 'closingMs' | 'demand'>
  /** Time shift of so many minutes over these tapes. */
  shift?: Omit<TimeShiftOptions, 'log' | 'now'>
} & Pick<HubOptions, 'slates' | 'bufferMs' | 'precedence' | 'attendance' | 'streams'> = {}) {
  const time = new FakeTime()
  const openings: Opening[] = []
  /** Sources that are not there any more. */
  const gone = new Set<string>()
  const logged: { readonly level: string; readonly event: string; readonly facts: LogFacts }[] = []
  const log: Log = (level, event, facts = {}) => void logged.push({ level, event, facts })
  const now = (): number => time.now
  const timeShift = shift === undefined ? null : createTimeShift({ ...shift, log, now })
  const source: StreamOpener & SlotRule = {
    ...rule,
    slots: () => tuners,
    open: (request) =>
      new Promise((resolve, reject) => {
        const opening: Opening = {
          ...request,
          isClosed: false,
          accept: () =>
            resolve({
              programNumber: SYNTHETIC_SERVICE,
              clearWithinMs: 3000,
              close: () => {
                opening.isClosed = true
              },
            }),
          refuse: (code) => reject(new Failure(code, `The test says ${code}`)),
          send: (bytes) => request.sink.data(bytes.slice()),
          end: (code) => request.sink.end(new Failure(code, `The test says ${code}`)),
        }
        request.signal.addEventListener('abort', () => reject(request.signal.reason))
        openings.push(opening)
      }),
  }
  const hub: Hub = createHub({
    ...options,
    timeShift,
    source: (id) => (gone.has(id) ? null : source),
    log,
    now,
    lingerSeconds,
    timers: time.timers,
  })
  const watch = async (
    channel: Channel,
    watcher = new Watcher(),
    who: { readonly user?: string; readonly slate?: boolean; readonly behindMs?: number } = {},
  ): Promise<Watcher> => {
    const info = { mode: 'ts', user: null, address: '192.168.1.9', ...who } as const
    const sink = (): ByteSink => {
      watcher.hasBody = true
      return watcher.sink
    }
    hub.watch(channel, info, sink, watcher.abort.signal).then(
      (seat) => {
        watcher.seat = seat
      },
      (error: unknown) => {
        watcher.failure = error
      },
    )
    await settled()
    return watcher
  }
  /** The opening at hand: the last one that was asked for. */
  const opening = (): Opening => {
    const last = openings.at(-1)
    if (last === undefined) throw new Error('Nothing was opened')
    return last
  }
  return { time, hub, timeShift, openings, opening, gone, logged, watch }
}

/** A programme that goes on from call to call: each gives the next `gops`, half a second long. */
export function endless(options: Synthetic = {}): (gops: number, changes?: Synthetic) => Uint8Array {
  let clock = options.clock ?? 900_000
  let counter = 0
  return (gops, changes = {}) => {
    const bytes = synthesize({ ...options, ...changes, clock, counter, gops })
    clock = add90k(clock, gops * (options.gopLength ?? 12) * FRAME)
    counter = (counter + 1) & 15
    return bytes
  }
}

/** The packets with some of them changed in place; a copy. */
export function patched(bytes: Uint8Array, change: (packet: Uint8Array, pid: number) => void): Uint8Array {
  const copy = bytes.slice()
  for (let at = 0; at < copy.length; at += 188)
    change(copy.subarray(at, at + 188), (((copy[at + 1] ?? 0) & 0x1f) << 8) | (copy[at + 2] ?? 0))
  return copy
}
