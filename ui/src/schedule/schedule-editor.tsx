import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { WEEKDAYS } from '../../../core/linear/document/values.ts'
import { at } from '../api/base.ts'
import { Problem, asProblem } from '../api/problem.ts'
import { askTagged, order } from '../api/request.ts'
import { UnsavedGuard } from '../forms/unsaved-guard.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { ScheduleAnswer } from './answers.ts'
import { ChannelTab } from './channel-tab.tsx'
import type { Draft } from './draft.ts'
import { EditorHead } from './editor-head.tsx'
import { FromChoice } from './from-choice.tsx'
import { ListView } from './list-view.tsx'
import { MediaShelf } from './media-shelf.tsx'
import { OverrideDialog } from './override-dialog.tsx'
import { daysFrom, PlanStrip } from './plan-strip.tsx'
import { PoolsTab } from './pools-tab.tsx'
import { addSlot } from './slot-edits.ts'
import { RevisionChoice } from './revision-choice.tsx'
import { overridesOf } from './overrides-of.ts'
import { SlotDrawer } from './slot-drawer.tsx'
import { useUndoKeys } from './use-undo-keys.ts'
import { usePlan } from './use-plan.ts'
import { WarningList } from './warning-list.tsx'
import type { OpenedSlot } from './week-view.tsx'
import { WeekView } from './week-view.tsx'
import { dayIn, mondayOf, printMinute } from './week.ts'
import { words } from './words.ts'

const TABS = ['week', 'list', 'pools', 'channel'] as const
/** Where a slot that was put in by a button begins: the evening, for whoever did not say. */
const EVENING = 20 * 60 + 15

