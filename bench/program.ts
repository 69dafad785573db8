import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What the program runs on. */
export type BenchRuntime = 'node' | 'bun' | 'deno' | 'binary'

/** One line of the program's log. */
export type LogLine = { readonly event: string; readonly time?: string; readonly [fact: string]: unknown }

/** A running program with a data folder of its own. */
export interface Program extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  readonly lines: readonly LogLine[]
  /** The first line that fits, of those that are there and those to come. */
  line(fits: (line: LogLine) => boolean): Promise<LogLine>
}

/** As `bin/downlink.js` starts them. */
const COMMANDS: Readonly<Record<BenchRuntime, readonly [string, ...string[]]>> = {
  node: [
    join(ROOT, 'node_modules/node/bin/node'),
    '--disable-warning=ExperimentalWarning',
    '--max-semi-space-size=8',
    join(ROOT, 'runtime/node.ts'),
  ],
  bun: [join(ROOT, 'node_modules/.bin/bun'), join(ROOT, 'runtime/bun.ts')],
  deno: [join(ROOT, 'node_modules/.bin/deno'), 'run', '-A', '--no-check', join(ROOT, 'runtime/deno.ts')],
  binary: [join(ROOT, 'dist/downlink')],
}

/**
 * Starts `serve` on loopback with these environment variables, and this configuration file if there is one; `words`: another
 * command.
 */
export async function startProgram(
  runtime: BenchRuntime,
  env: Readonly<Record<string, string>>,
  config?: string,
  words: readonly string[] = ['serve'],
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-'))
  const [file, ...args] = COMMANDS[runtime]
  // `play` has a folder of its own.
  const options = ['--listen', '127.0.0.1:0', ...(words[0] === 'play' ? [] : ['--data', folder])]
  if (config !== undefined) {
    writeFileSync(join(folder, 'bench.yaml'), config)
    options.push('--config', join(folder, 'bench.yaml'))
  }
  const child: ChildProcess = spawn(file, [...args, ...words, ...options], {
    cwd: runtime === 'deno' ? ROOT : folder,
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, '.cache/compile'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: LogLine[] = []
  const waiting = new Set<(line: LogLine) => void>()
  if (child.stdout === null || child.pid === undefined) throw new Error(`Cannot start ${file}`)
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as LogLine
    lines.push(line)
    for (const look of waiting) look(line)
  })
  const line = (fits: (line: LogLine) => boolean): Promise<LogLine> => {
    const known = lines.find(fits)
    if (known) return Promise.resolve(known)
    return new Promise((resolve) => {
      const look = (next: LogLine): void => {
        if (!fits(next)) return
        waiting.delete(look)
        resolve(next)
      }
      waiting.add(look)
    })
  }
  const listening = await line(({ event }) => event === 'listening')
  const [url] = listening['urls'] as readonly string[]
  return {
    url: (url ?? '').replace(/\/$/, ''),
    pid: child.pid,
    lines,
    line,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(null)))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
