import { Buffer } from 'node:buffer'
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../core/errors.ts'
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

/** Tells the person at the console something, whatever the level of the log. It never gets into a file. */
export type Tell = (event: string, facts: LogFacts) => void

/** A log whose lines are held back until `release()`, so that the program's first line can be `listening`. */
export type LogWriter = { readonly log: Log; readonly tell: Tell; release(): void }

/** Errors become name, message, code and cause; anything with `toJSON` (such as a `Secret`) speaks for itself. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    const code = 'code' in value ? { code: value.code } : {}
    const cause = value.cause === undefined ? {} : { cause: value.cause }
    return { name: value.name, message: value.message, ...code, ...cause }
  }
  return typeof value === 'bigint' ? Number(value) : value
}

/**
 * Writes JSON lines `{"time","level","event",…}` to `write` and, if named, to a file that is rotated once past `maxBytes`.
 *
 * Fails with `config/invalid` when the file cannot be opened; later trouble with it (a full disk) is said once.
 */
export function createLogWriter(options: LogWriterOptions): LogWriter {
  let held: string[] | null = []
  const lowest = ORDER[options.level]
  const file = options.file === null ? null : openLogFile(options.file, options.maxBytes)

  const print = (level: LogLevel, event: string, facts: LogFacts): string => {
    try {
      return `${JSON.stringify({ time: new Date(options.now()).toISOString(), level, event, ...facts }, plain)}\n`
    } catch (error) {
      // A fact that cannot be written (a circle) must not take the program down with it.
      return `${JSON.stringify({ level: 'error', event: 'log-unwritable', of: event, message: String(error) })}\n`
    }
  }
  const show = (line: string): void => {
    if (held === null) options.write(line)
    else if (held.length < HELD_LINES) held.push(line)
  }

  return {
    log(level, event, facts = {}) {
      if (ORDER[level] < lowest) return
      const line = print(level, event, facts)
      const trouble = file?.append(line) ?? null
      show(line)
      if (trouble !== null) show(print('error', 'log-file-failed', { error: trouble }))
    },
    tell: (event, facts) => show(print('info', event, facts)),
    release() {
      const lines = held ?? []
      held = null
      for (const line of lines) options.write(line)
    },
  }
}

/** A log file: `append` gives the first error of a row of errors, else null. */
function openLogFile(path: string, maxBytes: number): { append(line: string): unknown } {
  let size = 0
  let isFailing = false
  try {
    mkdirSync(dirname(path), { recursive: true })
    appendFileSync(path, '')
    size = statSync(path).size
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const message = `log.file: "${path}" cannot be written (${code}); it should be a file in a folder that we may write`
    throw new Failure('config/invalid', message, {}, error)
  }
  return {
    append(line) {
      const bytes = Buffer.byteLength(line)
      try {
        if (size + bytes > maxBytes && size > 0) {
          renameSync(path, `${path}.1`)
          size = 0
        }
        appendFileSync(path, line)
        size += bytes
        isFailing = false
      } catch (error) {
        if (isFailing) return null
        isFailing = true
        return error
      }
      return null
    },
  }
}
