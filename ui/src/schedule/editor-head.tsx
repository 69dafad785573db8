import { at } from '../api/base.ts'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import type { ScheduleAnswer } from './answers.ts'
import type { Draft } from './draft.ts'
import { words } from './words.ts'

/** Which channel it is, and what can be done with its schedule as a whole. */
export function EditorHead({
  schedule,
  draft,
  isSaving,
  onSave,
  onDiscard,
  onOverride,
  onRemove,
}: {
  schedule: ScheduleAnswer
  draft: Draft
  isSaving: boolean
  onSave: () => void
  onDiscard: () => void
  onOverride: () => void
  onRemove: () => void
}) {
  const { name, number } = draft.settings.value
  const isDirty = draft.isDirty.value
  const mayEdit = schedule.managedBy === 'house'
  return (
    <header class="schedule-head">
      <a class="schedule-back" href={at('/schedules')}>
        <Icon name="back" />
        {words().title}
      </a>
      <h1>
        {number !== null && <span class="channel-number">{number}</span>} {name}
      </h1>
      {isDirty && <span class="tag">{words().unsaved}</span>}
      {schedule.channelId !== null && (
        <a class="button button-quiet" href={at(`/player/any/${encodeURIComponent(schedule.channelId)}`)}>
          <Icon name="play" />
          {words().watch}
        </a>
      )}
      <span class="schedule-tools">
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={words().undo}
          title={words().undo}
          disabled={!draft.canUndo.value}
          onClick={() => draft.undo()}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          class="button button-quiet button-icon schedule-redo"
          aria-label={words().redo}
          title={words().redo}
          disabled={!draft.canRedo.value}
          onClick={() => draft.redo()}
        >
          <Icon name="undo" />
        </button>
        <Menu
          label={words().more}
          items={[
            {
              id: 'override',
              label: words().override.button,
              icon: 'alert',
              run: onOverride,
            },
            { id: 'discard', label: words().discard, icon: 'refresh', disabled: !isDirty, run: onDiscard },
            {
              id: 'remove',
              label: words().remove,
              icon: 'bin',
              danger: true,
              disabled: !mayEdit,
              run: onRemove,
            },
          ]}
        />
        <button type="button" class="button button-strong" disabled={!isDirty || !mayEdit || isSaving} onClick={onSave}>
          {words().save}
        </button>
      </span>
    </header>
  )
}
