import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { WEEKDAYS } from '../../../core/linear/document/values.ts'
import { nearestBlock } from './block-moves.ts'
import type { Draft } from './draft.ts'
import { addSlot, moveSlot, removeSlot } from './slot-edits.ts'
import type { Place } from './slot-edits.ts'
import { dayName, showName } from './slot-names.ts'
import { acceptLoads } from './week-drag.ts'
import { WeekBlock } from './week-block.tsx'
import { printMinute, weekBlocks } from './week.ts'
import type { Block } from './week.ts'
import { words } from './words.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
/** Minutes that Alt and an arrow move a slot by. */
const STEP = 5

/** A slot that is open, and the day on which it was opened. */
export type OpenedSlot = { readonly id: string; readonly day: number }

/**
 * The week as a calendar: slots as blocks from their begin to the next one's. They are dragged, or moved with Alt and the
 * arrows (with Shift on one day alone); what is dragged out of the library becomes a slot where it lands.
 */
export function WeekView({
  draft,
  monday,
  day: shownDay,
  onOpen,
}: {
  draft: Draft
  /** `YYYY-MM-DD`. */
  monday: string
  /** Which day a phone shows, 0 … 6. */
  day: number
  onOpen: (slot: OpenedSlot) => void
}) {
  const plan = draft.plan.value
  const blocks = useMemo(() => weekBlocks(plan.slots, monday), [plan, monday])
  const starts = useMemo(() => blocks.filter(({ isStart }) => isStart), [blocks])
  const over = useSignal<Place | null>(null)
  const current = useSignal<OpenedSlot | null>(null)
  const said = useSignal('')
  const body = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const focusNext = useRef(false)
  const focusCurrent = () => body.current?.querySelector<HTMLElement>('.week-block[tabindex="0"]')?.focus()
  const nameOf = (id: string): string => {
    const slot = plan.slots.find((one) => one.id === id)
    return slot === undefined ? '' : showName(plan, slot)
  }
  const when = ({ day, minute }: Place): string => `${dayName(day)} ${printMinute(minute)}`

  const move = (id: string, from: number, to: Place, alone: boolean) => {
    const before = new Set(plan.slots.map((slot) => slot.id))
    said.value = words().week.moved(nameOf(id), when(to))
    draft.change((now) => moveSlot(now, id, to, alone ? from : null))
    // A day that went its own way is a slot of its own now.
    const made = draft.plan.peek().slots.find((slot) => !before.has(slot.id))
    const isOneDay = draft.plan.peek().slots.find((slot) => slot.id === id)?.days?.length === 1
    current.value = { id: made?.id ?? id, day: alone || isOneDay ? to.day : from }
  }
  const latest = useRef({ move, draft, when })
  latest.current = { move, draft, when }
  useEffect(() => {
    if (body.current === null || scroller.current === null) return
    return acceptLoads(body.current, scroller.current, {
      onOver: (place) => {
        over.value = place
      },
      onDrop: (load, place, alone) => {
        const now = latest.current
        if (load.kind === 'slot') return now.move(load.slot, load.day, place, alone)
        now.draft.change((edited) => addSlot(edited, load.wish, place, !alone))
      },
    })
  }, [over])
  useEffect(() => {
    // The morning is what a week begins with on the screen, its line below the names of the days.
    const hour = (body.current?.clientHeight ?? 0) / 24
    if (scroller.current !== null) scroller.current.scrollTop = hour * 5.7
  }, [])
  useEffect(() => {
    if (!focusNext.current) return
    focusNext.current = false
    focusCurrent()
  })

  const isCurrent = ({ slot, day }: Block, index: number): boolean => {
    const { value } = current
    const isThere = value !== null && starts.some((one) => one.slot === value.id && one.day === value.day)
    return isThere ? value.id === slot && value.day === day : index === 0
  }
  const onKey = (event: KeyboardEvent, block: Block) => {
    const { key, altKey, shiftKey } = event
    const isArrow = /^Arrow(Up|Down|Left|Right)$/.test(key)
    if (key === 'Delete' || key === 'Backspace') {
      said.value = words().week.removed(nameOf(block.slot))
      draft.change((now) => removeSlot(now, block.slot, shiftKey ? block.day : null))
    } else if (isArrow && altKey) {
      const minute = block.from + (key === 'ArrowUp' ? -STEP : key === 'ArrowDown' ? STEP : 0)
      const day = block.day + (key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0)
      if (minute < 0 || minute >= 1440 || day < 0 || day > 6) return
      move(block.slot, block.day, { day, minute }, shiftKey)
    } else if (isArrow) {
      const next = nearestBlock(starts, block, key)
      if (next !== null) current.value = { id: next.slot, day: next.day }
    } else return
    event.preventDefault()
    focusNext.current = true
  }
  let index = -1
  return (
    <>
      <div class="week" ref={scroller}>
        <div class="week-head" aria-hidden="true">
          <span />
          {WEEKDAYS.map((name, day) => (
            <span key={name} class="week-name" data-shown={day === shownDay}>
              {words().weekdays[name]}
            </span>
          ))}
        </div>
        <div class="week-hours" aria-hidden="true">
          {HOURS.map((hour) => (
            <span key={hour} style={{ top: `${(hour / 24) * 100}%` }}>
              {printMinute(hour * 60)}
            </span>
          ))}
        </div>
        <div
          class="week-body"
          ref={body}
          role="group"
          aria-label={words().week.label}
          onFocusOut={({ target }) => {
            // A block that is taken away takes the focus along.
            setTimeout(() => {
              const isGone = target instanceof Element && !target.isConnected
              if (isGone && document.activeElement === document.body) focusCurrent()
            })
          }}
        >
          {WEEKDAYS.map((name, day) => (
            <div key={name} class="week-day" data-shown={day === shownDay}>
              {blocks
                .filter((block) => block.day === day)
                .map((block) => {
                  if (block.isStart) index += 1
                  const name = nameOf(block.slot)
                  return (
                    <WeekBlock
                      key={`${block.slot}/${block.from}`}
                      block={block}
                      name={name}
                      rest={words().week.block(dayName(day), printMinute(block.to))}
                      isCurrent={block.isStart && isCurrent(block, index)}
                      onOpen={() => {
                        current.value = { id: block.slot, day }
                        onOpen({ id: block.slot, day })
                      }}
                      onKey={(event) => onKey(event, block)}
                    />
                  )
                })}
              {over.value?.day === day && (
                <div class="week-over" style={{ top: `${(over.value.minute / 1440) * 100}%` }}>
                  {printMinute(over.value.minute)}
                </div>
              )}
            </div>
          ))}
        </div>
      </div>
      <p class="screen-keys">{plan.slots.length === 0 ? words().week.empty : words().week.keys}</p>
      <p class="visually-hidden" role="status">
        {said.value}
      </p>
    </>
  )
}
