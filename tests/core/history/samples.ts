import { channelId, channelKey } from '../../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../../core/lineup/stream.ts'
import type { Sample } from '../../../core/history/sample.ts'
import type { Viewing, ViewingPage, ViewingQuery, ViewingStore } from '../../../core/history/viewing.ts'
import type { Arrival } from '../../../core/live/attendance.ts'
import type { StreamStatus } from '../../../core/live/hub.ts'

/** When it begins. */
export const T0 = Date.UTC(2026, 10, 21, 20, 15)
/** What is watched. */
export const CHANNEL = { id: channelId(channelKey(1)), name: 'One HD' }

/** Somebody who watches the channel. */
export const anArrival = (changes: Partial<Arrival> = {}): Arrival => ({
  id: 'v1',
  mode: 'ts',
  user: 'anna',
  address: '192.168.1.20',
  player: 'VLC/3.0.20',
  kind: 'live',
  channelId: CHANNEL.id,
  title: CHANNEL.name,
  sourceId: null,
  streamId: null,
  ...changes,
})

/** The channel as it runs. */
export const aStream = (changes: Partial<StreamStatus> = {}): StreamStatus => ({
  channelId: CHANNEL.id,
  channelName: CHANNEL.name,
  sourceId: sourceId('receiver'),
  streamId: streamId(sourceId('receiver'), 'one'),
  state: 'live',
  startedAt: T0,
  bytesIn: 0,
  bytesOut: 0,
  bitrateKbps: 0,
  continuityErrors: 0,
  clockJitterMs: null,
  bufferedMs: 0,
  firstByteMs: null,
  firstPictureMs: null,
  slate: null,
  switchCount: 0,
  switches: [],
  program: null,
  viewers: [],
  ...changes,
})

/** A viewing that goes on. */
export const aViewing = (changes: Partial<Viewing> = {}): Viewing => ({
  id: 'w1',
  viewerId: 'v1',
  kind: 'live',
  channelId: CHANNEL.id,
  title: CHANNEL.name,
  sourceId: sourceId('receiver'),
  streamId: streamId(sourceId('receiver'), 'one'),
  mode: 'ts',
  quality: 'original',
  user: 'anna',
  player: 'VLC/3.0.20',
  address: '192.168.1.20',
  startedAt: T0,
  lastSeen: T0,
  endedAt: null,
  bytes: 0,
  reason: null,
  code: null,
  switchCount: 0,
  switches: [],
  errors: 0,
  errorMinutes: [],
  ...changes,
})

/** All viewings there are. */
export const ALL: ViewingQuery = {
  channelId: null,
  person: null,
  sourceId: null,
  reason: null,
  from: null,
  to: null,
  offset: 0,
  limit: 100,
}

/** Viewings in memory, the newest first; `writes` counts batches. */
export function memoryViewings(): ViewingStore & { readonly kept: Map<string, Viewing>; writes: number } {
  const kept = new Map<string, Viewing>()
  return {
    kept,
    writes: 0,
    put(viewings) {
      this.writes += 1
      for (const viewing of viewings) kept.set(viewing.id, viewing)
    },
    find({ offset, limit }): ViewingPage {
      const items = [...kept.values()].toReversed()
      return { total: items.length, items: items.slice(offset, offset + limit) }
    },
    choices: () => [],
    interruptOpen: () => 0,
    forget() {},
  }
}

/** A quiet house. */
export const aSample = (changes: Partial<Sample> = {}): Sample => ({
  at: T0,
  inKbps: 0,
  outKbps: 0,
  viewers: 0,
  streams: 0,
  errorsPerMinute: 0,
  cpuPercent: 0,
  rssBytes: 100,
  loopDelayMs: 0,
  slots: {},
  ...changes,
})
