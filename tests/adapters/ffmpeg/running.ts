import { readFileSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether a process is there and not just waiting for its parent to notice its end. */
export function isRunning(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // No /proc on this system, or gone in between.
    return process.platform !== 'linux'
  }
}

/** Waits for what another process does; fails when it has not come true after `withinMs`. */
export async function until(isTrue: () => boolean, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`It did not come true within ${withinMs} ms: ${String(isTrue)}`)
    await sleep(5)
  }
}
