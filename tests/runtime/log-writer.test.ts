import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Secret } from '../../core/secret.ts'
import { createLogWriter } from '../../runtime/log-writer.ts'
import type { LogWriterOptions } from '../../runtime/log-writer.ts'
import { newFolder } from './program.ts'

/** A writer at noon of an old day, and what it wrote. */
function aWriter(options: Partial<LogWriterOptions> = {}) {
  const written: string[] = []
  const writer = createLogWriter({
    level: 'info',
    write: (line) => void written.push(line),
    file: null,
    maxBytes: 1000,
    now: () => Date.UTC(2020, 0, 1, 12),
    ...options,
  })
  return { writer, written }
}

test('createLogWriter() holds lines back until it is released, in order', () => {
  const { writer, written } = aWriter()
  writer.log('info', 'first', { id: 'c1' })
  writer.log('debug', 'too-quiet')
  assert.deepEqual(written, [])
  writer.release()
  writer.log('warn', 'second')
  assert.deepEqual(written, [
    '{"time":"2020-01-01T12:00:00.000Z","level":"info","event":"first","id":"c1"}\n',
    '{"time":"2020-01-01T12:00:00.000Z","level":"warn","event":"second"}\n',
  ])
})

test('createLogWriter() writes errors with their causes, and no secret', () => {
  const { writer, written } = aWriter()
  writer.release()
  writer.log('error', 'bug', { error: new Error('outer', { cause: new TypeError('inner') }), key: new Secret('abc') })
  const line = JSON.parse(written[0] ?? '') as Record<string, unknown>
  assert.deepEqual(line['error'], { name: 'Error', message: 'outer', cause: { name: 'TypeError', message: 'inner' } })
  assert.equal(line['key'], '***')
})

test('createLogWriter() survives facts that cannot be written', () => {
  const { writer, written } = aWriter()
  writer.release()
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  writer.log('info', 'odd', circle)
  assert.match(written[0] ?? '', /"event":"log-unwritable","of":"odd"/)
})

test('tell() reaches the console at every level, and never the file', () => {
  const folder = newFolder()
  const file = join(folder, 'a.log')
  const { writer, written } = aWriter({ level: 'error', file })
  writer.tell('setup-code', { code: 'X' })
  writer.release()
  assert.match(written[0] ?? '', /"event":"setup-code","code":"X"/)
  assert.equal(readFileSync(file, 'utf8'), '')
  rmSync(folder, { recursive: true })
})

test('createLogWriter() goes on when its file is lost, and says so once', () => {
  const folder = newFolder()
  const file = join(folder, 'logs', 'a.log')
  const { writer, written } = aWriter({ file })
  writer.release()
  rmSync(join(folder, 'logs'), { recursive: true })
  writeFileSync(join(folder, 'logs'), 'a file where the folder was')
  for (const event of ['one', 'two']) writer.log('info', event)
  const events = written.map((line) => (JSON.parse(line) as { event: string }).event)
  assert.deepEqual(events, ['one', 'log-file-failed', 'two'])
  rmSync(join(folder, 'logs'))
  mkdirSync(join(folder, 'logs'))
  writer.log('info', 'three')
  assert.match(readFileSync(file, 'utf8'), /"three"/)
  rmSync(folder, { recursive: true })
})
