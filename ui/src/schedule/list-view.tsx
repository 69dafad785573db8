import type { Draft } from './draft.ts'
import { changeSlot } from './slot-edits.ts'
import { daysName, showName } from './slot-names.ts'
import type { OpenedSlot } from './week-view.tsx'
import { words } from './words.ts'

/** The slots as a table by time, for exact times; everything else of a slot opens beside it. */
export function ListView({ draft, onOpen }: { draft: Draft; onOpen: (slot: OpenedSlot) => void }) {
  const plan = draft.plan.value
  const texts = words().list
  if (plan.slots.length === 0) return <p class="nothing">{words().week.empty}</p>
  return (
    <div class="slot-table">
      <table>
        <caption class="visually-hidden">{texts.label}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.at}</th>
            <th scope="col">{texts.days}</th>
            <th scope="col">{texts.show}</th>
            <th scope="col">{texts.count}</th>
            <th scope="col">{texts.pad}</th>
            <th scope="col">{texts.late}</th>
          </tr>
        </thead>
        <tbody>
          {plan.slots.map((slot) => {
            const name = showName(plan, slot)
            return (
              <tr key={slot.id}>
                <td>
                  <input
                    type="time"
                    step={1}
                    aria-label={`${texts.at}: ${name}`}
                    value={slot.at}
                    onBlur={(event) => {
                      const at = event.currentTarget.value
                      if (at !== '' && at !== slot.at) draft.change((now) => changeSlot(now, slot.id, { at }))
                    }}
                  />
                </td>
                <td>{daysName(slot)}</td>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    aria-label={texts.edit(name)}
                    onClick={() => onOpen({ id: slot.id, day: 0 })}
                  >
                    {name}
                  </button>
                </th>
                <td>{slot.count === 'fill' ? texts.fill : slot.count}</td>
                <td>{slot.padToMinutes === 0 ? '' : texts.minutes(slot.padToMinutes)}</td>
                <td>{slot.lateMinutes === 0 ? '' : texts.minutes(slot.lateMinutes)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
