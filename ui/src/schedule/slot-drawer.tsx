import { useSignal } from '@preact/signals'
import { WEEKDAYS } from '../../../core/linear/document/values.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ChannelChoice } from './channel-choice.tsx'
import type { Draft } from './draft.ts'
import { Whole } from './plain-fields.tsx'
import { changeSlot, removeSlot } from './slot-edits.ts'
import { dayName, showName } from './slot-names.ts'
import type { OpenedSlot } from './week-view.tsx'
import { words } from './words.ts'

const PADS = [0, 5, 10, 15, 20, 30, 60] as const
const KINDS = ['pool', 'live', 'rerun', 'off'] as const
type Kind = (typeof KINDS)[number]

/** Everything about one slot. Nothing counts before "Done", and nothing is saved before the schedule is. */
export function SlotDrawer({ draft, opened, onClose }: { draft: Draft; opened: OpenedSlot; onClose: () => void }) {
  const plan = draft.plan.value
  const slot = plan.slots.find(({ id }) => id === opened.id)
  const kind = useSignal<Kind>(slot?.show.kind ?? 'pool')
  const channel = useSignal<string | null>(slot?.show.kind === 'live' ? slot.show.channel : null)
  const wrong = useSignal(false)
  if (slot === undefined) return null
  const texts = words().slot
  const others = plan.slots.filter(({ id, show }) => id !== slot.id && show.kind !== 'rerun')

  const apply = (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const text = (name: string): string => String(fields.get(name) ?? '').trim()
    const number = (name: string): number | null => (text(name) === '' ? null : Number(text(name)))
    const days = WEEKDAYS.filter((day) => fields.get(`day-${day}`) !== null)
    const show = showOf(kind.peek(), { pool: text('pool'), channel: channel.peek(), rerunOf: text('rerunOf') })
    if (show === null || days.length === 0) {
      wrong.value = true
      return
    }
    const title = text('guideTitle')
    const breaks = number('breaks')
    draft.change((now) =>
      changeSlot(now, slot.id, {
        at: text('at'),
        days: days.length === 7 ? null : days,
        from: text('from') || null,
        until: text('until') || null,
        show,
        count: number('count') ?? 'fill',
        padToMinutes: PADS.find((one) => one === Number(text('pad'))) ?? 0,
        lateMinutes: number('late') ?? 0,
        marathon: fields.get('marathon') !== null,
        bleed: fields.get('bleed') !== null,
        guide: title === '' ? null : { title, hideEpisodes: slot.guide?.hideEpisodes ?? false },
        breaks: breaks === null ? null : { ...(slot.breaks ?? now.breaks), max: breaks },
      }),
    )
    onClose()
  }
  const remove = (onlyOn: number | null) => {
    draft.change((now) => removeSlot(now, slot.id, onlyOn))
    onClose()
  }
  return (
    <Dialog
      title={showName(plan, slot)}
      open
      side
      onClose={onClose}
      actions={
        <>
          {(slot.days === null || slot.days.length > 1) && (
            <button type="button" class="button button-quiet" onClick={() => remove(opened.day)}>
              {texts.removeDay(dayName(opened.day))}
            </button>
          )}
          <button type="button" class="button button-danger" onClick={() => remove(null)}>
            {texts.remove}
          </button>
          <button type="submit" form="slot-form" class="button button-strong">
            {texts.done}
          </button>
        </>
      }
    >
      <form
        id="slot-form"
        class="plain slot-form"
        onSubmit={(event) => {
          event.preventDefault()
          apply(event.currentTarget)
        }}
      >
        <label class="field">
          <span class="label">{texts.at}</span>
          <input name="at" type="time" step={1} required defaultValue={slot.at} />
        </label>
        <fieldset class="slot-days">
          <legend class="label">{texts.days}</legend>
          {WEEKDAYS.map((day) => (
            <label key={day} class="choice">
              <input name={`day-${day}`} type="checkbox" defaultChecked={slot.days?.includes(day) ?? true} />
              <span>{words().weekdays[day]}</span>
            </label>
          ))}
        </fieldset>
        <label class="field">
          <span class="label">{texts.show}</span>
          <select
            value={kind.value}
            onChange={(event) => {
              kind.value = KINDS.find((one) => one === event.currentTarget.value) ?? 'pool'
            }}
          >
            {KINDS.map((one) => (
              <option key={one} value={one} disabled={one === 'rerun' && others.length === 0}>
                {texts.kinds[one]}
              </option>
            ))}
          </select>
        </label>
        {kind.value === 'pool' && (
          <label class="field">
            <span class="label">{texts.pool}</span>
            <select name="pool" defaultValue={slot.show.kind === 'pool' ? slot.show.pool : plan.pools[0]?.id}>
              {plan.pools.map(({ id }) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </select>
          </label>
        )}
        {kind.value === 'rerun' && (
          <label class="field">
            <span class="label">{texts.rerunOf}</span>
            <select name="rerunOf" defaultValue={slot.show.kind === 'rerun' ? slot.show.rerunOf : others[0]?.id}>
              {others.map((one) => (
                <option key={one.id} value={one.id}>
                  {`${one.at} ${showName(plan, one)}`}
                </option>
              ))}
            </select>
          </label>
        )}
        {kind.value === 'live' && (
          <ChannelChoice
            value={channel.value}
            onChoose={(id) => {
              channel.value = id
            }}
          />
        )}
        <label class="field">
          <span class="label">{texts.guideTitle}</span>
          <input
            name="guideTitle"
            type="text"
            maxLength={200}
            autocomplete="off"
            defaultValue={slot.guide?.title ?? ''}
          />
          <span class="help">{texts.guideTitleHelp}</span>
        </label>
        <details>
          <summary>{texts.more}</summary>
          <Whole
            name="count"
            label={texts.count}
            help={texts.countHelp}
            value={slot.count === 'fill' ? null : slot.count}
            least={1}
            most={500}
          />
          <label class="field">
            <span class="label">{texts.pad}</span>
            <select name="pad" defaultValue={String(slot.padToMinutes)}>
              {PADS.map((one) => (
                <option key={one} value={one}>
                  {texts.pads(one)}
                </option>
              ))}
            </select>
          </label>
          <Whole name="late" label={texts.late} value={slot.lateMinutes} least={0} most={720} />
          <Whole
            name="breaks"
            label={texts.breaks}
            help={texts.breaksHelp}
            value={slot.breaks?.max ?? null}
            least={0}
            most={30}
          />
          <label class="choice">
            <input name="marathon" type="checkbox" defaultChecked={slot.marathon} />
            <span>{texts.marathon}</span>
          </label>
          <label class="choice">
            <input name="bleed" type="checkbox" defaultChecked={slot.bleed} />
            <span>{texts.bleed}</span>
          </label>
          <div class="slot-dates">
            <label class="field">
              <span class="label">{texts.from}</span>
              <input name="from" type="date" defaultValue={slot.from ?? ''} />
            </label>
            <label class="field">
              <span class="label">{texts.until}</span>
              <input name="until" type="date" defaultValue={slot.until ?? ''} />
            </label>
          </div>
        </details>
        {wrong.value && <p class="field-wrong" role="alert">{`${texts.days}, ${texts.show}`}</p>}
      </form>
    </Dialog>
  )
}

function showOf(kind: Kind, chosen: { pool: string; channel: string | null; rerunOf: string }) {
  switch (kind) {
    case 'pool':
      return chosen.pool === '' ? null : { kind, pool: chosen.pool }
    case 'live':
      return chosen.channel === null ? null : { kind, channel: chosen.channel }
    case 'rerun':
      return chosen.rerunOf === '' ? null : { kind, rerunOf: chosen.rerunOf }
    case 'off':
      return { kind }
    default:
      return kind satisfies never
  }
}
