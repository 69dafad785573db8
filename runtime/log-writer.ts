import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log, LogFacts, LogLevel } from '../core/log.ts'

const ORDER: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

/** How many lines are held back before the program listens; more than a start ever writes. */
const HELD_LINES = 1000

/** Where the log goes. `write` gets one line with its line feed. */
export type LogWriterOptions = {
  readonly level: LogLevel
  readonly write: (line: string) => void
  readonly file: string | null
  readonly maxBytes: number
  readonly now: () => number
}

/** A log whose lines are held back until `release()`, so that the program's first line can be `listening`. */
export type LogWriter = { readonly log: Log; release(): void }

/** Errors become name, message, code and cause; anything with `toJSON` (such as a `Secret`) speaks for itself. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    const code = 'code' in value ? { code: value.code } : {}
    const cause = value.cause === undefined ? {} : { cause: value.cause }
    return { name: value.name, message: value.message, ...code, ...cause }
  }
  return typeof value === 'bigint' ? Number(value) : value
}

/** Writes JSON lines `{"time","level","event",…}` to `write` and, if named, to a file that is rotated once past `maxBytes`. */
export function createLogWriter(options: LogWriterOptions): LogWriter {
  let held: string[] | null = []
  const lowest = ORDER[options.level]
  if (options.file !== null) mkdirSync(dirname(options.file), { recursive: true })
  let size = options.file !== null && existsSync(options.file) ? statSync(options.file).size : 0

  const toFile = (path: string, line: string): void => {
    if (size + line.length > options.maxBytes && size > 0) {
      renameSync(path, `${path}.1`)
      size = 0
    }
    appendFileSync(path, line)
    size += line.length
  }

  const log = (level: LogLevel, event: string, facts: LogFacts = {}): void => {
    if (ORDER[level] < lowest) return
    let line: string
    try {
      line = `${JSON.stringify({ time: new Date(options.now()).toISOString(), level, event, ...facts }, plain)}\n`
    } catch (error) {
      // A fact that cannot be written (a circle) must not take the program down with it.
      line = `${JSON.stringify({ level: 'error', event: 'log-unwritable', of: event, message: String(error) })}\n`
    }
    if (options.file !== null) toFile(options.file, line)
    if (held === null) options.write(line)
    else if (held.length < HELD_LINES) held.push(line)
  }

  return {
    log,
    release() {
      const lines = held ?? []
      held = null
      for (const line of lines) options.write(line)
    },
  }
}
