import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { StatusAnswer } from '../api/answers.ts'
import { ask } from '../api/request.ts'
import { AllGroupsAnswer } from './answers.ts'

/** What there is to filter by and to choose from. */
export type Facets = {
  readonly groups: readonly string[]
  readonly sources: readonly { readonly id: string; readonly name: string }[]
}

// A refresh of a source is a dozen revisions; groups are looked at once for all of them.
const PAUSE_MS = 1500

/** Groups and sources of the house, asked for again when the line-up is another one. The list is whole without them. */
export function useFacets(revision: string): Facets {
  const facets = useSignal<Facets>({ groups: [], sources: [] })
  useEffect(() => {
    if (revision === '') return
    const stop = new AbortController()
    const { signal } = stop
    const load = async () => {
      const [groups, status] = await Promise.all([
        ask('/api/v1/groups?all=1&limit=2000', AllGroupsAnswer, { signal }),
        ask('/api/status', StatusAnswer, { signal }),
      ])
      facets.value = {
        groups: groups.items.map(({ name }) => name),
        sources: (status.sources ?? []).map(({ id, name }) => ({ id, name })),
      }
    }
    const isFirst = facets.peek().sources.length === 0
    const timer = setTimeout(() => void load().catch(() => undefined), isFirst ? 0 : PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [revision, facets])
  return facets.value
}
