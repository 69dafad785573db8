import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { ask, open } from './http-client.ts'
import type { Answer, Asking, OpenAnswer } from './http-client.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A program file with the arguments that come before its own command. */
export type Launcher = { readonly command: string; readonly args: readonly string[] }

/** The runtime that runs this test: the program is tested on the same one. */
export const RUNTIME: 'node' | 'bun' | 'deno' = 'Bun' in globalThis ? 'bun' : 'Deno' in globalThis ? 'deno' : 'node'

/** How the program is run from its source on a runtime. */
export function launcherOf(on: typeof RUNTIME): Launcher {
  const modules = join(ROOT, 'node_modules')
  const entry = join(ROOT, `runtime/${on}.ts`)
  if (on === 'bun') return { command: join(modules, 'bun/bin/bun.exe'), args: [entry] }
  if (on === 'deno')
    return {
      command: join(modules, 'deno/deno'),
      args: ['run', '--quiet', '-A', '--config', join(ROOT, 'deno.json'), entry],
    }
  return { command: join(modules, 'node/bin/node'), args: ['--disable-warning=ExperimentalWarning', entry] }
}

/** What a program is started with. */
export type ProgramOptions = {
  /** Words before the options; default: `serve`. */
  readonly command?: readonly string[]
  /** Further options; `--data` and `--listen 127.0.0.1:0` are there unless `bare`. */
  readonly args?: readonly string[]
  readonly bare?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** Content of `downlink.yaml` in the working folder: YAML text, or a value that is written as JSON. */
  readonly config?: unknown
  /** Working folder, with the data folder in it; default: a new one, removed at the end. */
  readonly folder?: string
  readonly launcher?: Launcher
}

/** A line of the program's log. */
export type LogLine = { readonly event: string; readonly level?: string } & Readonly<Record<string, unknown>>

/** A command that has run to its end. */
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** The program as a child process that accepts connections. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  /** Base URL without a slash at the end. */
  readonly url: string
  readonly folder: string
  readonly dataDir: string
  /** The lines of its log so far; the first one says where it listens. */
  readonly lines: readonly LogLine[]
  /** Everything that it has printed. */
  printed(): string
  /** A request and its whole answer. */
  ask(path: string, asking?: Asking): Promise<Answer>
  /** A request whose body is read piece by piece, or left. */
  open(path: string, asking?: Asking): Promise<OpenAnswer>
  /** The first line with this event that `suits`, now or later. */
  line(event: string, suits?: (line: LogLine) => boolean): Promise<LogLine>
  /** Ids of the processes that it has started and that still run. */
  children(): number[]
  /** Ends it by a signal and waits. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>
  kill9(): Promise<void>
}

/** A new empty folder for one test; the path is short, because a socket gets its place in it. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'dl-'))

/** Runs a command of the program to its end, at most `withinMs`. */
export async function runToEnd(options: ProgramOptions & { readonly withinMs?: number }): Promise<Ran> {
  const isOwn = options.folder === undefined
  const folder = options.folder ?? newFolder()
  const child = launch({ ...options, folder })
  const printed = collect(child)
  const timer = setTimeout(() => child.kill('SIGKILL'), options.withinMs ?? 30_000)
  const code = await ended(child)
  clearTimeout(timer)
  if (isOwn) rmSync(folder, { recursive: true, force: true })
  return { code, stdout: printed.stdout, stderr: printed.stderr }
}

