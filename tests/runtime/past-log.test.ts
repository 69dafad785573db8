import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPastLog } from '../../runtime/past-log.ts'
import { newFolder } from './program.ts'

test('readPastLog() gives the lines of the old file and the new one, without what is none and what is secret', () => {
  const folder = newFolder()
  const path = join(folder, 'a.log')
  writeFileSync(`${path}.1`, '{"time":"2026-11-21T20:15:00.000Z","level":"warn","event":"old","password":"hunter22"}\n')
  writeFileSync(path, 'half a line"}\n{"time":"2026-11-21T20:16:00.000Z","level":"info","event":"new","n":1}\n{"time"')
  assert.deepEqual(readPastLog(path), [
    { at: Date.UTC(2026, 10, 21, 20, 15), level: 'warn', event: 'old', facts: '{"password":"***"}' },
    { at: Date.UTC(2026, 10, 21, 20, 16), level: 'info', event: 'new', facts: '{"n":1}' },
  ])
  assert.deepEqual(readPastLog(join(folder, 'none.log')), [])
  rmSync(folder, { recursive: true })
})

test('readPastLog() reads the end of a long file only', () => {
  const folder = newFolder()
  const path = join(folder, 'a.log')
  const line = `{"time":"2026-11-21T20:15:00.000Z","level":"info","event":"x","text":"${'y'.repeat(900)}"}\n`
  writeFileSync(path, line.repeat(3000))
  const lines = readPastLog(path)
  assert.ok(lines.length > 1000 && lines.length < 1100, `${lines.length} lines`)
  rmSync(folder, { recursive: true })
})
