import type { PlanItem } from '../../../core/linear/plan-item.ts'

/** A stretch of the strip: parts of a programme around its breaks are one title with several pieces. */
export type StripPiece = {
  readonly id: string
  readonly start: number
  readonly stop: number
  readonly kind: PlanItem['kind']
  readonly title: string
}

/** The items of a window as they are drawn: cut at its ends, short fillers of one break drawn as one. */
export function stripPieces(items: readonly PlanItem[], from: number, to: number): readonly StripPiece[] {
  const pieces: StripPiece[] = []
  for (const item of items) {
    const start = Math.max(item.start, from)
    const stop = Math.min(item.stop, to)
    if (start >= stop) continue
    const last = pieces.at(-1)
    const isSame = last !== undefined && last.kind === item.kind && last.stop === start && isSmall(item.kind)
    if (isSame) pieces[pieces.length - 1] = { ...last, stop }
    else pieces.push({ id: item.id, start, stop, kind: item.kind, title: titleOf(item) })
  }
  return pieces
}

/** Nobody reads the name of every advert. */
const isSmall = (kind: PlanItem['kind']): boolean =>
  kind === 'filler' || kind === 'break' || kind === 'bumper' || kind === 'off'

const titleOf = ({ kind, guide, text }: PlanItem): string =>
  kind === 'slate'
    ? (text ?? guide.title)
    : isSmall(kind)
      ? ''
      : [guide.title, guide.subtitle].filter((part) => part !== null).join(' · ')
