import { useMemo } from 'preact/hooks'
import type { Planner } from '../../../core/linear/planner.ts'
import { checkSchedule } from '../../../core/linear/warnings.ts'
import type { ScheduleWarning } from '../../../core/linear/warnings.ts'
import { formatClock, formatDay, formatSpan } from '../text/format.ts'
import { showName } from './slot-names.ts'
import type { Draft } from './draft.ts'
import { words } from './words.ts'

/** Days that are looked at. */
const DAYS = 7
const MOST_SHOWN = 12

/** What the plan does that its owner may not mean, in the week from an instant on; each opens the slot it is about. */
export function WarningList({
  draft,
  planner,
  from,
  onOpen,
}: {
  draft: Draft
  planner: Planner
  from: number
  onOpen: (slot: string) => void
}) {
  const found = useMemo(
    () => checkSchedule(planner.doc, planner.catalogue, { from, days: DAYS, checkpoint: planner.checkpoint(from) }),
    [planner, from],
  )
  const plan = draft.plan.value
  const texts = words().warnings
  const nameOf = (id: string | null): string => {
    const slot = plan.slots.find((one) => one.id === id)
    return slot === undefined ? (id ?? '') : `${slot.at} ${showName(plan, slot)}`
  }
  return (
    <section class="schedule-warnings" aria-label={texts.title}>
      {found.length === 0 ? (
        <p class="help">{texts.none}</p>
      ) : (
        <>
          <h2>{texts.title}</h2>
          <ul class="plain">
            {found.slice(0, MOST_SHOWN).map((warning) => {
              const { code, slot, pool, at } = warning
              return (
                <li key={`${code}/${slot}/${pool}/${at}`} class="note">
                  <span>
                    {sentence(warning, nameOf)}
                    {at !== null && <small> {`${formatDay(at)}, ${formatClock(at)}`}</small>}
                  </span>
                  {slot !== null && plan.slots.some(({ id }) => id === slot) && (
                    <button type="button" class="link" onClick={() => onOpen(slot)}>
                      {words().list.edit(nameOf(slot))}
                    </button>
                  )}
                </li>
              )
            })}
          </ul>
          {found.length > MOST_SHOWN && <p class="help">{words().library.more(found.length - MOST_SHOWN)}</p>}
        </>
      )}
    </section>
  )
}

function sentence(
  { code, slot, other, pool, ms, count }: ScheduleWarning,
  nameOf: (id: string | null) => string,
): string {
  const texts = words().warnings.codes
  const span = ms === null ? '' : formatSpan(ms / 1000)
  switch (code) {
    case 'empty-pool':
      return texts['empty-pool'](pool ?? '')
    case 'unknown-media':
      return texts['unknown-media'](pool ?? '', count)
    case 'overrun':
      return texts.overrun(nameOf(slot), nameOf(other), span)
    case 'slot-skipped':
      return texts['slot-skipped'](nameOf(slot))
    case 'slot-empty':
      return texts['slot-empty'](nameOf(slot))
    case 'same-start':
      return texts['same-start'](nameOf(slot), nameOf(other))
    case 'no-filler':
      return texts['no-filler'](span)
    case 'filler-too-long':
      return texts['filler-too-long'](span)
    case 'long-gap':
      return texts['long-gap'](span)
    default:
      return code satisfies never
  }
}
