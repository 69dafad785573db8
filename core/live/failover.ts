import type { FailureCode } from '../errors.ts'

/** What a relay does after a failure of one of its streams. */
export type NextStep =
  /** The same stream once more, after the time. */
  | { readonly kind: 'again'; readonly afterMs: number }
  /** The channel's next stream; after the last one it is over. */
  | { readonly kind: 'next' }
  | { readonly kind: 'give-up' }

/** Waits before the first, second, … try of the same stream after it broke off. Source: `enigma2.md` §9.6. */
const BACK_OFF_MS = [1000, 2000, 4000] as const
/** Wait behind a stream that was taken away. */
const KICKED_MS = 4000
/** Wait while somebody else uses the account: whoever opens again at once takes it away from them, and they from us. */
const CONTESTED_MS = 10_000
/** A relay without a picture for this long lets its viewers go. */
export const SWITCHING_MS = 30_000

/**
 * The rule table. `opening`: nobody has had a byte yet; afterwards the viewers wait and are kept alive.
 *
 * | failure | opening | afterwards |
 * |---|---|---|
 * | encrypted | once more (the source may know another way), then the next stream | the next stream |
 * | stopped here | give up | give up |
 * | taken away (a recording needs the tuner) | the next stream | the next stream if there is another, else the same after 4 s |
 * | somebody else uses the account | the next stream | the next stream if there is another, else the same after 10 s |
 * | ended, silent, garbage | the next stream | the next stream if there is another, else the same after 1, 2, 4 s |
 * | any refusal | the next stream | as above |
 */
export function nextStep(
  failure: FailureCode,
  state: { readonly phase: 'opening' | 'switching'; readonly tries: number; readonly hasNext: boolean },
): NextStep {
  if (failure === 'live/stopped') return { kind: 'give-up' }
  if (state.phase === 'opening') {
    return failure === 'live/scrambled' && state.tries === 1 ? { kind: 'again', afterMs: 0 } : { kind: 'next' }
  }
  if (state.hasNext) return { kind: 'next' }
  // A receiver closes streams until its recording has a tuner: the one it got must not be taken back at once.
  if (failure === 'live/kicked') return { kind: 'again', afterMs: KICKED_MS }
  if (failure === 'live/contested') return { kind: 'again', afterMs: CONTESTED_MS }
  return { kind: 'again', afterMs: BACK_OFF_MS[Math.min(state.tries, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0] }
}
