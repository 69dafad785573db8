import { measureLoad } from '../adapters/lan/house-load.ts'
import type { Store } from '../adapters/store/open-store.ts'
import { TrafficCounters } from '../core/live/traffic.ts'
import type { HouseMeter } from '../core/live/traffic.ts'
import { Meter } from '../core/history/meter.ts'
import { createRecorder } from '../core/history/recorder.ts'
import type { Recorder } from '../core/history/recorder.ts'
import type { Sample } from '../core/history/sample.ts'
import { Sampler } from '../core/history/sampler.ts'
import type { FilePlay } from '../core/live/file-play.ts'
import type { StreamStatus } from '../core/live/hub.ts'
import type { Log } from '../core/log.ts'
import type { HistoryDesk, LiveFigures } from '../handlers/history/history-desk.ts'
import type { SourceStatus } from '../handlers/gateway.ts'
import type { HouseConfig } from './load-config.ts'

const LOOK_MS = 1000
/** So much a killed process loses. */
const FLUSH_MS = 3000
/** Whoever looks at live figures says so again within this time. */
const ASKED_MS = 30_000
const FORGET_MS = 3_600_000
const DAY_MS = 24 * FORGET_MS
/** More viewings than this are not kept, however short the days were. */
const MOST_VIEWINGS = 200_000

/** What of the house is looked at. */
export type HistoryParts = {
  readonly config: Pick<HouseConfig, 'history'>
  readonly store: Pick<Store, 'history'>
  readonly streams: () => readonly StreamStatus[]
  readonly plays: () => readonly FilePlay[]
  readonly sources: () => readonly Pick<SourceStatus, 'id' | 'slots'>[]
  readonly now: () => number
  readonly log: Log
}

/** The history of a house. Disposing it writes what is left, and ends its timers. */
export interface HouseHistory extends Disposable {
  readonly recorder: Recorder
  readonly desk: HistoryDesk
  /** Begins to look, once a second. */
  start(): void
  readonly meter: HouseMeter
}

/** Takes over what an earlier run has left, and is ready to take notes. */
export function createHistory({ config, store, streams, plays, sources, now, log }: HistoryParts): HouseHistory {
  const { viewings, samples } = store.history
  const { addresses } = config.history
  const interrupted = viewings.interruptOpen()
  if (interrupted > 0) log('info', 'history-interrupted', { viewings: interrupted })
  const recorder = createRecorder({
    store: viewings,
    streams,
    plays,
    newId: () => crypto.randomUUID(),
    addresses,
    now,
  })
  const sampler = new Sampler(samples, now())
  const meter = new Meter(now())
  const load = measureLoad()
  const traffic = new TrafficCounters()
  const listeners = new Set<(figures: LiveFigures) => void>()
  const timers: ReturnType<typeof setInterval>[] = []
  let latest: Sample | null = null
  let askedUntil = 0

  const look = (): void => {
    const at = now()
    recorder.look()
    const running = { streams: streams(), plays: plays() }
    traffic.look(running.streams)
    const { streams: perStream, ...flow } = meter.read(running, at)
    const slots = sources().flatMap(({ id, slots: some }) => (some === null ? [] : [[id, some.used] as const]))
    latest = {
      at,
      ...flow,
      ...load.read(),
      streams: running.streams.length + running.plays.length,
      slots: Object.fromEntries(slots),
    }
    sampler.add(latest)
    for (const listener of listeners) listener({ ...latest, perStream })
  }
  const forget = (): void => {
    const before = now() - config.history.days * DAY_MS
    viewings.forget(before, MOST_VIEWINGS)
    samples.forget(before)
  }
  /** The history must not end what it writes about. */
  const spared = (work: () => void): (() => void) => {
    let isBroken = false
    return () => {
      try {
        work()
        isBroken = false
      } catch (error) {
        if (!isBroken) log('error', 'history-broke', { error: String(error) })
        isBroken = true
      }
    }
  }

  return {
    recorder,
    desk: {
      get days() {
        return config.history.days
      },
      viewings: (query) => recorder.find(query),
      choices: (field, text, limit) => recorder.choices(field, text, limit),
      samples: (query) => sampler.find(query),
      askFigures() {
        askedUntil = now() + ASKED_MS
      },
      areFiguresAsked: () => now() < askedUntil,
      onFigures(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    start() {
      spared(forget)()
      timers.push(
        setInterval(spared(look), LOOK_MS),
        setInterval(
          spared(() => recorder.flush()),
          FLUSH_MS,
        ),
        setInterval(spared(forget), FORGET_MS),
      )
    },
    meter: {
      traffic: () => traffic.read(),
      load() {
        const { user, system } = process.cpuUsage()
        const { rss } = process.memoryUsage()
        return { cpuSeconds: (user + system) / 1e6, memoryBytes: rss, loopDelayMs: latest?.loopDelayMs ?? null }
      },
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer)
      load[Symbol.dispose]()
      spared(() => sampler.close())()
      spared(() => recorder.flush())()
    },
  }
}
