import type { Draft } from './draft.ts'
import type { Beginning } from './revising.ts'
import { words } from './words.ts'

/** Which of several plans is edited; nothing where there is only one. */
export function RevisionChoice({ draft }: { draft: Draft }) {
  const { revisions } = draft.doc.value
  const isDirty = draft.isDirty.value
  if (revisions.length < 2 || isDirty) return null
  return (
    <label class="field">
      <span class="label">{words().revision.label}</span>
      <select
        value={String(draft.index.value)}
        onChange={(event) => {
          draft.look(Number(event.currentTarget.value))
        }}
      >
        {revisions.map(({ from }, index) => (
          <option key={String(from)} value={String(index)}>
            {index <= draft.index.value ? words().revision.current(dayOf(from)) : words().revision.later(dayOf(from))}
          </option>
        ))}
      </select>
    </label>
  )
}

const dayOf = (from: Beginning): string => (typeof from === 'string' ? from : new Date(from).toISOString().slice(0, 10))
