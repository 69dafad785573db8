/** What a portal has seen. */
export type PortalObservation = {
  /** Calls by action, and `stream`. */
  readonly calls: Readonly<Record<string, number>>
  /** What no box does, or what costs its owner the account. */
  readonly forbidden: readonly string[]
  /** Open streams by MAC. */
  readonly streams: Readonly<Record<string, number>>
  /** Streams that a newer one of the same MAC ended. */
  readonly ousted: number
  readonly mostAtATime: number
}

/** Writes down what happens. */
export interface Observer {
  count(action: string): void
  forbid(what: string): void
  ousted(): void
  /** A question begins; call the answer when it is over. */
  begin(): () => void
  read(streams: Readonly<Record<string, number>>): PortalObservation
}

const MOST_NOTES = 1000
/** More questions than this at a time get an address banned (stalker.md §5.2). */
const MOST_AT_A_TIME = 4

/** Makes an observer that has seen nothing. */
export function createObserver(): Observer {
  const calls: Record<string, number> = {}
  const forbidden: string[] = []
  let ousted = 0
  let running = 0
  let most = 0
  const forbid = (what: string): void => {
    if (forbidden.length < MOST_NOTES) forbidden.push(what)
  }
  return {
    forbid,
    count: (action) => void (calls[action] = (calls[action] ?? 0) + 1),
    ousted: () => void ousted++,
    begin() {
      running++
      most = Math.max(most, running)
      if (running > MOST_AT_A_TIME) forbid(`${running} questions at a time`)
      return () => void running--
    },
    read: (streams) => ({ calls: { ...calls }, forbidden: [...forbidden], streams, ousted, mostAtATime: most }),
  }
}
