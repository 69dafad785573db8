#!/usr/bin/env node
// The one file in plain JavaScript: it runs on whatever Node is there (18 or newer), brings the clone into a state that
// can run, and hands over to the real program on Node >= 24, Bun or Deno.
//
//   node bin/downlink.js [--on node|bun|deno] [--script FILE] [COMMAND…]
//
// Everything it says goes to stderr: stdout belongs to the program.
import { spawn } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const MINIMUM_NODE = 24
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MODULES = join(ROOT, 'node_modules')
const UI_BUILD = join(ROOT, 'runtime/build/ui.ts')
const WATCH = join(ROOT, 'runtime/end-with-parent.ts')
const UI_BUILT = join(ROOT, 'runtime/assets.gen.ts')

/** A sentence for the person at the console, and the exit code. */
class Stop extends Error {
  constructor(message, exitCode) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Our own words in front of the command; everything after them belongs to the program. */
function readOptions(argv) {
  const options = { on: 'node', script: null, rest: [...argv] }
  while (options.rest[0] === '--on' || options.rest[0] === '--script') {
    const [name, value] = options.rest.splice(0, 2)
    if (value === undefined) throw new Stop(`downlink: option ${name} needs a value`, 2)
    options[name.slice(2)] = value
  }
  if (!['node', 'bun', 'deno'].includes(options.on)) {
    throw new Stop(`downlink: option --on is "${options.on}"; it should be node, bun or deno`, 2)
  }
  return options
}

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

// ---- packages ----

/**
 * Whether node_modules holds what the lock file says. npm writes its own record of what it installed as the last step,
 * so an interrupted installation has none. Compared by content: file times lie after a checkout.
 */
function isInstalled() {
  const wanted = readJson(join(ROOT, 'package-lock.json'))
  if (!wanted) return true
  const installed = readJson(join(MODULES, '.package-lock.json'))
  if (!installed) return false
  const same = ([path, entry]) =>
    wanted.packages[path]?.version === entry.version && wanted.packages[path]?.integrity === entry.integrity
  return (
    Object.entries(installed.packages).every(same) &&
    Object.entries(wanted.packages).every(
      ([path, entry]) => path === '' || entry.optional || path in installed.packages,
    )
  )
}

/** Installs what is missing; when another process is at it already, waits for that one instead. */
async function install() {
  const isClone = readJson(join(ROOT, 'package.json'))?.name === 'downlink'
  // npm runs `prepare` from inside its own installation: starting a second one there would never end.
  if (!isClone || process.env.npm_lifecycle_event === 'prepare' || isInstalled()) return
  const release = await takeLock(join(ROOT, '.cache/install.lock'))
  try {
    if (isInstalled()) return
    console.error('downlink: installing packages (npm ci), this takes a minute')
    const flags = ['ci', '--include=dev', '--no-audit', '--no-fund']
    const cli = process.env.npm_execpath ?? ''
    const [command, args] = /npm-cli\.c?js$/.test(cli)
      ? [process.execPath, [cli, ...flags]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', flags]
    const code = await run(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], shell: command === 'npm.cmd' })
    if (code !== 0) throw new Stop(`downlink: npm ci ended with exit code ${code}; its output above says why`, 1)
  } finally {
    release()
  }
}

/** Holds a file with our process id while we work; waits while a living process holds it. */
async function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true })
  for (let said = false; ;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = Number(readOr(path, '0'))
    if (!isAlive(holder)) {
      rmSync(path, { force: true })
      continue
    }
    if (!said) console.error(`downlink: waiting for process ${holder}, which is installing packages`)
    said = true
    await new Promise((done) => setTimeout(done, 300))
  }
}

const readOr = (path, otherwise) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// ---- runtimes ----

const major = (version) => Number.parseInt(String(version ?? '0'), 10)
const exe = process.platform === 'win32' ? '.exe' : ''

