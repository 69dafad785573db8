import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runBuild } from '../runtime/build.ts'
import { testFrontLeases } from '../runtime/front-leases-suite.ts'
import { testFront } from '../runtime/front-suite.ts'
import { testPublishing } from '../runtime/publishing-suite.ts'
import { launcherOf, runToEnd, startProgram } from '../runtime/program.ts'
import type { Launcher, ProgramOptions } from '../runtime/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'dl-deploy-'))
const script = join(folder, 'deploy.js')
await runBuild('deploy', script)
after(() => rmSync(folder, { recursive: true, force: true }))

/** The platform's Deno: it may read nothing and run nothing. */
const launcher: Launcher = {
  command: launcherOf('deno').command,
  args: ['run', '--quiet', '--no-config', '--no-prompt', '--allow-net', '--allow-env', script],
}
const options = (env: Readonly<Record<string, string>>): ProgramOptions => ({
  launcher,
  command: [],
  bare: true,
  env: { ...env, PORT: '0' },
})

testFront('the front on Deno Deploy', (env) => startProgram(options(env)))

/** The platform's database is a file here. */
const withKv: Launcher = { ...launcher, args: ['run', '--unstable-kv', ...launcher.args.slice(1)] }
testPublishing('a front on Deno Deploy with Deno KV', (env) =>
  startProgram({ ...options({ ...env, DENO_DIR: join(folder, 'deno') }), launcher: withKv }),
)

testFrontLeases('leases in Deno KV of a front on Deno Deploy', (env) =>
  startProgram({ ...options({ ...env, DENO_DIR: join(folder, 'deno') }), launcher: withKv }),
)
testFrontLeases('leases in memory of a front on Deno Deploy', (env) => startProgram(options(env)))

test('a front on Deno Deploy without its settings ends with exit code 2 and one line', async () => {
  const ran = await runToEnd(options({ DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:1' }))
  assert.equal(ran.code, 2)
  assert.match(ran.stderr, /^downlink: links\.keys: .*DOWNLINK_LINK_KEYS.*\n$/)
})
