import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { runFile } from './run-files.ts'
import type { FileResult } from './run-files.ts'
import { PROCESS_RUNTIMES } from './runtimes.ts'

/** Runs `source` as a test file; `folder` is its own and goes with the test. */
async function run(t: TestContext, source: string, timeoutMs = 30_000): Promise<FileResult & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-runner-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'some.test.mjs')
  writeFileSync(path, `import { test } from 'node:test'\nconst folder = ${JSON.stringify(folder)}\n${source}\n`)
  return { ...(await runFile(PROCESS_RUNTIMES.node, path, timeoutMs)), folder }
}

test('runFile() counts what passed, failed and was skipped', async (t) => {
  const { tally, skips } = await run(
    t,
    `test('a', () => {})
     test('b', () => { throw new Error('wrong') })
     test('c', { skip: 'no moon' }, () => {})`,
  )
  assert.deepEqual(tally, { passed: 1, failed: 1, skipped: 1 })
  assert.deepEqual(skips, ['no moon'])
})

test('runFile() counts a test whose program is absent as failed with CI=true', async (t) => {
  const before = process.env['CI']
  process.env['CI'] = 'true'
  t.after(() => {
    if (before === undefined) delete process.env['CI']
    else process.env['CI'] = before
  })
  const source = `test('a', { skip: '"kodi" is not installed' }, () => {})\ntest('b', { skip: 'other system' }, () => {})`
  const { tally, complaint } = await run(t, source)
  assert.deepEqual(tally, { passed: 0, failed: 1, skipped: 1 })
  assert.equal(complaint, '"kodi" is not installed')
})

for (const { name, source, why } of [
  { name: 'does not load', source: "import './absent.mjs'", why: /no report, exit code 1/ },
  { name: 'has no test in it', source: '', why: /no report|no test in it/ },
  {
    name: 'ends with another exit code',
    source: "test('a', () => {})\nprocess.on('exit', () => process.exit(3))",
    why: /exit code 3/,
  },
]) {
  test(`runFile() counts a file that ${name} as failed`, async (t) => {
    const { tally, complaint } = await run(t, source)
    assert.equal(tally.failed, 1)
    assert.match(complaint, why)
  })
}

test('runFile() kills a file that does not end', async (t) => {
  const { tally, complaint } = await run(t, "test('a', () => {})\nsetInterval(() => {}, 1000)", 1500)
  assert.equal(tally.failed, 1)
  assert.match(complaint, /still running/)
})

test('runFile() leaves no process behind', async (t) => {
  const { folder, tally } = await run(
    t,
    `import { spawn } from 'node:child_process'
     import { writeFileSync } from 'node:fs'
     test('a', () => {
       const child = spawn('sleep', ['60'], { stdio: 'inherit' })
       child.unref()
       writeFileSync(folder + '/pid', String(child.pid))
     })`,
  )
  assert.equal(tally.passed, 1)
  const pid = readFileSync(join(folder, 'pid'), 'utf8')
  // A killed process may stay in the table as a zombie until somebody collects it.
  const state = existsSync(`/proc/${pid}`)
    ? spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout
    : 'Z'
  assert.match(state, /^Z|^$/)
})
