import type { MediaShelf, ProgrammeLine, ShelvedFile } from '../../core/linear/line.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'

/** A file to play. */
export type PlayedFile = ShelvedFile & { readonly title: string }

/** Files one after the other, from the moment on when somebody first looks. */
export interface FileLine extends ProgrammeLine, MediaShelf {
  /** When the last file ends, epoch milliseconds; null: never, or nobody has looked yet. */
  endsAt(): number | null
  /** Begins now, if it has not begun. */
  begin(): void
}

/** The line of some files; `loop`: they begin again when they are over. `now`: epoch milliseconds. */
export function createFileLine(
  files: readonly PlayedFile[],
  { loop, now }: { readonly loop: boolean; readonly now: () => number },
): FileLine {
  const lengths = files.map(({ facts }) => Math.max(1, Math.floor(facts.durationMs)))
  const round = lengths.reduce((sum, length) => sum + length, 0)
  let startedAt: number | null = null

  const itemAt = (start: number, index: number): PlanItem => {
    const title = files[index]?.title ?? ''
    const stop = start + (lengths[index] ?? 0)
    return {
      id: `${index}-${start}`,
      start,
      stop,
      kind: 'programme',
      media: String(index),
      inMs: 0,
      channel: null,
      text: null,
      guide: { group: `${index}-${start}`, isShown: true, title, subtitle: null },
    }
  }
  const off = (start: number, stop: number): PlanItem => ({
    id: `off-${start}`,
    start,
    stop,
    kind: 'off',
    media: null,
    inMs: 0,
    channel: null,
    text: null,
    guide: { group: `off-${start}`, isShown: false, title: '', subtitle: null },
  })

  return {
    items(from, to) {
      if (startedAt === null) return [off(from, to)]
      const items: PlanItem[] = from < startedAt ? [off(from, startedAt)] : []
      const rounds = loop ? Infinity : 1
      let at = startedAt + Math.max(0, loop ? Math.floor((from - startedAt) / round) : 0) * round
      for (let played = 0; at < to && played < rounds; played++) {
        for (let index = 0; index < files.length && at < to; index++) {
          const item = itemAt(at, index)
          if (item.stop > from) items.push(item)
          at = item.stop
        }
      }
      if (at < to) items.push(off(Math.max(at, from), to))
      return items
    },
    // What is played never changes.
    onChange: () => () => {},
    file: (media) => files[Number(media)] ?? null,
    endsAt: () => (startedAt === null || loop ? null : startedAt + round),
    begin() {
      startedAt ??= now()
    },
  }
}
