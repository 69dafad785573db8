import { Failure } from '../../../core/errors.ts'

/**
 * What the openings of single channels have shown, so that a panel is not asked again what it has just refused.
 *
 * Source: protocols/xtream.md §5.1.
 */
export interface Verdicts {
  /** Throws the failure that still stands for a channel. */
  check(id: string): void
  /** Whether the channel was refused in the same way before, and has not played since. */
  isRepeated(id: string, status: number | null): boolean
  /** The channel was refused; `status` null: not by a status; `failure` null: it may be asked again at once. */
  refused(id: string, status: number | null, failure: Failure | null): void
  /** The channel has sent a picture. */
  opened(id: string): void
  /** The provider ended a stream that had run for so long; a failure if that was the second short one. */
  ended(id: string, ranMs: number, name: string): Failure | null
  /** Whether several channels in a row were "not found": the account, rather than the channels. */
  readonly isAccountDoubtful: boolean
}

/** How long a status stands. 403 means "blocked for now", 429 "too often"; the rest may be asked again at once. */
const HOLD_MS: Readonly<Record<number, number>> = { 403: 60_000, 429: 15_000 }
/** A stream that ends sooner was one of the panel's notices: "expired", "not on air", "too many connections". */
const NOTICE_MS = 20_000
const NOTICES_TOGETHER_MS = 10 * 60_000
const NOTICE_HOLD_MS = 60_000
const NOT_FOUND_IN_A_ROW = 3
const MOST_CHANNELS = 500

type Verdict = {
  failure: Failure | null
  until: number
  /** Of the last refusal; undefined: it played since, or was never refused. */
  status: number | null | undefined
  shortEnds: number
  shortAt: number
}

const noVerdict = (): Verdict => ({
  failure: null,
  until: -Infinity,
  status: undefined,
  shortEnds: 0,
  shortAt: -Infinity,
})

/** Verdicts of one account. */
export function createVerdicts(now: () => number): Verdicts {
  const verdicts = new Map<string, Verdict>()
  const notFound = new Set<string>()

  const of = (id: string): Verdict => {
    const known = verdicts.get(id) ?? noVerdict()
    verdicts.delete(id) // the latest come last
    verdicts.set(id, known)
    const [oldest] = verdicts.keys()
    if (verdicts.size > MOST_CHANNELS && oldest !== undefined) verdicts.delete(oldest)
    return known
  }

  return {
    check(id) {
      const verdict = verdicts.get(id)
      if (verdict !== undefined && verdict.failure !== null && now() < verdict.until) throw verdict.failure
    },
    isRepeated: (id, status) => verdicts.get(id)?.status === status,
    refused(id, status, failure) {
      if (status === 404 && notFound.size < MOST_CHANNELS) notFound.add(id)
      const verdict = of(id)
      verdict.status = status
      const holdMs = HOLD_MS[status ?? 0]
      if (holdMs === undefined || failure === null) return
      verdict.failure = failure
      verdict.until = now() + holdMs
    },
    opened(id) {
      notFound.clear()
      const verdict = verdicts.get(id)
      if (verdict === undefined) return
      verdict.failure = null
      verdict.status = undefined
    },
    ended(id, ranMs, name) {
      if (ranMs >= NOTICE_MS) {
        verdicts.delete(id)
        return null
      }
      const verdict = of(id)
      verdict.shortEnds = now() - verdict.shortAt < NOTICES_TOGETHER_MS ? verdict.shortEnds + 1 : 1
      verdict.shortAt = now()
      if (verdict.shortEnds < 2) return null
      verdict.until = now() + NOTICE_HOLD_MS
      verdict.failure = new Failure(
        'live/refused',
        `The provider sends only a short clip for "${name}": it is not on air, or the clip says what is wrong with the account`,
      )
      return verdict.failure
    },
    get isAccountDoubtful() {
      return notFound.size >= NOT_FOUND_IN_A_ROW
    },
  }
}
