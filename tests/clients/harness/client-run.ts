import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

/** How a client is run. */
export type ClientOptions = {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** It is killed and the test fails when it runs longer. */
  readonly withinMs?: number
  /** Ctrl+C after so long, as its user would end it. */
  readonly interruptAfterMs?: number
}

/** What a client has printed and how it ended; `code` is null when a signal ended it. */
export type ClientEnd = {
  readonly code: number | null
  /** The first megabyte. */
  readonly stdout: string
  readonly stdoutBytes: number
  readonly stderr: string
}

/** A client that runs. Disposing kills it with all that it started. */
export interface RunningClient extends AsyncDisposable {
  readonly ended: Promise<ClientEnd>
  /** All that it has printed so far, both streams. */
  printed(): string
  interrupt(): void
}

const KEPT_CHARS = 1_000_000
const WITHIN_MS = 60_000

/** Starts a program in a process group of its own. */
export function startClient(command: string, args: readonly string[], options: ClientOptions = {}): RunningClient {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const seen = { stdout: '', stdoutBytes: 0, stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    seen.stdoutBytes += chunk.length
    if (seen.stdout.length < KEPT_CHARS) seen.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    seen.stderr = (seen.stderr + chunk.toString()).slice(-KEPT_CHARS)
  })
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name)
    } catch {
      // The group has ended already, which is what we want.
    }
  }
  // What it started may hold its pipes open: `close` comes once the whole group has gone.
  child.once('exit', () => signal('SIGKILL'))
  const ended = new Promise<ClientEnd>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...seen }))
  })
  ended.catch(() => {}) // it is told to who waits for the end
  return {
    ended,
    printed: () => seen.stdout + seen.stderr,
    interrupt: () => signal('SIGINT'),
    async [Symbol.asyncDispose]() {
      signal('SIGKILL')
      await ended.catch(() => {})
    },
  }
}

/** Runs a program to its end. Fails, with what it has printed, when it cannot be started or takes too long. */
export async function runClient(
  command: string,
  args: readonly string[],
  options: ClientOptions = {},
): Promise<ClientEnd> {
  const { withinMs = WITHIN_MS, interruptAfterMs } = options
  await using client = startClient(command, args, options)
  const timers: NodeJS.Timeout[] = []
  if (interruptAfterMs !== undefined) timers.push(setTimeout(() => client.interrupt(), interruptAfterMs))
  const late = new Promise<never>((_, reject) => {
    const tell = (): void => reject(new Error(`${command} still runs after ${withinMs} ms:\n${client.printed()}`))
    timers.push(setTimeout(tell, withinMs))
  })
  try {
    return await Promise.race([client.ended, late])
  } finally {
    for (const timer of timers) clearTimeout(timer)
  }
}

/** Words that run a program as nobody, because it refuses to run as root. */
export const asNobody = (command: string, args: readonly string[]): readonly [string, string[]] => [
  'unshare',
  ['--user', '--map-user=65534', '--map-group=65534', command, ...args],
]
