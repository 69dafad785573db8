import { useEffect, useRef } from 'preact/hooks'

/** Parts of a channel's drawer that one can come for. */
export const DRAWER_PARTS = ['groups', 'streams', 'guide'] as const
/** One of them. */
export type DrawerPart = (typeof DRAWER_PARTS)[number]

/** For the part of a drawer that somebody came for: it is shown and takes the focus, once, as soon as it is there. */
export function useAim(isAimed: boolean, isThere: boolean): { current: HTMLElement | null } {
  const part = useRef<HTMLElement | null>(null)
  const isDone = useRef(false)
  useEffect(() => {
    if (!isAimed || !isThere || isDone.current) return
    isDone.current = true
    // The dialog gives the focus to its first field in the frame after it was opened.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => part.current?.focus()))
    return () => cancelAnimationFrame(frame)
  }, [isAimed, isThere])
  return part
}
