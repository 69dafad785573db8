import { useComputed, useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Catalogue } from '../../../core/linear/catalogue.ts'
import type { Override } from '../../../core/linear/document/override.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { createPlanner } from '../../../core/linear/planner.ts'
import type { Planner } from '../../../core/linear/planner.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { useEvent } from '../live/use-events.ts'
import { CatalogueAnswer, MediaEvent } from './answers.ts'
import type { Draft } from './draft.ts'
import { findsOf, needsOf, withFinds } from './finds.ts'
import type { Finds } from './finds.ts'

/** The plan of a draft, made here. */
export type DraftPlan = {
  /** Null: what it is made of has not come yet. */
  readonly planner: ReadonlySignal<Planner | null>
  readonly problem: ReadonlySignal<Problem | null>
}

/**
 * Plans the draft in the browser, by the function by which it will be played: every edit shows at once what comes of it.
 * Only when its pools or the files of the library change is the library asked what is in them.
 */
export function usePlan(draft: Draft, library: string, overrides: readonly Override[]): DraftPlan {
  const catalogue = useSignal<Catalogue | null>(null)
  const finds = useSignal<Finds>(new Map())
  const problem = useSignal<Problem | null>(null)
  const needs = useComputed(() => needsOf(draft.doc.value)).value
  /** How many times files have come or gone since this page looks. */
  const scans = useSignal(0)
  useEvent('media', MediaEvent, ({ library: changed }) => {
    if (changed === library) scans.value += 1
  })
  const looks = scans.value
  useEffect(() => {
    const stop = new AbortController()
    const json = { library, document: draft.doc.peek() }
    ask('/api/v1/schedules/catalogue', CatalogueAnswer, { method: 'POST', json, signal: stop.signal }).then(
      (answer) => {
        finds.value = findsOf(readChannelDoc(answer.document))
        // The gateway makes it by the type that reads it here.
        catalogue.value = answer.catalogue as Catalogue
        problem.value = null
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [needs, looks, library, draft, catalogue, finds, problem])
  const above = useSignal(overrides)
  above.value = overrides
  const planner = useComputed(() =>
    catalogue.value === null
      ? null
      : createPlanner({ ...withFinds(draft.doc.value, finds.value), overrides: above.value }, catalogue.value),
  )
  return { planner, problem }
}
