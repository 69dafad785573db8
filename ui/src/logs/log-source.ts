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
/** Windows that are kept: whoever scrolls through 100,000 lines needs no memory of all of them. */
const MOST_WINDOWS = 30
/** New lines that are kept above what was loaded; more of them are loaded anew. */
const MOST_NEW = 2000

const offsetOf = (place: number): number => place - (place % WINDOW)

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
  /** The one that was asked for last is the last. */
  const windows = new Map<number, readonly LogLine[]>()
  const asked = new Map<number, AbortController>()
  let until: number | null = null
  let stop = new AbortController()

  const fetchWindow = async (offset: number): Promise<void> => {
    const given = new AbortController()
    asked.set(offset, given)
    const ending = AbortSignal.any([stop.signal, given.signal])
    const wish = new URLSearchParams(query)
    if (until !== null) wish.set('until', String(until))
    wish.set('offset', String(offset))
    wish.set('limit', String(WINDOW))
    try {
      const answer = await ask(`/api/v1/logs?${wish.toString()}`, LogsAnswer, { signal: ending })
      until ??= answer.until
      windows.set(offset, answer.items)
      const [oldest] = windows.keys()
      if (windows.size > MOST_WINDOWS && oldest !== undefined) windows.delete(oldest)
      total.value = answer.total
      problem.value = null
      version.value += 1
    } catch (thrown) {
      if (ending.aborted) return
      problem.value = asProblem(thrown)
    } finally {
      if (asked.get(offset) === given) asked.delete(offset)
    }
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
    /** The line at a place, newest first; null: it is not known here (`look`). */
    line(place: number): LogLine | null {
      const new_ = fresh.value[place]
      if (new_ !== undefined) return new_
      const behind = place - fresh.value.length
      return windows.get(offsetOf(behind))?.[behind % WINDOW] ?? null
    },
    /** Asks for what is not known of the places `first` … `last` - 1; what was asked for elsewhere is not wanted any more. */
    look(first: number, last: number): void {
      if (total.value === null || last <= first) return
      const from = offsetOf(Math.max(0, first - fresh.value.length))
      const to = Math.min(last - fresh.value.length, total.value)
      for (const [offset, given] of asked) {
        if (offset >= from && offset < to) continue
        asked.delete(offset)
        given.abort()
      }
      for (let offset = from; offset < to; offset += WINDOW)
        if (!windows.has(offset) && !asked.has(offset)) void fetchWindow(offset)
    },
    /** Begins anew with what is there now. */
    async load(): Promise<void> {
      stop.abort()
      stop = new AbortController()
      windows.clear()
      asked.clear()
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
