import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { acceptRows, makeDraggable } from './drag.ts'
import { words } from './words.ts'

/** The list with one of its members before another place (`gap`: 0 … length). */
export function movedTo<T>(items: readonly T[], from: number, gap: number): readonly T[] {
  const item = items[from]
  if (item === undefined) return items
  const without = items.toSpliced(from, 1)
  return without.toSpliced(gap > from ? gap - 1 : gap, 0, item)
}

/**
 * A short list in an order of its owner's: members are dragged by their handle, or moved with Alt + ↑ ↓ on it; a voice
 * says where they landed.
 */
export function OrderList<T extends { readonly id: string }>({
  items,
  name,
  render,
  actions,
  onOrder,
}: {
  items: readonly T[]
  name: (item: T) => string
  render: (item: T) => ComponentChildren
  actions?: (item: T) => ComponentChildren
  onOrder: (items: readonly T[]) => void
}) {
  const list = useRef<HTMLOListElement>(null)
  const gap = useSignal<number | null>(null)
  const said = useSignal('')
  const focusOn = useRef<string | null>(null)
  const move = (from: number, to: number) => {
    const item = items[from]
    const next = movedTo(items, from, to)
    const place = item === undefined ? -1 : next.indexOf(item)
    if (item === undefined || place === from) return
    focusOn.current = item.id
    said.value = words().landed(name(item), place + 1, items.length)
    onOrder(next)
  }
  const latest = useRef(move)
  latest.current = move
  useEffect(() => {
    const element = list.current
    if (element === null) return
    return acceptRows(element, {
      gapAt: (clientY) => {
        const rows = [...element.children].map((row) => row.getBoundingClientRect())
        const before = rows.findIndex(({ top, height }) => clientY < top + height / 2)
        return before < 0 ? rows.length : before
      },
      onStart: () => undefined,
      onGap: (next) => {
        gap.value = next
      },
      onDrop: (from, to) => latest.current(from, to),
    })
  }, [gap])
  useEffect(() => {
    const id = focusOn.current
    focusOn.current = null
    if (id !== null) list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] [data-handle]`)?.focus()
  }, [items])
  return (
    <>
      <ol class="order-list" ref={list}>
        {items.map((item, index) => (
          <OrderRow
            key={item.id}
            id={item.id}
            index={index}
            label={words().place(name(item), index + 1, items.length)}
            gap={
              gap.value === index ? 'above' : gap.value === items.length && index === items.length - 1 ? 'below' : null
            }
            onMove={(step) => move(index, step < 0 ? index - 1 : index + 2)}
          >
            {render(item)}
            {actions?.(item)}
          </OrderRow>
        ))}
      </ol>
      <p class="visually-hidden" role="status">
        {said.value}
      </p>
    </>
  )
}

function OrderRow({
  id,
  index,
  label,
  gap,
  onMove,
  children,
}: {
  id: string
  index: number
  label: string
  gap: 'above' | 'below' | null
  onMove: (step: number) => void
  children: ComponentChildren
}) {
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => (element.current === null ? undefined : makeDraggable(element.current, index)), [index])
  return (
    <li ref={element} data-id={id} class={`order-row${gap === null ? '' : ` order-${gap}`}`}>
      <button
        type="button"
        class="order-handle"
        data-handle
        aria-label={label}
        title={words().how}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onKeyDown={(event) => {
          if (!event.altKey || !/^Arrow(Up|Down)$/.test(event.key)) return
          event.preventDefault()
          onMove(event.key === 'ArrowUp' ? -1 : 1)
        }}
      >
        <Icon name="drag" />
      </button>
      {children}
    </li>
  )
}
