import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
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

const SECRET = 'Xy7hunter22Qz'
const asText = fc.constantFrom(
  `http://user:${SECRET}@tv.test/live/${SECRET}/${SECRET}/1.ts`,
  `rtsp://tv.test/?token=${SECRET}`,
  `GET /t/${SECRET}/live/c1.ts`,
  `password=${SECRET} and more`,
  `Bearer ${SECRET}`,
  `"quoted" http://x/${SECRET}"`,
)
const underName = fc
  .constantFrom('password', 'apiToken', 'passphrase', 'secret', 'Authorization', 'cookie', 'url', 'userPassword')
  .map((name) => ({ [name]: SECRET }))
const hidden = fc.letrec<{ fact: unknown }>((tie) => ({
  fact: fc.oneof(
    { depthSize: 'small' },
    asText,
    underName,
    fc.constant(new Secret(SECRET)),
    asText.map((text) => new Error(text, { cause: new TypeError(text) })),
    fc.array(tie('fact'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('detail', 'why', 'error', 'list'), tie('fact'), { maxKeys: 3 }),
  ),
})).fact

test('no secret gets into a line, a kept line or the file, wherever it stands in the facts', () => {
  const folder = newFolder()
  const file = join(folder, 'a.log')
  fc.assert(
    fc.property(hidden, (what) => {
      const kept: string[] = []
      const { writer, written } = aWriter({ file, keep: ({ facts }) => void kept.push(facts) })
      writer.release()
      writer.log('warn', 'odd', { what })
      assert.equal(written.length, 1)
      assert.deepEqual(Object.keys(JSON.parse(written[0] ?? '') as object), ['time', 'level', 'event', 'what'])
      assert.ok(!`${written.join('')}${kept.join('')}`.includes(SECRET), written[0])
      JSON.parse(kept[0] ?? '')
    }),
    { numRuns: 300 },
  )
  assert.ok(!readFileSync(file, 'utf8').includes(SECRET))
  rmSync(folder, { recursive: true })
})

test('setLevel() counts from the next line on; what is told is never kept', () => {
  const kept: string[] = []
  const { writer } = aWriter({ keep: ({ event }) => void kept.push(event) })
  writer.log('debug', 'one')
  writer.setLevel('debug')
  writer.log('debug', 'two')
  writer.setLevel('error')
  writer.log('warn', 'three')
  writer.tell('setup-code', { code: 'ABCD' })
  assert.deepEqual([writer.level(), kept], ['error', ['two']])
})
