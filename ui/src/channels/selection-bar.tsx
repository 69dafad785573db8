import type { Selection } from '../grid/selection.ts'
import { countSelected } from '../grid/selection.ts'
import { words } from './words.ts'

/** So many channels can become one. */
const MOST_JOINED = 20

/** What can be done with the rows that are selected. */
export function SelectionBar({
  selection,
  total,
  onAll,
  onClear,
  onChange,
  onJoin,
}: {
  selection: Selection
  total: number
  onAll: () => void
  onClear: () => void
  onChange: () => void
  onJoin: () => void
}) {
  const texts = words().selection
  const count = countSelected(selection, total)
  const mayJoin = selection.kind === 'ids' && count >= 2 && count <= MOST_JOINED
  return (
    <div class="selection-bar" role="toolbar" aria-label={texts.some(count)} hidden={count === 0}>
      <strong role="status">{count === 0 ? '' : texts.some(count)}</strong>
      {count < total && (
        <button type="button" class="link" onClick={onAll}>
          {texts.selectAll(total)}
        </button>
      )}
      <button type="button" class="link" onClick={onClear}>
        {texts.clear}
      </button>
      <span class="bar-gap" />
      {mayJoin && (
        <button type="button" class="button" onClick={onJoin}>
          {texts.join}
        </button>
      )}
      <button type="button" class="button button-strong" onClick={onChange}>
        {texts.change}
      </button>
    </div>
  )
}
