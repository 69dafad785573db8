import { Buffer } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import * as v from 'valibot'
import { LOG_LEVELS } from '../core/log.ts'
import type { LogLine } from '../core/logs/log-ring.ts'
import { tellable } from '../core/without-secrets.ts'

/** So much of the end of a log file is read: some thousand lines. */
const TAIL_BYTES = 1024 * 1024

const Written = v.looseObject({
  time: v.pipe(v.string(), v.isoTimestamp()),
  level: v.picklist(LOG_LEVELS),
  event: v.string(),
})

/** The last lines that earlier runs wrote to a log file, oldest first; none if it cannot be read. */
export function readPastLog(path: string): readonly Omit<LogLine, 'id'>[] {
  return [`${path}.1`, path]
    .flatMap((file) => lastLines(file))
    .flatMap((text) => {
      try {
        const { time, level, event, ...facts } = v.parse(Written, JSON.parse(text))
        // Another version may have written what this one would not tell.
        const told = JSON.stringify(facts, (key, value: unknown) =>
          typeof value === 'string' ? tellable(key, value) : value,
        )
        return [{ at: Date.parse(time), level, event, facts: told }]
      } catch {
        return [] // half a line, or none of ours
      }
    })
}

function lastLines(path: string): readonly string[] {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(file)
    const from = Math.max(0, size - TAIL_BYTES)
    const bytes = Buffer.alloc(size - from)
    const read = readSync(file, bytes, 0, bytes.length, from)
    return bytes
      .toString('utf8', 0, read)
      .split('\n')
      .filter((line) => line !== '')
  } finally {
    closeSync(file)
  }
}
