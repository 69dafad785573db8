import { spawn } from 'node:child_process'

/** How a program ended: its output (both streams, the last part when it is long) and exit code; null when it was killed. */
export type Ended = {
  readonly exitCode: number | null
  readonly output: string
  readonly timedOut: boolean
  readonly ms: number
}

const MAX_OUTPUT_CHARS = 400_000

/** Leaders of the process groups that run now: a break at the console ends them all. */
const running = new Set<number>()

/**
 * Runs a program in a process group of its own and waits for its end.
 *
 * When it ends, or after `timeoutMs`, the whole group is killed: what a test started never outlives the test.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<Ended> {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const leader = child.pid
    if (leader !== undefined) running.add(leader)
    let output = ''
    let timedOut = false
    const keep = (text: string): void => {
      output = (output + text).slice(-MAX_OUTPUT_CHARS)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(leader)
    }, options.timeoutMs)
    child.once('error', (error) => keep(`\n${error.message}\n`))
    // A grandchild may hold the pipes open after the program has gone; `close` comes once the group is dead.
    child.once('exit', () => killGroup(leader))
    child.once('close', (exitCode) => {
      clearTimeout(timer)
      if (leader !== undefined) running.delete(leader)
      resolve({ exitCode: timedOut ? null : exitCode, output, timedOut, ms: performance.now() - started })
    })
  })
}

/** Ends everything that `runProgram` has started. */
export function killAll(): void {
  for (const leader of running) killGroup(leader)
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    // ESRCH: the group has ended already, which is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