/** Node >= 24: the one that package.json pins, else the one that runs this file. */
function findNode() {
  const own = join(MODULES, `node/bin/node${exe}`)
  if (existsSync(own) && major(readJson(join(MODULES, 'node/package.json'))?.version) >= MINIMUM_NODE) return own
  if (major(process.versions.node) >= MINIMUM_NODE) return process.execPath
  throw new Stop(
    `downlink: this is Node ${process.versions.node}, and Node ${MINIMUM_NODE} or newer is needed; ` +
      'run "npm ci" (it brings one along) or install it',
    2,
  )
}

/** Program and arguments that run `script` on a runtime. */
function commandFor(on, script, rest) {
  // Under npm a shell stands between, and it keeps signals to itself.
  const underNpm = process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32' && existsSync(WATCH)
  const preload = (option) => (underNpm ? [option, WATCH] : [])
  if (on === 'bun') {
    const bun = join(MODULES, 'bun/bin/bun.exe') // This name on every system; npm's installer puts the binary there.
    if (!existsSync(bun)) throw new Stop('downlink: Bun is missing; run "npm ci" with install scripts allowed', 2)
    return [bun, [...preload('--preload'), script, ...rest]]
  }
  if (on === 'deno') {
    const deno = join(MODULES, `deno/deno${exe}`)
    if (!existsSync(deno)) throw new Stop('downlink: Deno is missing; run "npm ci" with install scripts allowed', 2)
    const flags = ['--quiet', '-A', '--config', join(ROOT, 'deno.json'), ...preload('--preload')]
    return [deno, ['run', ...flags, script, ...rest]]
  }
  // What was compiled is kept: without, types are stripped anew at each start, which costs a second and 30 MB of memory.
  process.env.NODE_COMPILE_CACHE ??= join(ROOT, '.cache/compile')
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', ...preload('--import')]
  return [findNode(), [...flags, script, ...rest]]
}

/** Builds the web interface when it was never built (`npm ci --ignore-scripts`) or its sources are newer (`git pull`). */
async function buildPages() {
  if (!existsSync(UI_BUILD)) return
  const built = existsSync(UI_BUILT)
  if (built && newestFile(join(ROOT, 'ui')) <= statSync(UI_BUILT).mtimeMs) return
  const [command, args] = commandFor('node', UI_BUILD, [])
  const code = await run(command, args, { stdio: ['ignore', 2, 2] })
  if (code === 0) return
  if (!built) throw new Stop('downlink: the web interface cannot be built; the output above says why', 1)
  console.error('downlink: the web interface cannot be built; going on with the older one')
}

function newestFile(folder) {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestFile(path) : statSync(path).mtimeMs)
  }
  return newest
}

// ---- processes ----

/** Runs a program and passes signals on; gives its exit code, 128 + number when a signal ended it. */
function run(command, args, options) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const pass = (signal) => child.kill(signal)
    for (const signal of signals) process.on(signal, pass)
    const settle = () => {
      for (const signal of signals) process.off(signal, pass)
    }
    child.once('error', (error) => {
      settle()
      fail(new Stop(`downlink: ${command} does not run (${error.code ?? error.message})`, 2))
    })
    child.once('exit', (code, signal) => {
      settle()
      done(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0))
    })
  })
}

/** Becomes the program where the system and this Node can do that, so that no process stands between it and its signals. */
async function become(command, args) {
  // A failing execve ends Node with a stack trace, so what can be known before is asked before.
  if (process.platform !== 'win32' && typeof process.execve === 'function' && isExecutable(command)) {
    process.execve(command, [command, ...args], process.env)
  }
  process.exitCode = await run(command, args, {})
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

try {
  const { on, script, rest } = readOptions(process.argv.slice(2))
  await install()
  const file = script === null ? join(ROOT, `runtime/${on}.ts`) : resolve(ROOT, script)
  // Builds need no pages, and the build of the pages is one of them.
  if (dirname(file) !== dirname(UI_BUILD)) await buildPages()
  await become(...commandFor(on, file, rest))
} catch (error) {
  if (!(error instanceof Stop)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
}
