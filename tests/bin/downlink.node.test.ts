import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { ROOT } from '../runner/source-files.ts'

const LOCK = {
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0', optional: true } },
}
const INSTALLED = { packages: { 'node_modules/a': { version: '1.0.0' } } }

/** Stands in for npm: writes down that it was called, takes a moment, and leaves what npm leaves. */
const FAKE_NPM = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
console.log('npm talks')
await new Promise((done) => setTimeout(done, 300))
mkdirSync('node_modules', { recursive: true })
writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify(INSTALLED))})
`

type Clone = {
  readonly start: (
    args: readonly string[],
    options?: { env?: NodeJS.ProcessEnv; node?: readonly string[] },
  ) => ChildProcess
  readonly run: (
    ...args: Parameters<Clone['start']>
  ) => Promise<{ code: number | null; stdout: string; stderr: string }>
  readonly write: (path: string, content: string) => void
  readonly npmCalls: () => string
}

/** A folder that looks like a clone to the starter, with a `show.mjs` that prints its arguments. */
function createClone(t: TestContext): Clone {
  const root = mkdtempSync(join(tmpdir(), 'downlink-clone-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  write('package.json', JSON.stringify({ name: 'downlink', type: 'module' }))
  write('package-lock.json', JSON.stringify(LOCK))
  write('show.mjs', 'console.log(JSON.stringify(process.argv.slice(2)))')
  write('npm/npm-cli.js', FAKE_NPM)
  mkdirSync(join(root, 'bin'))
  copyFileSync(join(ROOT, 'bin/downlink.js'), join(root, 'bin/downlink.js'))
  const start: Clone['start'] = (args, { env, node = [] } = {}) => {
    const { npm_lifecycle_event: _event, ...rest } = process.env
    return spawn(process.execPath, [...node, join(root, 'bin/downlink.js'), ...args], {
      cwd: root,
      env: { ...rest, npm_execpath: join(root, 'npm/npm-cli.js'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
  return {
    start,
    write,
    async run(...input) {
      const child = start(...input)
      let [stdout, stderr] = ['', '']
      child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, stdout, stderr }
    },
    npmCalls: () => {
      try {
        return readFileSync(join(root, 'npm-calls'), 'utf8')
      } catch {
        return ''
      }
    },
  }
}

const SHOW = ['--script', 'show.mjs'] as const
const CALL = 'ci --include=dev --no-audit --no-fund\n'
/** As on Node 20, which cannot replace itself by another program. */
const WITHOUT_EXECVE = ['--import', 'data:text/javascript,delete process.execve']

test('the starter installs what is missing and hands the arguments over; stdout belongs to the program', async (t) => {
  const clone = createClone(t)
  const { code, stdout } = await clone.run([...SHOW, 'token', '--on', 'x'])
  assert.deepEqual([code, stdout], [0, '["token","--on","x"]\n'])
  assert.equal(clone.npmCalls(), CALL)
})

test('the starter does not install what is there; optional packages may be absent', async (t) => {
  const clone = createClone(t)
  clone.write('node_modules/.package-lock.json', JSON.stringify(INSTALLED))
  assert.equal((await clone.run(SHOW)).code, 0)
  assert.equal(clone.npmCalls(), '')
})

test('the starter installs again when the lock file names another version', async (t) => {
  const clone = createClone(t)
  clone.write(
    'node_modules/.package-lock.json',
    JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0' } } }),
  )
  assert.equal((await clone.run(SHOW)).code, 0)
  assert.equal(clone.npmCalls(), CALL)
})

test('two starters at once install once', async (t) => {
  const clone = createClone(t)
  const both = await Promise.all([clone.run([...SHOW, '1']), clone.run([...SHOW, '2'])])
  assert.deepEqual(
    both.map(({ code, stdout }) => [code, stdout]),
    [
      [0, '["1"]\n'],
      [0, '["2"]\n'],
    ],
  )
  assert.equal(clone.npmCalls(), CALL)
})

test('the starter takes over from an installation whose process died', async (t) => {
  const clone = createClone(t)
  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(dead, 'exit')
  clone.write('.cache/install.lock', String(dead.pid))
  assert.equal((await clone.run(SHOW)).code, 0)
  assert.equal(clone.npmCalls(), CALL)
})

test('the starter never installs from inside an installation', async (t) => {
  const clone = createClone(t)
  assert.equal((await clone.run(SHOW, { env: { npm_lifecycle_event: 'prepare' } })).code, 0)
  assert.equal(clone.npmCalls(), '')
})

test('the starter says what happened when npm ci fails', async (t) => {
  const clone = createClone(t)
  clone.write('npm/npm-cli.js', 'process.exit(7)')
  const { code, stdout, stderr } = await clone.run(SHOW)
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /npm ci ended with exit code 7/)
})

test('the starter refuses a Node that is too old in one sentence', async (t) => {
  const clone = createClone(t)
  clone.write('node_modules/.package-lock.json', JSON.stringify(INSTALLED))
  const node = ['--import', 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})']
  const { code, stderr } = await clone.run(SHOW, { node })
  assert.equal(code, 2)
  assert.match(stderr, /^downlink: this is Node 20\.20\.2, and Node 24 or newer is needed; .+\n$/)
})

for (const { args, says } of [
  { args: ['--on', 'python'], says: /--on is "python"; it should be node, bun or deno/ },
  { args: ['--script'], says: /--script needs a value/ },
  { args: ['--on', 'bun'], says: /Bun is missing/ },
  { args: ['--on', 'deno'], says: /Deno is missing/ },
]) {
  test(`the starter refuses ${args.join(' ')} with exit code 2`, async (t) => {
    const { code, stderr } = await createClone(t).run(args)
    assert.equal(code, 2)
    assert.match(stderr, says)
  })
}

for (const { name, node } of [
  { name: 'that becomes the program', node: [] },
  { name: 'that starts the program as a child', node: WITHOUT_EXECVE },
]) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`a starter ${name} passes ${signal} on and ends with its exit code`, async (t) => {
      const clone = createClone(t)
      clone.write(
        'wait.mjs',
        `setInterval(() => {}, 1000)\nprocess.on('${signal}', () => { console.log('ends'); process.exit(42) })\nconsole.log('up')`,
      )
      const child = clone.start(['--script', 'wait.mjs'], { node })
      let stdout = ''
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        if (text === 'up\n') child.kill(signal)
      })
      const [code] = (await once(child, 'close')) as [number | null]
      assert.deepEqual([code, stdout], [42, 'up\nends\n'])
    })
  }

  test(`a starter ${name} keeps the exit code`, async (t) => {
    const clone = createClone(t)
    clone.write('three.mjs', 'process.exit(3)')
    assert.equal((await clone.run(['--script', 'three.mjs'], { node })).code, 3)
  })
}
