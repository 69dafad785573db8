import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProgram } from './program.ts'
import type { Program } from './program.ts'

const OWNER = { name: 'admin', password: 'correct horse battery' }
/** A killed process may lose what it has seen in the last 3 s. */
const WRITTEN_MS = 4000

type Viewing = { readonly player: string; readonly reason: string | null; readonly endedAt: string | null }

async function viewings({ url }: Program): Promise<readonly Viewing[]> {
  const signedIn = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(OWNER),
  })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  await signedIn.body?.cancel()
  const answer = await fetch(`${url}/api/v1/history/streams`, { headers: { cookie } })
  assert.equal(answer.status, 200)
  return ((await answer.json()) as { items: readonly Viewing[] }).items
}

/** Somebody watches from now on. */
async function watch({ url }: Program, player: string): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await sleep(100)
  const response = await fetch(`${url}/live/1.ts`, { headers: { 'User-Agent': player } })
  assert.equal(response.status, 200)
  void response.body?.pipeTo(new WritableStream()).catch(() => {}) // the program ends
}

test('the history knows who was cut off by a kill, and who by a stop', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-history-'))
  const options = { command: ['demo'], folder, env: { DOWNLINK_ADMIN_PASSWORD: OWNER.password } }
  try {
    await using first = await startProgram(options)
    await watch(first, 'Killed')
    await sleep(WRITTEN_MS)
    await first.stop('SIGKILL')

    await using second = await startProgram(options)
    await watch(second, 'Stopped')
    const open = await viewings(second)
    assert.deepEqual(
      open.map(({ player, reason }) => [player, reason]),
      [
        ['Stopped', null],
        ['Killed', 'interrupted'],
      ],
    )
    assert.notEqual(open[1]?.endedAt, null)
    await second.stop('SIGTERM')

    await using third = await startProgram(options)
    assert.deepEqual(
      (await viewings(third)).map(({ player, reason }) => [player, reason]),
      [
        ['Stopped', 'shutdown'],
        ['Killed', 'interrupted'],
      ],
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
