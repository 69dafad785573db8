import type { FailureCode } from '../errors.ts'
import type { ChannelId } from '../lineup/channel.ts'
import type { Arrival, Attendance } from '../live/attendance.ts'
import type { FilePlay } from '../live/file-play.ts'
import type { StreamStatus, StreamSwitch } from '../live/hub.ts'
import { keptAddress } from './address.ts'
import type { AddressKeeping } from './address.ts'
import type { Viewing, ViewingChoice, ViewingField, ViewingPage, ViewingQuery, ViewingStore } from './viewing.ts'

/** So much of what happened is kept with each viewing, the last ones. */
const KEPT_SWITCHES = 50
const KEPT_MINUTES = 60
/** More than this do not wait to be written: with nobody to write them memory must not fill. */
const MOST_UNWRITTEN = 10_000
/** Channels that could not be played, the last ones. */
const KEPT_FAILURES = 200
const MINUTE_MS = 60_000

/** What a recorder needs. */
export type RecorderOptions = {
  readonly store: ViewingStore
  /** What runs now. */
  readonly streams: () => readonly StreamStatus[]
  readonly plays: () => readonly FilePlay[]
  /** A text that no viewing had before. */
  readonly newId: () => string
  readonly addresses: AddressKeeping
  readonly now: () => number
}

/** A channel that somebody wanted and that could not be played. */
export type PlayFailure = {
  readonly at: number
  readonly channelId: ChannelId
  readonly name: string
  readonly code: FailureCode
}

/** Writes down who watches what: an attendance that is completed by looking at what runs, once a second. */
export interface Recorder extends Attendance {
  /** To be called once a second: how much, from where, and what went wrong. */
  look(): void
  /** Writes what has changed since the last time. */
  flush(): void
  /** From now on those who leave do so because the program stops. */
  stopping(): void
  find(query: ViewingQuery): ViewingPage
  /** Who, what or from where something was watched, by a part of the name; the most frequent first. */
  choices(field: ViewingField, text: string, limit: number): readonly ViewingChoice[]
  /** Channels that could not be played since this instant, the oldest first. */
  failuresSince(at: number): readonly PlayFailure[]
}

/** What was seen of a running channel the last time. */
type Seen = { startedAt: number; errors: number; switchCount: number }

/** An empty recorder over its store. */
export function createRecorder({ store, streams, plays, newId, addresses, now }: RecorderOptions): Recorder {
  const open = new Map<string, Viewing>()
  let unwritten = new Map<string, Viewing>()
  const seen = new Map<ChannelId, Seen>()
  let failures: readonly PlayFailure[] = []
  let isStopping = false

  const put = (viewing: Viewing): void => {
    unwritten.set(viewing.id, viewing)
    const [oldest] = unwritten.keys()
    if (unwritten.size > MOST_UNWRITTEN && oldest !== undefined) unwritten.delete(oldest)
  }
  const change = (viewerId: string, viewing: Viewing): void => {
    open.set(viewerId, viewing)
    put(viewing)
  }

  const toViewing = (arrival: Arrival, at: number): Viewing => ({
    id: newId(),
    viewerId: arrival.id,
    kind: arrival.kind,
    channelId: arrival.channelId,
    title: arrival.title,
    sourceId: arrival.sourceId,
    streamId: arrival.streamId,
    mode: arrival.mode,
    quality: arrival.quality ?? 'original',
    user: arrival.user,
    player: arrival.player ?? null,
    address: keptAddress(arrival.address, addresses),
    startedAt: at,
    lastSeen: at,
    endedAt: null,
    bytes: 0,
    reason: null,
    code: null,
    switchCount: 0,
    switches: [],
    errors: 0,
    errorMinutes: [],
  })

  /** What is new of a channel since the last look; what ran under the same id before is another run. */
  const news = (stream: StreamStatus): { readonly errors: number; readonly switches: readonly StreamSwitch[] } => {
    const { channelId, startedAt, continuityErrors, switchCount } = stream
    const before = seen.get(channelId)
    const last = before?.startedAt === startedAt ? before : { errors: 0, switchCount: 0 }
    seen.set(channelId, { startedAt, errors: continuityErrors, switchCount })
    const switched = Math.max(0, switchCount - last.switchCount)
    return {
      errors: Math.max(0, continuityErrors - last.errors),
      switches: switched === 0 ? [] : stream.switches.slice(-switched),
    }
  }

  const lookAtChannel = (stream: StreamStatus, at: number): void => {
    const { errors, switches } = news(stream)
    for (const viewer of stream.viewers) {
      const viewing = open.get(viewer.id)
      if (viewing === undefined) continue
      change(viewer.id, {
        ...viewing,
        sourceId: stream.sourceId,
        streamId: stream.streamId ?? viewing.streamId,
        lastSeen: at,
        bytes: viewer.bytesOut,
        ...withErrors(viewing, errors, at),
        switchCount: viewing.switchCount + switches.length,
        switches: [...viewing.switches, ...switches].slice(-KEPT_SWITCHES),
      })
    }
  }

  const look = (): void => {
    const at = now()
    const running = streams()
    for (const stream of running) lookAtChannel(stream, at)
    const ids = new Set(running.map(({ channelId }) => channelId))
    for (const id of seen.keys()) if (!ids.has(id)) seen.delete(id)
    for (const { viewer, title } of plays()) {
      const viewing = open.get(viewer.id)
      if (viewing !== undefined) change(viewer.id, { ...viewing, title, lastSeen: at, bytes: viewer.bytesOut })
    }
  }

  const flush = (): void => {
    if (unwritten.size === 0) return
    const batch = unwritten
    unwritten = new Map()
    store.put([...batch.values()])
  }

  return {
    came(arrival) {
      change(arrival.id, toViewing(arrival, now()))
    },
    left(id, { reason, code, bytesOut }) {
      const viewing = open.get(id)
      if (viewing === undefined) return
      open.delete(id)
      const at = now()
      const stream =
        viewing.streamId === null ? streams().find((one) => one.channelId === viewing.channelId) : undefined
      put({
        ...viewing,
        // Whoever leaves before the first look.
        ...(stream !== undefined && { sourceId: stream.sourceId, streamId: stream.streamId }),
        lastSeen: at,
        endedAt: at,
        bytes: bytesOut,
        reason: isStopping ? 'shutdown' : reason,
        code: isStopping ? null : code,
      })
    },
    failed({ id, name }, code) {
      failures = [...failures.slice(-KEPT_FAILURES + 1), { at: now(), channelId: id, name, code }]
    },
    look,
    flush,
    stopping() {
      isStopping = true
    },
    find(query) {
      flush()
      return store.find(query)
    },
    choices(field, text, limit) {
      flush()
      return store.choices(field, text, limit)
    },
    failuresSince: (at) => failures.filter((failure) => failure.at >= at),
  }
}

/** The viewing's errors with those that have just come. */
function withErrors(viewing: Viewing, errors: number, at: number): Pick<Viewing, 'errors' | 'errorMinutes'> {
  if (errors === 0) return { errors: viewing.errors, errorMinutes: viewing.errorMinutes }
  const minute = at - (at % MINUTE_MS)
  const last = viewing.errorMinutes.at(-1)
  const minutes =
    last?.at === minute
      ? [...viewing.errorMinutes.slice(0, -1), { at: minute, count: last.count + errors }]
      : [...viewing.errorMinutes, { at: minute, count: errors }]
  return { errors: viewing.errors + errors, errorMinutes: minutes.slice(-KEPT_MINUTES) }
}
