import type { FailureCode } from '../errors.ts'

/** What a relay does after a failure of one of its streams. */
export type NextStep =
  /** The same stream once more, after the time. */
  | { readonly kind: 'again'; readonly afterMs: number }
  /** Another stream of the channel; when all were tried it is over, or goes round again. */
  | { readonly kind: 'next' }
  | { readonly kind: 'give-up' }

/** A relay without a picture for this long lets its viewers go. */
export const SWITCHING_MS = 30_000
/** Between two rounds through all streams of a channel: no source is asked again without a pause. */
export const ROUND_MS = 1000

/** Waits before the first, second, … try of the same stream after it broke off. Source: `enigma2.md` §9.6. */
const BACK_OFF_MS = [1000, 2000, 4000] as const
/** A receiver closes streams until its recording has a tuner: the one it got must not be taken back at once. */
const KICKED_MS = [4000, 8000, 16_000, 32_000] as const
/** Whoever opens again at once takes the account away from somebody else, and they from us: no taking turns for ever. */
const CONTESTED_MS = [10_000, 20_000, 40_000, 60_000] as const

type Rule = {
  readonly opening: 'next' | 'again-once' | 'give-up'
  readonly afterwards: 'next' | 'give-up'
  /** Where there is no other stream: the same one again by these waits; the last one stays. */
  readonly waitsMs: readonly number[]
  /** For so long other streams of the channel are preferred, seconds; doubled with every failure in a row, ten times at most. */
  readonly coolSeconds: number
}

const REFUSED: Rule = { opening: 'next', afterwards: 'next', waitsMs: BACK_OFF_MS, coolSeconds: 15 }

/**
 * The rule table: what every reason means for the next try, and how long the stream is avoided.
 *
 * | reason | while nobody has a byte yet | afterwards (viewers wait and are kept alive) | avoided |
 * |---|---|---|---|
 * | stopped here, no longer wanted | give up | give up | – |
 * | asked for another stream | that stream | that stream | – |
 * | we have no slot for it | next stream | next, else again after 1, 2, 4 s | – |
 * | taken away (a recording needs the tuner) | next stream | next, else again after 4, 8, 16, 32 s | 30 s |
 * | given up for a recording that is due | next stream | as above | 30 s |
 * | somebody else uses the account | next stream | next, else again after 10, 20, 40, 60 s | 60 s |
 * | ended | next stream | next, else again after 1, 2, 4 s | 5 s |
 * | stalled, silent, no signal, not reachable | next stream | as above | 30 s |
 * | garbage, encrypted, another programme | encrypted: once more (the source may know another way), then next | as above | 5 min |
 * | any other refusal | next stream | as above | 15 s |
 */
const RULES: Readonly<Partial<Record<FailureCode, Rule>>> = {
  'live/stopped': { opening: 'give-up', afterwards: 'give-up', waitsMs: BACK_OFF_MS, coolSeconds: 0 },
  'live/preempted': { opening: 'give-up', afterwards: 'give-up', waitsMs: BACK_OFF_MS, coolSeconds: 0 },
  'live/switched': { ...REFUSED, coolSeconds: 0 },
  'live/no-slot': { ...REFUSED, coolSeconds: 0 },
  'live/kicked': { ...REFUSED, waitsMs: KICKED_MS, coolSeconds: 30 },
  'live/recording': { ...REFUSED, waitsMs: KICKED_MS, coolSeconds: 30 },
  'live/contested': { ...REFUSED, waitsMs: CONTESTED_MS, coolSeconds: 60 },
  'live/ended': { ...REFUSED, coolSeconds: 5 },
  'live/stalled': { ...REFUSED, coolSeconds: 30 },
  'live/silent': { ...REFUSED, coolSeconds: 30 },
  'live/no-signal': { ...REFUSED, coolSeconds: 30 },
  'source/unreachable': { ...REFUSED, coolSeconds: 30 },
  'source/timeout': { ...REFUSED, coolSeconds: 30 },
  'live/not-mpeg-ts': { ...REFUSED, coolSeconds: 300 },
  'live/wrong-service': { ...REFUSED, coolSeconds: 300 },
  'live/scrambled': { ...REFUSED, opening: 'again-once', coolSeconds: 300 },
}

const ruleOf = (failure: FailureCode): Rule => RULES[failure] ?? REFUSED

/** What comes after a failure. `tries`: of this stream, in a row; `hasNext`: the channel has another stream. */
export function nextStep(
  failure: FailureCode,
  state: { readonly phase: 'opening' | 'switching'; readonly tries: number; readonly hasNext: boolean },
): NextStep {
  const rule = ruleOf(failure)
  if (state.phase === 'opening') {
    if (rule.opening === 'give-up') return { kind: 'give-up' }
    return rule.opening === 'again-once' && state.tries === 1 ? { kind: 'again', afterMs: 0 } : { kind: 'next' }
  }
  if (rule.afterwards === 'give-up') return { kind: 'give-up' }
  if (state.hasNext) return { kind: 'next' }
  return { kind: 'again', afterMs: rule.waitsMs[Math.min(state.tries, rule.waitsMs.length) - 1] ?? 0 }
}

/** How long a stream is avoided after so many failures in a row of which this was the last, milliseconds. */
export function coolDownMs(failure: FailureCode, inARow: number): number {
  return ruleOf(failure).coolSeconds * 1000 * Math.min(2 ** (inARow - 1), 10)
}
