import { Icon } from '../parts/icon.tsx'
import type { IconName } from '../parts/icon.tsx'

/** A round button above the picture. */
export function Glass(props: {
  icon: IconName
  label: string
  disabled?: boolean
  /** For buttons that stay down. */
  pressed?: boolean
  onClick: () => void
}) {
  const { icon, label, disabled = false, pressed, onClick } = props
  return (
    <button
      type="button"
      class="button button-icon button-glass"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
