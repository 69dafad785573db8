import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { isPresent, nameOf } from '../../../core/lineup/stored.ts'
import { makeDataFolder } from './data-folder.ts'

const editor = fileURLToPath(new URL('endless-editor.ts', import.meta.url))
const refresher = fileURLToPath(new URL('endless-refresher.ts', import.meta.url))
const runtimeArgs = 'Deno' in globalThis ? ['run', '-A', '--no-check'] : []

/** Runs the program on the folder, kills it (SIGKILL) after it said `count` lines, and gives all it said. */
async function runUntilKilled(program: string, path: string, count: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [...runtimeArgs, program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
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
  const acknowledged = await runUntilKilled(editor, folder.path, 60)
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

test('a process that is killed within a large refresh leaves all of it or nothing', async () => {
  await using folder = await makeDataFolder()
  for (const count of [1, 3, 5, 7, 9, 12]) {
    const said = await runUntilKilled(refresher, folder.path, count)
    const acknowledged = said.findLast((line) => line.startsWith('saved '))?.slice('saved '.length) ?? null
    const store = await folder.open()
    const { channels } = await store.lineup.load()
    const names = new Set(channels.filter(isPresent).map((channel) => nameOf(channel)))
    const [name = ''] = names
    assert.ok(names.size <= 1, `channels of ${names.size} refreshes: ${[...names].join(', ')}`)
    assert.ok(acknowledged === null || Number(name) >= Number(acknowledged), `${name} after ${acknowledged}`)
    await store[Symbol.asyncDispose]()
  }
})
