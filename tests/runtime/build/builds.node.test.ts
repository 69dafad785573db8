import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Miniflare } from 'miniflare'
import { ROOT } from '../../runner/source-files.ts'
import { ask } from '../http-client.ts'
import { newFolder, runToEnd, startProgram, until } from '../program.ts'

// What the build commands make is started as its users start it, from a folder with nothing else in it.

const folder = newFolder()
const built = (name: string): string => join(folder, name)
const FRONT = {
  DOWNLINK_LINK_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64url')}`,
  DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:9/',
}

before(() => {
  for (const [build, file] of [
    ['binary', 'downlink'],
    ['worker', 'worker.js'],
    ['deploy', 'deploy.js'],
  ] as const) {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(ROOT, `runtime/build/${build}.ts`), '--outfile', built(file)],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stderr)
  }
})
after(() => rmSync(folder, { recursive: true }))

test('the binary serves the web interface, reads no .env of its folder, and ends with 0', async () => {
  writeFileSync(built('.env'), 'DOWNLINK_ROLE=nonsense\n')
  const launcher = { command: built('downlink'), args: [] }
  await using program = await startProgram({ launcher, folder })
  const page = await program.ask('/')
  assert.equal(page.status, 200)
  assert.match(page.text, /<div id="app">/)
  assert.equal((await program.stop()).code, 0)
})

test('the binary says its version', async () => {
  const { code, stdout } = await runToEnd({
    launcher: { command: built('downlink'), args: [] },
    command: ['--version'],
    bare: true,
  })
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  assert.deepEqual([code, stdout], [0, `${version}\n`])
})

test('the worker answers on workerd, with the web interface inside', async (t) => {
  const workerd = new Miniflare({
    modules: true,
    script: readFileSync(built('worker.js'), 'utf8'),
    compatibilityDate: '2026-07-30',
    compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
    bindings: FRONT,
  })
  t.after(() => workerd.dispose())
  const health = await workerd.dispatchFetch('http://localhost/healthz')
  assert.deepEqual([health.status, await health.text()], [200, '{"status":"ok"}'])
  assert.match(await (await workerd.dispatchFetch('http://localhost/')).text(), /<div id="app">/)
})

test('the front for Deno Deploy is one file that answers', async (t) => {
  const port = await freePort()
  const deno = spawn(join(ROOT, 'node_modules/deno/deno'), ['run', '-A', '--no-config', built('deploy.js')], {
    cwd: folder,
    env: { ...process.env, ...FRONT, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  t.after(() => deno.kill('SIGKILL'))
  const health = await until('the front answers', () => ask(`http://127.0.0.1:${port}/healthz`).catch(() => null))
  assert.deepEqual([health.status, health.text], [200, '{"status":"ok"}'])
  assert.match((await ask(`http://127.0.0.1:${port}/`)).text, /<div id="app">/)
})

test('a build refuses a target that it does not know', () => {
  const args = [join(ROOT, 'runtime/build/binary.ts'), '--target', 'amiga']
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stderr, /--target is "amiga"; it should be one of linux-x64, /)
})

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}
