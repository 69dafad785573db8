import type { LogLevel } from '../log.ts'

/** A line of the log. `id` counts up from 1 and is never used again while the program runs; `at` in epoch milliseconds. */
export type LogLine = {
  readonly id: number
  readonly at: number
  readonly level: LogLevel
  readonly event: string
  /** The facts as JSON text of an object, without secrets. */
  readonly facts: string
}

/** What a ring holds at most; whatever is reached first. */
export type LogBounds = { readonly lines: number; readonly bytes: number }

/** A quiet house writes some hundred lines a day; what 100,000 lines of `debug` take is still small beside a stream. */
export const LOG_BOUNDS: LogBounds = { lines: 100_000, bytes: 16 * 1024 * 1024 }

/** What a line takes beside its texts: the object, its numbers and its place. */
const LINE_BYTES = 96

/** The last lines of the log. The oldest go when a bound is reached. */
export interface LogRing {
  /** Adds a line and gives it. */
  add(line: Omit<LogLine, 'id'>): LogLine
  /** Id of the newest line; 0: there was none. */
  newest(): number
  /** How many there are. */
  size(): number
  /** Lines from the newest to the oldest; those that came after the line `until` are left out. */
  backwards(until?: number): Iterable<LogLine>
}

/** An empty ring. */
export function createLogRing(bounds: LogBounds = LOG_BOUNDS): LogRing {
  // A line's place follows from its id, so that nothing is moved when the oldest go.
  const places: (LogLine | undefined)[] = []
  let oldest = 1
  let newest = 0
  let bytes = 0

  const at = (id: number): LogLine | undefined => (id < oldest || id > newest ? undefined : places[id % bounds.lines])
  const sizeOf = ({ event, facts }: Pick<LogLine, 'event' | 'facts'>): number =>
    LINE_BYTES + 2 * event.length + 2 * facts.length
  const drop = (): void => {
    const line = at(oldest)
    if (line !== undefined) {
      bytes -= sizeOf(line)
      places[oldest % bounds.lines] = undefined
    }
    oldest += 1
  }

  return {
    add(told) {
      const line: LogLine = { id: newest + 1, ...told }
      bytes += sizeOf(line)
      while (oldest <= newest && (newest - oldest + 1 >= bounds.lines || bytes > bounds.bytes)) drop()
      newest = line.id
      places[line.id % bounds.lines] = line
      return line
    },
    newest: () => newest,
    size: () => newest - oldest + 1,
    *backwards(until = newest) {
      for (let id = Math.min(until, newest); id >= oldest; id--) {
        const line = at(id)
        if (line !== undefined) yield line
      }
    },
  }
}
