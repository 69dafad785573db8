import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startFfmpeg } from '../../../adapters/ffmpeg/process.ts'
import type { FfmpegProcess } from '../../../adapters/ffmpeg/process.ts'
import { isRunning, until } from './running.ts'

// Any program can take FFmpeg's place: what is tested is how it is started, fed, heard and ended.

type End = { readonly code: number | null; readonly error: Error | null }

/** A shell script between two pipes, with all that it said. */
function run(script: string): {
  readonly child: FfmpegProcess
  readonly ended: Promise<End>
  readonly ends: readonly End[]
  readonly text: () => string
} {
  const ends: End[] = []
  const parts: Uint8Array[] = []
  const { promise: ended, resolve } = Promise.withResolvers<End>()
  const child = startFfmpeg('/bin/sh', ['-c', script], {
    output: (bytes) => parts.push(bytes),
    ended: (end) => {
      ends.push(end)
      resolve(end)
    },
  })
  return { child, ended, ends, text: () => parts.map((part) => new TextDecoder().decode(part)).join('') }
}

test('startFfmpeg() passes bytes through both pipes and tells the end once', async () => {
  const { child, ended, ends, text } = run('cat; exit 3')
  assert.equal(child.write(new TextEncoder().encode('a picture')), true)
  child.end()
  assert.deepEqual(await ended, { code: 3, error: null })
  assert.equal(text(), 'a picture')
  await child[Symbol.asyncDispose]()
  assert.equal(ends.length, 1)
})

test('startFfmpeg() hands arguments over as they are, never to a shell', async () => {
  const parts: Uint8Array[] = []
  const { promise: ended, resolve } = Promise.withResolvers<End>()
  const text = '$(id); `id` "x" \'y\' *'
  startFfmpeg('printf', ['%s', text], { output: (bytes) => parts.push(bytes), ended: resolve })
  assert.equal((await ended).code, 0)
  assert.equal(parts.map((part) => new TextDecoder().decode(part)).join(''), text)
})

test('startFfmpeg() keeps the last 50 messages, repeated ones once', async () => {
  const { child, ended } = run(
    'for i in $(seq 1 70); do echo "line $i" >&2; done; for i in 1 2 3; do echo same >&2; done',
  )
  await ended
  const messages = child.messages()
  assert.equal(messages.length, 50)
  assert.equal(messages.at(-1), 'same')
  assert.equal(messages.at(-2), 'line 70')
})

test('startFfmpeg() tells of a program that is not there', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<End>()
  const child = startFfmpeg('/nowhere/ffmpeg', [], { output: () => {}, ended: resolve })
  const { code, error } = await ended
  assert.equal(code, null)
  assert.match(String(error), /ENOENT/)
  assert.equal(child.write(new Uint8Array(10)), false)
  await child[Symbol.asyncDispose]()
})

test('startFfmpeg() takes no more than a few megabytes for a program that does not read', async () => {
  const { child } = run('exec sleep 60')
  const block = new Uint8Array(1024 * 1024)
  let taken = 0
  while (taken < 100 && child.write(block)) taken += 1
  assert.ok(taken >= 1 && taken <= 6, `${taken} MiB were taken`)
  await child[Symbol.asyncDispose]()
})

test('startFfmpeg() ends a program that listens to SIGTERM, and resolves when it has ended', async () => {
  const { child, ends } = run('exec sleep 60')
  await child[Symbol.asyncDispose]()
  assert.equal(ends.length, 1)
  assert.equal(isRunning(child.pid), false)
  await child[Symbol.asyncDispose]()
  assert.equal(child.write(new Uint8Array(1)), false)
})

test('startFfmpeg() closes the input of a program that it ends: FFmpeg does not hear SIGTERM while it waits there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-process-'))
  const mark = join(folder, 'ended-by-itself')
  const { child, text } = run(`trap "" TERM; echo deaf; cat > /dev/null; echo > '${mark}'`)
  await until(() => text().includes('deaf'))
  await child[Symbol.asyncDispose]()
  assert.equal(existsSync(mark), true)
  rmSync(folder, { recursive: true })
})

test('startFfmpeg() kills a program that does not listen to SIGTERM', async () => {
  const { child, text } = run('trap "" TERM; echo deaf; while :; do sleep 0.05; done')
  await until(() => text().includes('deaf'))
  await child[Symbol.asyncDispose]()
  assert.equal(isRunning(child.pid), false)
})

test('startFfmpeg() lets a program wait that writes more than is taken', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-process-'))
  const mark = join(folder, 'written')
  const { child, ended, text } = run(`head -c 3000000 /dev/zero; echo > '${mark}'`)
  child.pause()
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(existsSync(mark), false)
  assert.ok(text().length < 1_000_000, `${text().length} bytes came while it was paused`)
  child.resume()
  await ended
  assert.equal(text().length, 3_000_000)
  assert.equal(existsSync(mark), true)
  rmSync(folder, { recursive: true })
})

test('startFfmpeg() ends a program whose output is not taken', async () => {
  const { child, ends } = run('cat /dev/zero')
  child.pause()
  await child[Symbol.asyncDispose]()
  assert.equal(ends.length, 1)
  assert.equal(isRunning(child.pid), false)
})

test('startFfmpeg() leaves no orphan when its owner is killed', async () => {
  const script = fileURLToPath(new URL('process-owner.ts', import.meta.url))
  const args = 'Deno' in globalThis ? ['run', '--quiet', '-A', '--no-check', script] : [script]
  const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  owner.stdout.on('data', (bytes: Uint8Array) => (said += new TextDecoder().decode(bytes)))
  await until(() => said.includes('\n'))
  const pid = Number(said)
  assert.equal(isRunning(pid), true)
  owner.kill('SIGKILL')
  await once(owner, 'close')
  await until(() => !isRunning(pid))
  assert.equal(isRunning(pid), false)
})