/** The editor of one channel: the week, the library beside it, and below it what will really play. */
export function ScheduleEditor({
  schedule,
  tag,
  draft,
  onSaved,
  onReload,
  onOverridden,
  onRemoved,
}: {
  schedule: ScheduleAnswer
  tag: string | null
  draft: Draft
  onSaved: (schedule: ScheduleAnswer, tag: string | null) => void
  /** Goes on from what is saved; changes are gone. */
  onReload: () => void
  /** What is shown in place of the plan is another now. */
  onOverridden: () => void
  onRemoved: () => void
}) {
  const { query } = useLocation()
  const toasts = useToasts()
  const opened = useSignal<OpenedSlot | null>(null)
  const problem = useSignal<Problem | null>(null)
  const dialog = useSignal<'override' | 'remove' | null>(null)
  const isSaving = useSignal(false)
  const days = useMemo(() => daysFrom(Date.now()), [])
  const day = useSignal(days[0] ?? 0)
  const overrides = useMemo(() => overridesOf(schedule), [schedule])
  const { planner, problem: planProblem } = usePlan(draft, schedule.library, overrides)
  const tab = TABS.find((one) => one === query['view']) ?? 'week'
  const path = `/api/v1/schedules/${encodeURIComponent(schedule.id)}`
  const { name } = draft.settings.value
  const isDirty = draft.isDirty.value
  const mayEdit = schedule.managedBy === 'house'
  const { zone } = draft.doc.value
  const shown = dayIn(zone, day.value + 12 * 3_600_000)
  const weekday = (new Date(`${shown}T00:00:00Z`).getUTCDay() + 6) % 7
  const isOverridden = overrides.some(({ from, until }) => {
    const now = Date.now()
    return from <= now && (until === null || now < until)
  })

  const save = async () => {
    isSaving.value = true
    try {
      const document = draft.doc.peek()
      const options = { method: 'PUT', json: { document }, ...(tag !== null && { ifMatch: tag }) } as const
      const saved = await askTagged(path, ScheduleAnswer, options)
      problem.value = null
      toasts.show({ text: words().saved(name) })
      onSaved(saved.answer, saved.tag)
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
    isSaving.value = false
  }
  const remove = async () => {
    try {
      await order(path, { method: 'DELETE', ...(tag !== null && { ifMatch: tag }) })
      draft.begin(draft.doc.peek())
      toasts.show({ text: words().removed(name) })
      onRemoved()
    } catch (thrown) {
      dialog.value = null
      problem.value = asProblem(thrown)
    }
  }
  useUndoKeys(draft)
  const isChanged = problem.value?.code === 'config/changed'
  return (
    <div class="schedule">
      <UnsavedGuard dirty={isDirty} />
      <EditorHead
        schedule={schedule}
        draft={draft}
        isSaving={isSaving.value}
        onSave={() => void save()}
        onDiscard={onReload}
        onOverride={() => {
          dialog.value = 'override'
        }}
        onRemove={() => {
          dialog.value = 'remove'
        }}
      />
      {!mayEdit && <p class="note">{words().byFile}</p>}
      {isOverridden && (
        <p class="note">
          {words().override.running}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              dialog.value = 'override'
            }}
          >
            {words().override.end}
          </button>
        </p>
      )}
      {problem.value !== null &&
        (isChanged ? (
          <div class="note note-problem" role="alert">
            <p>{words().changed}</p>
            <button type="button" class="button" onClick={onReload}>
              {words().reload}
            </button>
          </div>
        ) : (
          <ProblemNote problem={problem.value} />
        ))}
      <div class="schedule-bar">
        <nav class="tabs" aria-label={words().views}>
          {TABS.map((one) => (
            <a
              key={one}
              class="chip"
              href={at(`/schedules/${encodeURIComponent(schedule.id)}${one === 'week' ? '' : `?view=${one}`}`)}
              aria-current={one === tab ? 'page' : undefined}
            >
              {words().tabs[one]}
            </a>
          ))}
        </nav>
        <RevisionChoice draft={draft} />
        <FromChoice draft={draft} today={dayIn(zone, Date.now())} />
      </div>
      <div class="schedule-main">
        <div class="schedule-view">
          {tab === 'week' && (
            <>
              <div class="week-days" role="group" aria-label={words().week.day}>
                {WEEKDAYS.map((one, index) => (
                  <button
                    key={one}
                    type="button"
                    class="chip"
                    aria-pressed={index === weekday}
                    onClick={() => {
                      const next = days.find((midnight) => (new Date(midnight).getDay() + 6) % 7 === index)
                      if (next !== undefined) day.value = next
                    }}
                  >
                    {words().weekdays[one]}
                  </button>
                ))}
              </div>
              <WeekView
                draft={draft}
                monday={mondayOf(shown)}
                day={weekday}
                onOpen={(slot) => {
                  opened.value = slot
                }}
              />
            </>
          )}
          {tab === 'list' && (
            <ListView
              draft={draft}
              onOpen={(slot) => {
                opened.value = slot
              }}
            />
          )}
          {tab === 'pools' && <PoolsTab draft={draft} />}
          {tab === 'channel' && <ChannelTab key={String(draft.index.value)} draft={draft} />}
        </div>
        {(tab === 'week' || tab === 'list') && (
          <MediaShelf
            library={schedule.library}
            onPut={(wish, what) => {
              const before = new Set(draft.plan.peek().slots.map(({ id }) => id))
              draft.change((plan) => addSlot(plan, wish, { day: weekday, minute: EVENING }, false))
              const made = draft.plan.peek().slots.find(({ id }) => !before.has(id))
              toasts.show({ text: words().week.added(what, printMinute(EVENING)), undo: async () => draft.undo() })
              if (made !== undefined) opened.value = { id: made.id, day: weekday }
            }}
          />
        )}
      </div>
      {planProblem.value !== null && <ProblemNote problem={planProblem.value} />}
      <PlanStrip
        planner={planner.value}
        days={days}
        day={day.value}
        isUnsaved={isDirty}
        onDay={(next) => {
          day.value = next
        }}
      />
      {planner.value !== null && (
        <WarningList
          draft={draft}
          planner={planner.value}
          from={day.value}
          onOpen={(id) => {
            opened.value = { id, day: weekday }
          }}
        />
      )}
      {opened.value !== null && (
        <SlotDrawer
          key={opened.value.id}
          draft={draft}
          opened={opened.value}
          onClose={() => {
            opened.value = null
          }}
        />
      )}
      {dialog.value === 'override' && (
        <OverrideDialog
          id={schedule.id}
          isRunning={isOverridden}
          onDone={onOverridden}
          onClose={() => {
            dialog.value = null
          }}
        />
      )}
      {dialog.value === 'remove' && (
        <Confirm
          title={words().removeTitle(name)}
          text={words().removeText}
          action={words().remove}
          keep={words().keep}
          onDo={() => void remove()}
          onClose={() => {
            dialog.value = null
          }}
        />
      )}
    </div>
  )
}
