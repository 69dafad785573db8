import { formatNumber } from '../text/format.ts'
import { words } from './words.ts'
/** The groups as buttons, one of which may be pressed. */
export function GroupChips({
  groups,
  chosen,
  onChoose,
}: {
  groups: readonly { name: string; channels: number }[]
  chosen: string | null
  onChoose: (name: string | null) => void
}) {
  if (groups.length === 0) return null
  return (
    <div class="chips" role="group" aria-label={words().groups}>
      <button type="button" class="chip" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
        {words().all}
      </button>
      {groups.map(({ name, channels }) => (
        <button
          type="button"
          key={name}
          class="chip"
          aria-pressed={chosen === name}
          onClick={() => onChoose(chosen === name ? null : name)}
        >
          {name} {channels > 0 && <small>{formatNumber(channels)}</small>}
        </button>
      ))}
    </div>
  )
}