/** Starts the program and waits until it listens. Fails with what it printed if it ends before. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const isOwn = options.folder === undefined
  const folder = options.folder ?? newFolder()
  const child = launch({ ...options, folder })
  const printed = collect(child)
  const exit = ended(child)
  const lines: LogLine[] = []
  const listeners = new Set<() => void>()
  child.stdout?.on('data', () => {
    const whole = printed.stdout.split('\n').slice(0, -1)
    for (const text of whole.slice(lines.length)) lines.push(JSON.parse(text) as LogLine)
    for (const listener of listeners) listener()
  })

  const line = async (event: string, suits: (line: LogLine) => boolean = () => true): Promise<LogLine> => {
    const find = (): LogLine | undefined => lines.find((one) => one.event === event && suits(one))
    const known = find()
    if (known) return known
    return new Promise((resolve, reject) => {
      const finish = (end: () => void): void => {
        clearTimeout(timer)
        listeners.delete(look)
        end()
      }
      const look = (): void => {
        const found = find()
        if (found) finish(() => resolve(found))
      }
      const lost = (why: string) => (): void =>
        finish(() => reject(new Error(`${why} without "${event}":\n${printed.stdout}${printed.stderr}`)))
      const timer = setTimeout(lost('30 s passed'), 30_000)
      listeners.add(look)
      void exit.then(lost('The program ended'))
    })
  }

  const listening = await line('listening').catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const [first] = listening['urls'] as string[]
  const url = (first ?? '').replace(/\/$/, '')
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null
  const kill9 = async (): Promise<void> => {
    if (!isOver()) child.kill('SIGKILL')
    await exit
  }
  return {
    pid: child.pid ?? 0,
    url,
    folder,
    dataDir: join(folder, 'data'),
    lines,
    printed: () => printed.stdout + printed.stderr,
    ask: (path, asking) => ask(url + path, asking),
    open: (path, asking) => open(url + path, asking),
    line,
    children: () => childrenOf(child.pid ?? 0),
    async stop(signal = 'SIGTERM') {
      const started = performance.now()
      // Not `child.kill()`: Deno then takes every later exit for one by that signal.
      process.kill(child.pid ?? 0, signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
      const code = await exit
      clearTimeout(timer)
      return { code, ms: performance.now() - started }
    },
    kill9,
    async [Symbol.asyncDispose]() {
      await kill9()
      if (isOwn) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The tests' own environment without settings of the program. */
function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^DOWNLINK_|^NODE_TEST_CONTEXT$/.test(entry[0]),
  )
  return Object.fromEntries(entries)
}

function launch(options: ProgramOptions & { readonly folder: string }): ChildProcess {
  const { folder, config, launcher = launcherOf(RUNTIME), bare = false } = options
  mkdirSync(folder, { recursive: true })
  if (config !== undefined) {
    const text = typeof config === 'string' ? config : JSON.stringify(config)
    writeFileSync(join(folder, 'downlink.yaml'), text)
  }
  const usual = bare ? [] : ['--data', join(folder, 'data'), '--listen', '127.0.0.1:0']
  const args = [...launcher.args, ...(options.command ?? ['serve']), ...usual, ...(options.args ?? [])]
  return spawn(launcher.command, args, {
    cwd: folder,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const printed = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
  return printed
}

/** Exit code once the process has gone and its pipes are empty; null: killed. */
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })

/** Children of a process by Linux's own tables; [] where there are none. */
function childrenOf(pid: number): number[] {
  let entries: string[] = []
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
  return entries.flatMap((name) => (statOf(name)?.parent === pid ? [Number(name)] : []))
}

/** Whether a process runs; a zombie does not. */
export const isRunning = (pid: number): boolean => {
  const stat = statOf(String(pid))
  return stat !== null && stat.state !== 'Z'
}

function statOf(pid: string): { state: string; parent: number } | null {
  try {
    // The name in parentheses may hold anything, blanks and parentheses too.
    const [, state = '', parent = '0'] = /\) (\S) (\d+) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return { state, parent: Number(parent) }
  } catch {
    return null
  }
}

/** Asks again until `look` gives something else than null or false; fails after `withinMs` with the question's name. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== null && found !== false) return found
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain: ${what}`)
    await sleep(50)
  }
}

/** The addresses of streams in a playlist, in order. */
export const addressesIn = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

/** A YAML or JSON text as a value. */
export const readYaml = (text: string): unknown => parse(text) as unknown
