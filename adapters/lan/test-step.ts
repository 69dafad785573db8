import { asFailure, Failure } from '../../core/errors.ts'
import type { CheckFacts, TestStep } from '../../core/lineup/source-check.ts'

/** Asks one question of a test within its time; what goes wrong is part of the answer. Fails with the signal's reason only. */
export async function testStep(
  asked: TestStep['asked'],
  wanted: { readonly withinMs: number; readonly signal: AbortSignal; readonly now: () => number },
  work: (signal: AbortSignal) => Promise<CheckFacts>,
): Promise<TestStep> {
  const { withinMs, signal, now } = wanted
  const startedAt = now()
  const late = AbortSignal.timeout(withinMs)
  try {
    const facts = await work(AbortSignal.any([signal, late]))
    return { asked, ms: now() - startedAt, facts, problem: null }
  } catch (error) {
    signal.throwIfAborted()
    const problem = late.aborted
      ? new Failure('source/timeout', `The source has not answered within ${withinMs / 1000} s`)
      : asFailure(error, 'source/bad-answer', 'The source could not be asked')
    return { asked, ms: now() - startedAt, facts: {}, problem }
  }
}
