import { useEffect, useRef } from 'preact/hooks'
import { hueOf } from '../text/format.ts'
import { makeLoad } from './week-drag.ts'
import type { Block } from './week.ts'
import { printMinute } from './week.ts'
import { words } from './words.ts'

/** One slot on one day. Where it only goes on from the day before it cannot be grabbed, and is no stop of the keyboard. */
export function WeekBlock({
  block,
  name,
  rest,
  isCurrent,
  onOpen,
  onKey,
}: {
  block: Block
  name: string
  /** Day and end, for those who do not see where it stands. */
  rest: string
  isCurrent: boolean
  onOpen: () => void
  onKey: (event: KeyboardEvent) => void
}) {
  const element = useRef<HTMLButtonElement>(null)
  const { slot, day, from, to, isStart } = block
  useEffect(() => {
    const { current } = element
    if (current === null || !isStart) return
    return makeLoad(current, (clientY) => {
      const { top, height } = current.getBoundingClientRect()
      return { kind: 'slot', slot, day, grab: ((clientY - top) / height) * (to - from) }
    })
  }, [slot, day, from, to, isStart])
  return (
    <button
      type="button"
      ref={element}
      class={`week-block${isStart ? '' : ' week-block-rest'}`}
      style={{
        top: `${(from / 1440) * 100}%`,
        height: `${((to - from) / 1440) * 100}%`,
        '--hue': String(hueOf(name)),
      }}
      tabIndex={isCurrent ? 0 : -1}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight Delete"
      onClick={onOpen}
      onKeyDown={isStart ? onKey : undefined}
    >
      {isStart && <span class="week-time">{printMinute(from)} </span>}
      <span class="week-title">{name}</span>
      <span class="visually-hidden">{isStart ? rest : `${rest}, ${words().week.goesOn}`}</span>
    </button>
  )
}
