import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../runner/source-files.ts'

const PROGRAM = `
import process from 'node:process'
setInterval(() => {}, 1000)
process.on('SIGTERM', () => { console.log('ends'); process.exit(0) })
console.log('up')
`

for (const on of ['node', 'bun', 'deno']) {
  test(`a program on ${on} ends when the shell of npm is killed`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'downlink-parent-'))
    t.after(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'program.mjs'), PROGRAM)
    const starter = [
      process.execPath,
      join(ROOT, 'bin/downlink.js'),
      '--on',
      on,
      '--script',
      join(folder, 'program.mjs'),
    ]
    // The second command keeps the shell from becoming the first one.
    const shell = spawn('/bin/sh', ['-c', `"$@"; true`, 'sh', ...starter], {
      env: { ...process.env, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (text === 'up\n') shell.kill('SIGTERM')
    })
    // The pipe closes when the last process that holds it has ended.
    await once(shell.stdout, 'close')
    assert.equal(stdout, 'up\nends\n')
  })
}
