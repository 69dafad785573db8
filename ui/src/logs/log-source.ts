import { signal } from '@preact/signals'
import { ask, order } from '../api/request.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { LogsAnswer } from './answers.ts'
import type { LogLine } from './answers.ts'
import { judgeOf, printFilter } from './filter.ts'
import type { Filter } from './filter.ts'

/** Lines that are asked for at a time. */
const WINDOW = 200
/** New lines that are kept above what was loaded; more of them are loaded anew. */
const MOST_NEW = 2000

/** The lines of a filter: new ones on top, the others by windows as they are looked at. */
export function createLogSource(filter: Filter) {
  const suits = judgeOf(filter)
  const query = printFilter(filter)
  const fresh = signal<readonly LogLine[]>([])
  const held = signal<readonly LogLine[]>([])
  const leftOut = signal(0)
  const total = signal<number | null>(null)
  const problem = signal<Problem | null>(null)
  const version = signal(0)
  const windows = new Map<number, readonly LogLine[] | 'asked'>()
  let until: number | null = null
  let stop = new AbortController()

  const fetchWindow = async (offset: number): Promise<void> => {
    windows.set(offset, 'asked')
    const { signal: ending } = stop
    const wish = new URLSearchParams(query)
    if (until !== null) wish.set('until', String(until))
    wish.set('offset', String(offset))
    wish.set('limit', String(WINDOW))
    try {
      const answer = await ask(`/api/v1/logs?${wish.toString()}`, LogsAnswer, { signal: ending })
      until ??= answer.until
      windows.set(offset, answer.items)
      total.value = answer.total
      problem.value = null
    } catch (thrown) {
      if (ending.aborted) return
      windows.delete(offset)
      problem.value = asProblem(thrown)
    }
    version.value += 1
  }

  const source = {
    total,
    problem,
    /** New lines that wait to be shown. */
    held,
    /** Lines that came too fast to be told. */
    leftOut,
    /** Changes with everything that `line` gives. */
    version,
    size: () => fresh.value.length + (total.value ?? 0),
    /** The line at a place, newest first; null: it is asked for. */
    line(place: number): LogLine | null {
      const new_ = fresh.value[place]
      if (new_ !== undefined) return new_
      const behind = place - fresh.value.length
      const offset = behind - (behind % WINDOW)
      const known = windows.get(offset)
      if (known === undefined && total.value !== null) void fetchWindow(offset)
      return known === undefined || known === 'asked' ? null : (known[behind - offset] ?? null)
    },
    /** Begins anew with what is there now. */
    async load(): Promise<void> {
      stop.abort()
      stop = new AbortController()
      windows.clear()
      until = null
      await fetchWindow(0)
      fresh.value = []
      held.value = []
      leftOut.value = 0
    },
    /** New lines, oldest first; they are shown by `show`. */
    take(lines: readonly LogLine[], missed: number): void {
      const meant = lines.filter((line) => suits(line) && line.id > (until ?? 0))
      if (meant.length > 0) held.value = [...meant.toReversed(), ...held.value].slice(0, MOST_NEW)
      leftOut.value += missed
    },
    show(): void {
      if (held.value.length === 0) return
      fresh.value = [...held.value, ...fresh.value]
      held.value = []
      version.value += 1
      if (fresh.value.length > MOST_NEW) void source.load()
    },
    /** Has new lines told for the next minute. */
    follow: () => order('/api/v1/logs/tail', { method: 'PUT', json: { level: filter.level } }),
    end: () => stop.abort(),
  }
  return source
}

/** The lines of a filter. */
export type LogSource = ReturnType<typeof createLogSource>
