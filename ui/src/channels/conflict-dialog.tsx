import { Dialog } from '../parts/dialog.tsx'
import type { ChannelRow } from './answers.ts'
import type { ChannelChange, Edits } from './edits.ts'
import { words } from './words.ts'

const FIELDS = ['name', 'number', 'enabled', 'favourite', 'groups'] as const

/** Somebody else changed the same: both values, and the choice between them. */
export function ConflictDialog({ edits }: { edits: Edits }) {
  const conflict = edits.conflict.value
  const texts = words().conflict
  if (conflict === null) return null
  const { seen, now, change, insist } = conflict
  return (
    <Dialog
      title={texts.title}
      open
      urgent
      onClose={() => edits.dismissConflict()}
      actions={
        <>
          <button type="button" class="button" onClick={() => edits.dismissConflict()}>
            {texts.keep}
          </button>
          {now !== null && (
            <button type="button" class="button button-strong" onClick={() => void insist()}>
              {texts.take}
            </button>
          )}
        </>
      }
    >
      <p>{texts.lead(seen.name)}</p>
      {now === null ? (
        <p>{texts.gone}</p>
      ) : (
        <table class="values">
          <thead>
            <tr>
              <th scope="col">{texts.field}</th>
              <th scope="col">{texts.theirs}</th>
              <th scope="col">{texts.mine}</th>
            </tr>
          </thead>
          <tbody>
            {FIELDS.filter((field) => change[field] !== undefined).map((field) => (
              <tr key={field}>
                <th scope="row">{texts.fields[field]}</th>
                <td>{printValue(now[field])}</td>
                <td>{printValue(change[field] ?? null, seen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  )
}

function printValue(value: NonNullable<ChannelChange[(typeof FIELDS)[number]]> | null, seen?: ChannelRow): string {
  const texts = words().conflict
  if (value === null) return seen?.sourceName ?? texts.byRules
  if (typeof value === 'boolean') return value ? texts.yes : texts.no
  return typeof value === 'string' ? value : value.join(', ')
}
