import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from '../../../adapters/library/run-program.ts'

const isWindows = process.platform === 'win32'
const shell = (script: string): [string, string[]] => (isWindows ? ['cmd', ['/c', script]] : ['sh', ['-c', script]])
const bounds = { signal: new AbortController().signal, timeoutMs: 20_000, mostBytes: 1000 }
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

test('runProgram() gives what a program wrote, and its code', async () => {
  const end = await runProgram(...shell('echo out; echo err >&2; exit 3'), bounds)
  assert.deepEqual([text(end.stdout).trim(), end.stderr.trim(), end.code], ['out', 'err', 3])
})

test('runProgram() says why a program did not start', async () => {
  const end = await runProgram('/no/such/program', [], bounds)
  assert.equal(end.code, null)
  assert.match(String(end.error), /ENOENT|not found|No such file/i)
})

test('runProgram() keeps the head of what is written and the tail of messages', async () => {
  const many = 'i=0; while [ $i -lt 500 ]; do echo line$i; echo line$i >&2; i=$((i+1)); done'
  const lines: string[] = []
  const end = await runProgram('sh', ['-c', many], { ...bounds, onMessage: (line) => void lines.push(line) })
  assert.equal(end.stdout.length, 1000)
  assert.ok(text(end.stdout).startsWith('line0\n'))
  assert.ok(end.stderr.length <= 1000 && end.stderr.endsWith('line499\n'))
  assert.equal(lines.filter((line) => line !== '').length, 500)
})

test('runProgram() kills a program whose time is over', async () => {
  const end = await runProgram('sleep', ['60'], { ...bounds, timeoutMs: 100 })
  assert.deepEqual([end.isTimedOut, end.code], [true, null])
})

test('runProgram() ends a program with the signal', async () => {
  const stop = new AbortController()
  const running = runProgram('sleep', ['60'], { ...bounds, signal: stop.signal })
  stop.abort(new Error('enough'))
  await assert.rejects(running, /enough/)
})

test('runProgram() holds a program, whose time stands still, and lets it go on', async () => {
  let looks = 0
  const run = { ...bounds, timeoutMs: 1500, isHeld: () => ++looks < 2 }
  // It is held when a second is over, and goes on when two are: later than its time by the clock.
  const end = await runProgram('sh', ['-c', 'sleep 1.2; echo done'], run)
  assert.deepEqual([text(end.stdout), end.isTimedOut, looks >= 2], ['done\n', false, true])
})

test('runProgram() ends a program that is held with the signal', async () => {
  const stop = new AbortController()
  const isHeld = (): boolean => {
    setTimeout(() => stop.abort(new Error('enough')), 0)
    return true
  }
  await assert.rejects(runProgram('sleep', ['60'], { ...bounds, timeoutMs: 50, signal: stop.signal, isHeld }), /enough/)
})
