/** A client of port 8001 or of the relay that is being served. */
export type CurrentStream = {
  readonly ref: string
  readonly name: string
  readonly ip: string
  readonly port: 'stream' | 'relay'
  readonly startedAt: number
  readonly bytesOut: number
}

/** What a receiver saw, as plain JSON for tests and status pages. Counters only grow. */
export type Observation = {
  /** Held tuners, lingering ones included. */
  readonly tunersInUse: number
  readonly maxTunersInUse: number
  /** Connections that are open now. */
  readonly socketsPerPort: { readonly web: number; readonly stream: number; readonly relay: number }
  /** Connections ever made. */
  readonly connections: { readonly web: number; readonly stream: number; readonly relay: number }
  /** How often a tuner was moved to another transponder. */
  readonly tunes: number
  /** Calls to /api and /web that were in hand at once, at most. */
  readonly maxParallelApiCalls: number
  readonly sessionsCreated: number
  /** Lost because a client read too slowly. */
  readonly bytesDropped: number
  readonly requests: Readonly<Record<string, number>>
  /** Calls that a polite client never makes: zapping, power, those known to crash a box. */
  readonly forbiddenCalls: readonly string[]
  /** Stream starts that ended in the error text. */
  readonly refusals: number
  /** Streams that were closed by a recording that wanted the tuner. */
  readonly kicked: number
  readonly currentStreams: readonly CurrentStream[]
}

/** The growing counters behind an `Observation`. */
export type Counters = {
  connections: { web: number; stream: number; relay: number }
  sockets: { web: number; stream: number; relay: number }
  tunes: number
  maxTunersInUse: number
  maxParallelApiCalls: number
  sessionsCreated: number
  bytesDropped: number
  refusals: number
  kicked: number
  requests: Record<string, number>
  forbiddenCalls: string[]
}

/** All zero. */
export function createCounters(): Counters {
  return {
    connections: { web: 0, stream: 0, relay: 0 },
    sockets: { web: 0, stream: 0, relay: 0 },
    tunes: 0,
    maxTunersInUse: 0,
    maxParallelApiCalls: 0,
    sessionsCreated: 0,
    bytesDropped: 0,
    refusals: 0,
    kicked: 0,
    requests: {},
    forbiddenCalls: [],
  }
}
