import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { nameOf } from '../../../core/lineup/stored.ts'
import { makeDataFolder } from './data-folder.ts'

const editor = fileURLToPath(new URL('endless-editor.ts', import.meta.url))
const runtimeArgs = 'Deno' in globalThis ? ['run', '-A', '--no-check'] : []

/** Runs the editor on the folder, kills it (SIGKILL) after it acknowledged `count` times, and gives all it acknowledged. */
async function editUntilKilled(path: string, count: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [...runtimeArgs, editor, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let text = ''
  for await (const chunk of child.stdout) {
    text += String(chunk)
    if (text.split('\n').length > count) child.kill('SIGKILL')
  }
  const [code, signal] = await exited
  assert.deepEqual([code, signal], [null, 'SIGKILL'])
  return text.split('\n').slice(0, -1)
}

test('a killed process loses no acknowledged edit, and its data folder opens again at once', async () => {
  await using folder = await makeDataFolder()
  const acknowledged = await editUntilKilled(folder.path, 60)
  assert.ok(acknowledged.length >= 60)

  const store = await folder.open()
  const names = (await store.lineup.load()).channels.map((channel) =>
    Number(/^Edit (\d+)$/.exec(nameOf(channel))?.[1] ?? -1),
  )
  const tokens = new Set((await store.access.tokens.list()).map(({ id }) => id))
  for (const line of acknowledged) {
    const [what, count = ''] = line.split(' ')
    if (what === 'token') assert.ok(tokens.has(`token${count}`), line)
    else assert.ok((names[Number(count) % names.length] ?? -1) >= Number(count), line)
  }
})
