import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import * as v from 'valibot'
import { useEvent } from '../live/use-events.ts'

const LineupEvent = v.object({ revision: v.nullable(v.string()) })

/** The revision of the line-up as far as this page heard: by pushes, and (`note`) by its own edits. '' until the first. */
export function useRevision(): { readonly revision: string; readonly note: (revision: string) => void } {
  const revision = useSignal('')
  const note = useCallback(
    (next: string) => {
      revision.value = next
    },
    [revision],
  )
  useEvent('lineup', LineupEvent, ({ revision: next }) => {
    if (next !== null) revision.value = next
  })
  return { revision: revision.value, note }
}
