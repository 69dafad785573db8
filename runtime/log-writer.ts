import { Buffer } from 'node:buffer'
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../core/errors.ts'
import { LOG_LEVELS } from '../core/log.ts'
import type { Log, LogFacts, LogLevel } from '../core/log.ts'
import type { LogLine } from '../core/logs/log-ring.ts'
import { tellable } from '../core/without-secrets.ts'

/** How many lines are held back before the program listens; more than a start ever writes. */
const HELD_LINES = 1000

/** Where the log goes. `write` gets one line with its line feed. */
export type LogWriterOptions = {
  readonly level: LogLevel
  readonly write: (line: string) => void
  readonly file: string | null
  readonly maxBytes: number
  readonly now: () => number
  /** Keeps a line for those who look later. What is told to the person at the console is not kept. */
  readonly keep?: (line: Omit<LogLine, 'id'>) => void
}

/** Tells the person at the console something, whatever the level of the log. It never gets into a file. */
export type Tell = (event: string, facts: LogFacts) => void

/** A log whose lines are held back until `release()`, so that the program's first line can be `listening`. */
export type LogWriter = {
  readonly log: Log
  readonly tell: Tell
  release(): void
  level(): LogLevel
  /** Writes only what is at least so severe from now on. */
  setLevel(level: LogLevel): void
}

/** Errors become name, message, code and cause; anything with `toJSON` (such as a `Secret`) speaks for itself. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    const code = 'code' in value ? { code: value.code } : {}
    const cause = value.cause === undefined ? {} : { cause: value.cause }
    return { name: value.name, message: value.message, ...code, ...cause }
  }
  return typeof value === 'bigint' ? Number(value) : value
}

/** The same, and of texts only what may be told. */
function fact(key: string, value: unknown): unknown {
  return typeof value === 'string' ? tellable(key, value) : plain(key, value)
}

/**
 * Writes JSON lines `{"time","level","event",…}` to `write` and, if named, to a file that is rotated once past `maxBytes`.
 *
 * Fails with `config/invalid` when the file cannot be opened; later trouble with it (a full disk) is said once.
 */
export function createLogWriter(options: LogWriterOptions): LogWriter {
  let held: string[] | null = []
  let { level: lowest } = options
  const file = options.file === null ? null : openLogFile(options.file, options.maxBytes)

  /** The facts as the JSON text of an object; null: they cannot be written. */
  const printFacts = (facts: LogFacts): string | null => {
    try {
      return JSON.stringify(facts, fact)
    } catch {
      return null
    }
  }
  const print = (at: number, level: LogLevel, event: string, facts: string): string => {
    const head = JSON.stringify({ time: new Date(at).toISOString(), level, event }).slice(0, -1)
    return `${head}${facts === '{}' ? '' : `,${facts.slice(1, -1)}`}}\n`
  }
  const show = (line: string): void => {
    if (held === null) options.write(line)
    else if (held.length < HELD_LINES) held.push(line)
  }

  const write: Log = (level, event, told = {}) => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(lowest)) return
    const at = options.now()
    const facts = printFacts(told)
    // A fact that cannot be written (a circle) must not take the program down with it.
    if (facts === null) return write('error', 'log-unwritable', { of: event })
    const line = print(at, level, event, facts)
    const trouble = file?.append(line) ?? null
    show(line)
    options.keep?.({ at, level, event, facts })
    if (trouble !== null) show(print(at, 'error', 'log-file-failed', printFacts({ error: trouble }) ?? '{}'))
  }

  return {
    log: write,
    tell: (event, facts) => show(print(options.now(), 'info', event, JSON.stringify(facts, plain))),
    level: () => lowest,
    setLevel(level) {
      lowest = level
    },
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
