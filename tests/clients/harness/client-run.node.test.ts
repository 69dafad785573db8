import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRunning, until } from '../../runtime/program.ts'
import { runClient, startClient } from './client-run.ts'

const script = (text: string): readonly [string, string[]] => ['sh', ['-c', text]]

test('runClient() gives both outputs and the exit code', async () => {
  assert.deepEqual(await runClient(...script('printf abc; printf de >&2; exit 3')), {
    code: 3,
    stdout: 'abc',
    stdoutBytes: 3,
    stderr: 'de',
  })
})

test('runClient() ends it as its user would', async () => {
  const { stdout } = await runClient(...script('trap "printf over; exit" INT; while :; do sleep 0.05; done'), {
    interruptAfterMs: 200,
  })
  assert.equal(stdout, 'over')
})

test('runClient() fails when the program takes too long, and says what it has printed', async () => {
  await assert.rejects(
    runClient(...script('printf waiting; sleep 60'), { withinMs: 500 }),
    /sh still runs after 500 ms:\nwaiting/,
  )
})

test('runClient() fails when the program is not there', async () => {
  await assert.rejects(runClient('no-such-program', []), /ENOENT/)
})

test('startClient() takes what the program has started along', async () => {
  const client = startClient(...script('sleep 60 & printf "%s\\n" $!; wait'))
  const pid = await until('it has started', () => Number(client.printed()) || null)
  assert.ok(isRunning(pid))
  await client[Symbol.asyncDispose]()
  await until('the second process is gone', () => !isRunning(pid))
})

test('startClient() lets nothing outlive the program', async () => {
  const { stdout } = await runClient(...script('sleep 60 >/dev/null 2>&1 & printf "%s" $!'))
  await until('the second process is gone', () => !isRunning(Number(stdout)))
})
