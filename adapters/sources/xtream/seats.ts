import { Failure } from '../../../core/errors.ts'
import type { Log } from '../../../core/log.ts'
import { unless } from '../timers.ts'

/** One connection of the account, held from before it is opened until its socket is gone. */
export interface Seat {
  /** The provider sends: it does not count the connection before any more. */
  opened(): void
  /**
   * We close it; it counts until `gone`. A run of HLS has no end that a panel could see, and stays in its own count for a
   * minute. Idempotent, as the two below: the first one called decides.
   */
  free(gone?: Promise<void>, isHls?: boolean): void
  /** The provider ended it. The answer says why, as far as that can be told. */
  lost(): Failure
  /** The provider refused it; true: because it still counts a connection that was just closed. */
  refused(status: number | null): boolean
}

/**
 * The connections of one account. Over the limit a panel accepts the new connection and kills the oldest, so the limit
 * is kept here, and a connection that ends is judged by what we did ourselves (protocols/xtream.md §5.2).
 *
 * ours ─loss→ doubtful (before the next opening the panel is asked how many it counts)
 * doubtful ─panel says full, or the third loss in a row→ contested (nothing is opened) ─wait→ doubtful ─90 s of peace→ ours
 */
export interface Seats {
  /**
   * A seat for something called `name`, once connections that are being closed are gone. Fails with `live/no-slot` at the
   * limit, `live/contested` while somebody else uses the account, or the signal's reason. Never opens anything.
   */
  take(name: string, signal: AbortSignal): Promise<Seat>
  /** How long the provider counts a closed connection, milliseconds: longer after its refusals, shorter after successes. */
  readonly closingMs: number
  /** Whether the account is somebody else's now. */
  readonly isContested: boolean
  /** Whether the provider has shown that it allows fewer connections than it says. */
  readonly isLimitDoubtful: boolean
}

/** What the book of an account needs. */
export type SeatsOptions = {
  /** How many we may have; null: no limit is known. */
  readonly limit: () => number | null
  /** How many the panel says that the account has; null: it does not say. */
  readonly panelLimit: () => number | null
  /** Asks the panel how many connections it counts; null: it does not say. Fails only with the signal's reason. */
  readonly askActive: (signal: AbortSignal) => Promise<number | null>
  readonly now: () => number
  readonly log: Log
}

const FIRST_CLOSING_MS = 300
const LONGEST_CLOSING_MS = 4000
const CLOSING_SHRINKS = 0.75
/** A refusal so soon after a close is about that close. */
const JUST_CLOSED_MS = 5000
/** Losses that follow each other in less than that belong together. */
const IN_A_ROW_MS = 90_000
/** After a loss the panel's own count is believed for this long: it may be minutes old, in both directions. */
const BELIEVED_MS = 20_000
const CONTESTED_AFTER = 3
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 60_000
/** A connection of ours that was opened so shortly before pushed the older one out. */
const OVERLAP_MS = 3000
/** What panels answer to one connection too many; null: 200 with nothing. */
const LIMIT_STATUS: ReadonlySet<number | null> = new Set([403, 429, 509, null])

/** Panels drop a closed connection within seconds, and a run of HLS about a minute after its last request. */
const GHOST_MS = { ts: 5000, hls: 75_000 } as const
const MOST_GHOSTS = 100

type Entry = { readonly openedAt: number; gone: Promise<void> | null }

/** The book of an account. */
export function createSeats({ limit, panelLimit, askActive, now, log }: SeatsOptions): Seats {
  const entries = new Set<Entry>()
  /** Until when the panel may still count what we have closed, epoch milliseconds. */
  let ghosts: number[] = []
  let closingMs = FIRST_CLOSING_MS
  let closedAt = -Infinity
  let lostAt = -Infinity
  let losses = 0
  let contestedUntil = -Infinity
  let waitMs = FIRST_WAIT_MS
  let isLimitDoubtful = false

  const contested = (): Failure =>
    new Failure('live/contested', 'Somebody else uses the account: the provider ends our streams for theirs')

  const isAtLimit = (): boolean => entries.size >= (limit() ?? Infinity)

  /** Waits for connections that are being closed while there is no room beside them. */
  const room = async (total: number, signal: AbortSignal): Promise<boolean> => {
    while (entries.size >= total) {
      const closing = [...entries].flatMap(({ gone }) => gone ?? [])
      if (closing.length === 0) return false
      await unless(signal, Promise.race(closing))
    }
    return true
  }

  /** Whether the account is ours again, after a loss. */
  const judge = async (total: number, signal: AbortSignal): Promise<void> => {
    const sinceLoss = now() - lostAt
    if (sinceLoss > IN_A_ROW_MS) {
      losses = 0
      waitMs = FIRST_WAIT_MS
    }
    if (losses === 0) return
    const isNew = contestedUntil < lostAt
    const active = sinceLoss < BELIEVED_MS ? await askActive(signal) : null
    ghosts = ghosts.filter((until) => until > now())
    const strangers = active === null ? 0 : active - entries.size - ghosts.length
    const isFull = strangers >= Math.max(total, panelLimit() ?? 0)
    if (!isFull && !(isNew && losses >= CONTESTED_AFTER)) return
    contestedUntil = now() + waitMs
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    log('warn', 'account-contested', { active, own: entries.size, limit: total, losses })
    throw contested()
  }

  const seatOf = (entry: Entry, name: string): Seat => {
    let isOver = false
    const once = (): boolean => !isOver && (isOver = true)
    const leave = (): void => {
      entries.delete(entry)
      closedAt = now()
    }
    return {
      opened() {
        if (isAtLimit()) closingMs = Math.max(FIRST_CLOSING_MS, closingMs * CLOSING_SHRINKS)
      },
      free(gone, isHls = false) {
        if (!once()) return
        ghosts = [...ghosts.slice(1 - MOST_GHOSTS), now() + GHOST_MS[isHls ? 'hls' : 'ts']]
        if (gone === undefined) leave()
        else entry.gone = gone.then(leave, leave)
      },
      lost() {
        const plain = new Failure('live/ended', `The provider ended "${name}"`)
        if (!once()) return plain
        entries.delete(entry)
        const at = now()
        if ([...entries].some(({ openedAt }) => openedAt > entry.openedAt && at - openedAt < OVERLAP_MS)) {
          isLimitDoubtful = true
          const facts = { own: entries.size + 1, limit: limit() }
          return new Failure('live/kicked', `The provider ended "${name}" when we opened another stream`, facts)
        }
        losses = at - lostAt < IN_A_ROW_MS ? losses + 1 : 1
        lostAt = at
        return plain
      },
      refused(status) {
        if (!once()) return false
        const since = now() - closedAt
        const isStillCounted = isAtLimit() && LIMIT_STATUS.has(status) && since < JUST_CLOSED_MS
        entries.delete(entry)
        if (isStillCounted) closingMs = Math.min(LONGEST_CLOSING_MS, Math.max(closingMs * 2, since + 500))
        return isStillCounted
      },
    }
  }

  return {
    async take(name, signal) {
      signal.throwIfAborted()
      if (now() < contestedUntil) throw contested()
      const total = limit()
      if (total !== null) {
        await judge(total, signal)
        if (!(await room(total, signal)))
          throw new Failure('live/no-slot', `Cannot open "${name}": all ${total} connections of the account are in use`)
      }
      const entry: Entry = { openedAt: now(), gone: null }
      entries.add(entry)
      return seatOf(entry, name)
    },
    get closingMs() {
      return closingMs
    },
    get isContested() {
      return now() < contestedUntil
    },
    get isLimitDoubtful() {
      return isLimitDoubtful
    },
  }
}
