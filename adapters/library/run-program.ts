import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import process from 'node:process'

/** How a program is run to its end. */
export type ProgramRun = {
  readonly signal: AbortSignal
  /** It is killed after this time. */
  readonly timeoutMs: number
  /** More of either output is thrown away: the head of what it writes, the tail of its messages. */
  readonly mostBytes: number
  /** Behind everything else that the machine does. */
  readonly isQuiet?: boolean
  /** While it says so the program stands still, and its time does not run (not on Windows). */
  readonly isHeld?: () => boolean
  /** Takes every line of its messages, also those that are not kept. */
  readonly onMessage?: (line: string) => void
}

/** What a program left. `code` null: it was killed, or did not start. */
export type ProgramEnd = {
  readonly code: number | null
  readonly stdout: Uint8Array<ArrayBuffer>
  /** Its messages; where there were too many, the last ones. */
  readonly stderr: string
  readonly isTimedOut: boolean
  /** Why it did not start; null: it did. */
  readonly error: Error | null
}

/** How often it is looked whether a program may go on. */
const TICK_MS = 1000
const LONGEST_LINE = 4096
/** Unix niceness; on Windows "below normal". */
const QUIET = 10

/**
 * Runs a program without input and gives what it wrote, within bounds of time and memory. Arguments go as a list, never
 * through a shell. Fails with the signal's reason, after the program is gone.
 */
export async function runProgram(path: string, args: readonly string[], run: ProgramRun): Promise<ProgramEnd> {
  run.signal.throwIfAborted()
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  const over = Promise.withResolvers<{ code: number | null; error: Error | null }>()
  child.on('error', (error) => over.resolve({ code: null, error }))
  child.on('close', (code) => over.resolve({ code, error: null }))
  if (run.isQuiet === true) lower(child.pid)
  const written = headOf(run.mostBytes)
  const messages = tailOf(run.mostBytes)
  child.stdout.on('data', (bytes: Uint8Array) => written.add(bytes))
  child.stderr.on('data', (bytes: Uint8Array) => messages.add(bytes))

  if (run.onMessage !== undefined) child.stderr.on('data', linesOf(run.onMessage))

  let isTimedOut = false
  const clock = startClock(child.pid, run, () => {
    isTimedOut = true
    kill()
  })
  const kill = (): void => killHard(child.exitCode === null ? child.pid : undefined)
  run.signal.addEventListener('abort', kill, { once: true })
  try {
    const { code, error } = await over.promise
    run.signal.throwIfAborted()
    return { code, error, stdout: written.bytes(), stderr: messages.text(), isTimedOut }
  } finally {
    clearInterval(clock)
    run.signal.removeEventListener('abort', kill)
  }
}

/** Counts the time in which the program ran; holds it while it is to stand still. */
function startClock(pid: number | undefined, run: ProgramRun, over: () => void): ReturnType<typeof setInterval> {
  const tick = Math.min(TICK_MS, run.timeoutMs)
  let left = run.timeoutMs
  let isHeld = false
  return setInterval(() => {
    const hold = process.platform !== 'win32' && run.isHeld?.() === true
    if (hold !== isHeld) send(pid, hold ? 'SIGSTOP' : 'SIGCONT')
    isHeld = hold
    if (isHeld) return
    left -= tick
    if (left <= 0) over()
  }, tick)
}

function linesOf(take: (line: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  let partial = ''
  return (bytes) => {
    // FFmpeg ends lines about its progress with a carriage return.
    const lines = (partial + decoder.decode(bytes, { stream: true })).split(/[\r\n]+/)
    partial = (lines.pop() ?? '').slice(-LONGEST_LINE)
    for (const line of lines) take(line)
  }
}

function lower(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    setPriority(pid, QUIET)
  } catch {
    // It has ended already, or the system does not let us: it then runs as everything else does.
  }
}

/** Not by `child.kill`, which does nothing on Deno once it was called. A program that stands still hears this, too. */
const killHard = (pid: number | undefined): void => send(pid, 'SIGKILL')

function send(pid: number | undefined, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  if (pid === undefined) return
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended in this very moment.
  }
}

function headOf(most: number): { add(bytes: Uint8Array): void; bytes(): Uint8Array<ArrayBuffer> } {
  const pieces: Uint8Array[] = []
  let length = 0
  return {
    add(bytes) {
      const piece = bytes.subarray(0, most - length)
      if (piece.length === 0) return
      pieces.push(piece)
      length += piece.length
    },
    bytes() {
      const all = new Uint8Array(length)
      let at = 0
      for (const piece of pieces) {
        all.set(piece, at)
        at += piece.length
      }
      return all
    },
  }
}

function tailOf(most: number): { add(bytes: Uint8Array): void; text(): string } {
  const decoder = new TextDecoder()
  let text = ''
  return {
    add(bytes) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > 2 * most) text = text.slice(-most)
    },
    text: () => text.slice(-most),
  }
}
