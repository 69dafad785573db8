/** How often a fault happens before it heals; absent: until it is taken away. */
type Times = { readonly times?: number }

/** What goes wrong with a connection to port 8001, or to the relay. */
export type StreamFault = Times &
  (
    | { /** 28 bytes of error text after the 200. */ readonly kind: 'refuse' }
    | {
        /** Silence, then close; by symbol rate when `closeAfterMs` is absent. */ readonly kind: 'no-lock'
        readonly closeAfterMs?: number
      }
    | { /** Silence for ever. */ readonly kind: 'hang' }
    | { /** Not even the header comes. */ readonly kind: 'mute' }
    | { readonly kind: 'garbage-before'; readonly bytes: number }
    | {
        /** For ever without `forMs`. */ readonly kind: 'stall-after'
        readonly afterMs: number
        readonly forMs?: number
      }
    | { /** FIN, in mid-packet unless the number says otherwise. */ readonly kind: 'end-after'; readonly bytes: number }
    | { readonly kind: 'reset-after'; readonly bytes: number }
    | {
        /** As after a pulled cable: no byte and no FIN any more, whatever happens in the box. */ readonly kind: 'half-open-after'
        readonly afterMs: number
      }
    | {
        /** The legacy proxy's real status line. */ readonly kind: 'status'
        readonly status: number
        readonly text: string
      }
    | { readonly kind: 'no-content-type' }
    | { /** One segment for each piece of so many bytes. */ readonly kind: 'split-header'; readonly pieceBytes: number }
    | { readonly kind: 'no-header' }
    | { /** RST before a byte was read, as from a full backlog. */ readonly kind: 'reject' }
    | {
        /** Sends the error text of `refuse` after so many bytes of television, then closes. */ readonly kind: 'error-text-after'
        readonly bytes: number
      }
  )

/** What is wrong with a service on air, for all its viewers; may change while they watch. */
export type SignalFault = {
  /** Rain: nothing arrives. */
  readonly lost?: boolean
  readonly scrambled?: boolean
  /** Leaves out every n-th packet of picture and sound. */
  readonly dropOneIn?: number
  /** Added to all time stamps; a change in mid-stream is a jump. */
  readonly shiftSeconds?: number
  /** Time stamps pass 2³³ at this instant (epoch milliseconds). */
  readonly wrapAtMs?: number
  /** Only so many sound tracks are on air and in the PMT. */
  readonly soundTracks?: number
  /** Picture and sound stand on other PIDs, and the PMT says so. */
  readonly movedPids?: boolean
  readonly noPmt?: boolean
  readonly noPat?: boolean
}

/** What goes wrong with a call to the web interface. */
export type WebFault = Times &
  (
    | { readonly kind: 'status'; readonly status: number; readonly body?: string }
    | { /** Answers so much later; everything else waits behind it. */ readonly kind: 'busy'; readonly forMs: number }
    | { readonly kind: 'hang' }
    | { readonly kind: 'reset' }
    | { readonly kind: 'truncate'; readonly bytes: number }
    | {
        /** The body is not what was asked for. */ readonly kind: 'body'
        readonly contentType: string
        readonly body: string
      }
    | { /** 200 with `result: false`. */ readonly kind: 'result-false' }
  )

/** The switches of a running receiver. `'*'` stands for every service or method; the precise one wins. */
export interface Faults {
  /** Port 8001. Takes any spelling of the reference. Applies to the next connections. */
  stream(ref: string, fault: StreamFault | null): void
  relay(ref: string, fault: StreamFault | null): void
  /** Applies at once, also to those who watch already. */
  signal(ref: string, fault: SignalFault | null): void
  /** `method` without prefix: `getservices`, `picon`, `file`. */
  web(method: string, fault: WebFault | null): void
  clear(): void
}

/** The other side of the switches: what is asked when something happens. Taking a fault counts its `times` down. */
export interface FaultBoard extends Faults {
  takeStream(ref: string): StreamFault | null
  takeRelay(ref: string): StreamFault | null
  takeWeb(method: string): WebFault | null
  signalOf(ref: string): SignalFault | null
}

/** Makes a board without faults. `canonical` brings references to one spelling. */
export function createFaultBoard(canonical: (ref: string) => string): FaultBoard {
  const streams = createShelf<StreamFault>()
  const relays = createShelf<StreamFault>()
  const webs = createShelf<WebFault>()
  const signals = new Map<string, SignalFault>()
  const key = (ref: string): string => (ref === '*' ? '*' : canonical(ref))
  return {
    stream: (ref, fault) => streams.put(key(ref), fault),
    relay: (ref, fault) => relays.put(key(ref), fault),
    web: (method, fault) => webs.put(method, fault),
    signal(ref, fault) {
      if (fault) signals.set(key(ref), fault)
      else signals.delete(key(ref))
    },
    clear() {
      streams.clear()
      relays.clear()
      webs.clear()
      signals.clear()
    },
    takeStream: (ref) => streams.take(key(ref)),
    takeRelay: (ref) => relays.take(key(ref)),
    takeWeb: (method) => webs.take(method),
    signalOf: (ref) => signals.get(key(ref)) ?? signals.get('*') ?? null,
  }
}

function createShelf<F extends Times>(): {
  put(key: string, fault: F | null): void
  take(key: string): F | null
  clear(): void
} {
  const faults = new Map<string, { fault: F; left: number }>()
  return {
    put(key, fault) {
      if (fault) faults.set(key, { fault, left: fault.times ?? Number.POSITIVE_INFINITY })
      else faults.delete(key)
    },
    take(key) {
      const name = faults.has(key) ? key : '*'
      const held = faults.get(name)
      if (!held) return null
      held.left -= 1
      if (held.left <= 0) faults.delete(name)
      return held.fault
    },
    clear: () => faults.clear(),
  }
}
