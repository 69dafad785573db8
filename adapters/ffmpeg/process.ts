import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import process from 'node:process'
import type { Tally } from '../../core/live/counts/tally.ts'

/** Lines of its messages that are kept of a process. */
const KEPT_LINES = 50
/** How long a process may take to end after SIGTERM. FFmpeg takes 10 … 35 ms once its input is closed. */
const KILL_AFTER_MS = 1000
/** Bytes that may wait for a process that does not read; more is dropped by the caller. */
const STDIN_BYTES = 4 * 1024 * 1024

/** A running FFmpeg between two pipes. */
export interface FfmpegProcess extends AsyncDisposable {
  /** Process id, for measurements; undefined if it never started. */
  readonly pid: number | undefined
  /** Puts bytes into its standard input; false when too much waits there already and nothing was taken. */
  write(bytes: Uint8Array): boolean
  /** No more input will come. */
  end(): void
  /**
   * Takes no more output until `resume`: the process stops by itself once the pipe is full. What was read already may still
   * come. Its end is told when all output was taken.
   */
  pause(): void
  resume(): void
  /** Its last messages, repeated ones once. */
  messages(): readonly string[]
}

/** What is told of a process. `ended` comes once; null code: it was killed or never started. */
export type FfmpegEvents = {
  readonly output: (bytes: Uint8Array) => void
  readonly ended: (end: { readonly code: number | null; readonly error: Error | null }) => void
  /** Each line of its messages; absent: they are only kept. */
  readonly message?: ((line: string) => void) | undefined
  /** Counts it; absent: nobody does. */
  readonly tally?: Tally | undefined
}

/**
 * Starts FFmpeg with both ends on pipes, so that it ends by itself when we do: no orphan can ever hold a tuner.
 *
 * Arguments go as a list, never through a shell. Its exit code says nothing about why a live stream ended.
 */
export function startFfmpeg(path: string, args: readonly string[], events: FfmpegEvents): FfmpegProcess {
  const child: ChildProcess = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
  const { stdin, stdout, stderr } = child
  const lines: string[] = []
  let partial = ''
  // Counted here: on Bun `writableLength` of a child's input is always 0.
  let waitingBytes = 0
  let isOver = false
  let hasExited = false
  const counted = events.tally?.begin()
  const over = Promise.withResolvers<void>()
  const finish = (code: number | null, error: Error | null): void => {
    if (isOver) return
    isOver = true
    counted?.()
    over.resolve()
    events.ended({ code, error })
  }
  stdout?.on('data', (bytes: Uint8Array) => events.output(bytes))
  stderr?.setEncoding('utf8')
  stderr?.on('data', (text: string) => {
    const parts = (partial + text).split(/\r?\n/)
    partial = (parts.pop() ?? '').slice(-2000)
    for (const line of parts) {
      if (line !== '') events.message?.(line)
      if (line === '' || line === lines.at(-1)) continue
      lines.push(line.slice(0, 500))
      if (lines.length > KEPT_LINES) lines.shift()
    }
  })
  // Writing into a process that has just ended is told by `close`.
  stdin?.on('error', () => {})
  child.on('error', (error) => finish(null, error))
  child.on('exit', () => (hasExited = true))
  child.on('close', (code) => finish(code, null))

  return {
    pid: child.pid,
    write(bytes) {
      if (isOver || !stdin || waitingBytes > STDIN_BYTES) return false
      waitingBytes += bytes.length
      stdin.write(bytes, () => (waitingBytes -= bytes.length))
      return true
    },
    end: () => void stdin?.end(),
    pause: () => void stdout?.pause(),
    resume: () => void stdout?.resume(),
    messages: () => lines,
    async [Symbol.asyncDispose]() {
      if (isOver) return
      child.kill('SIGTERM')
      // FFmpeg does not hear it while it waits for input on a pipe.
      stdin?.destroy()
      // Its end is not told before its output is read or closed; Deno does not always go on reading after a pause.
      stdout?.destroy()
      const kill = setTimeout(() => killHard(hasExited ? undefined : child.pid), KILL_AFTER_MS)
      await over.promise
      clearTimeout(kill)
    },
  }
}

/** Not by `child.kill`, which does nothing on Deno once it was called. */
function killHard(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended in this very moment.
  }
}
