import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import * as v from 'valibot'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { PreviewAnswer } from './answers.ts'
import type { Preview } from './answers.ts'
import { changeOf } from './bulk-change.ts'
import type { BulkForm, BulkKind } from './bulk-change.ts'
import type { Target } from './target.ts'

/** What is known of what a change would do. `count` null: not known (yet), or it cannot be seen in a list. */
export type PreviewState = {
  readonly isAsking: boolean
  readonly preview: Preview | null
  readonly count: number | null
  readonly problem: Problem | null
}

const NOTHING_YET: PreviewState = { isAsking: false, preview: null, count: null, problem: null }
const PAUSE_MS = 250

// Favourites and the order of streams are not seen in what viewers get.
const SEEN: ReadonlySet<BulkKind> = new Set(['rename', 'group', 'number', 'enabled'])

const DryRunAnswer = v.object({ accepted: v.number() })

/** Asks what a change of many channels would do, whenever the form has stood still for a moment. */
export function usePreview({
  target,
  form,
  revision,
}: {
  target: Target
  form: BulkForm
  revision: string
}): PreviewState {
  const state = useSignal<PreviewState>(NOTHING_YET)
  const change = changeOf(form)
  const { kind, threshold } = form
  const what = JSON.stringify([target, kind === 'guide' ? threshold : SEEN.has(kind) ? change : null, revision])
  useEffect(() => {
    const isWanted = kind === 'guide' || (SEEN.has(kind) && change !== null)
    state.value = { ...NOTHING_YET, isAsking: isWanted }
    if (!isWanted) return
    const stop = new AbortController()
    const { signal } = stop
    const look = async (): Promise<PreviewState> => {
      if (kind === 'guide') {
        const json = { filter: target.filter, threshold, dryRun: true }
        const { accepted } = await ask('/api/v1/guide/matches/accept', DryRunAnswer, { method: 'POST', json, signal })
        return { ...NOTHING_YET, count: accepted }
      }
      const { preview } = await ask('/api/v1/channels/bulk?preview=1', PreviewAnswer, {
        method: 'POST',
        json: { ...target, change },
        ...(target.rows !== undefined && { ifMatch: `"${revision}"` }),
        signal,
      })
      return { ...NOTHING_YET, preview, count: preview.changed }
    }
    const timer = setTimeout(() => {
      look().then(
        (found) => {
          state.value = found
        },
        (thrown: unknown) => {
          if (!signal.aborted) state.value = { ...NOTHING_YET, problem: asProblem(thrown) }
        },
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [what, state])
  return state.value
}
