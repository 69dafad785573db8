import type { PanelAccount } from './model.ts'

/** A stream or file that is being sent. */
export type Connection = {
  readonly account: PanelAccount
  readonly id: number
  readonly address: string
  readonly userAgent: string
  readonly startedAt: number
  /** A run of HLS: nobody can say that it is over, so pushing it out is wrong only if somebody asks for it again. */
  readonly isHls?: boolean
  /** Ends it as the panel does: a clean end; a run of HLS that somebody else pushed out is refused at its next request. */
  readonly end: (byStranger?: boolean) => void
}

/** The panel's own book of connections: over the limit the new one wins and the oldest dies. */
export interface Connections {
  add(connection: Connection): void
  remove(connection: Connection): void
  /** What the panel believes; what was closed stays in the book for a while. */
  active(account: PanelAccount): number
  open(): readonly Connection[]
  readonly mostOpen: number
  readonly killed: number
}

/** A book over sockets. `forbid` is told of every start over the limit. */
export function createConnections(options: {
  readonly now: () => number
  readonly lettingGoMs: () => number
  readonly forbid: (what: string) => void
}): Connections {
  const open = new Set<Connection>()
  const gone: { readonly connection: Connection; readonly at: number }[] = []
  let mostOpen = 0
  let killed = 0

  const of = (account: PanelAccount): Connection[] => [...open].filter((one) => one.account === account)
  const stale = (account: PanelAccount): number => {
    const since = options.now() - options.lettingGoMs()
    while ((gone[0]?.at ?? Infinity) < since) gone.shift()
    return gone.filter(({ connection }) => connection.account === account).length
  }

  return {
    add(connection) {
      const { account } = connection
      const before = of(account)
      if (account.maxConnections > 0 && before.length >= account.maxConnections) {
        // Same address and program first, then same address, then the oldest of all (protocols/xtream.md 5.2).
        const [victim] = before.toSorted(
          (a, b) => nearness(b, connection) - nearness(a, connection) || a.startedAt - b.startedAt,
        )
        const idle = before.find(({ isHls }) => isHls === true) ?? null
        if (idle === null)
          options.forbid(`stream ${connection.id} was opened beside ${before.map(({ id }) => id).join(', ')}`)
        killed += idle === null ? 1 : 0
        const over = idle ?? victim
        over?.end()
      }
      open.add(connection)
      mostOpen = Math.max(mostOpen, of(account).length)
    },
    remove(connection) {
      if (open.delete(connection)) gone.push({ connection, at: options.now() })
    },
    active: (account) => of(account).length + stale(account),
    open: () => [...open],
    get mostOpen() {
      return mostOpen
    },
    get killed() {
      return killed
    },
  }
}

const nearness = (one: Connection, other: Connection): number =>
  (one.address === other.address ? 2 : 0) + (one.userAgent === other.userAgent ? 1 : 0)
