import { readFileSync, readdirSync } from 'node:fs'

/** One printed figure: what was measured, how, and what was aimed at. `ratio` figures compare with a peer of the same run. */
export type Figure = {
  readonly name: string
  readonly value: number | null
  readonly unit: string
  readonly aim: string
  readonly method: string
  /** Why there is no value. */
  readonly skipped?: string
}

/** Clock ticks a second of `/proc/PID/stat`; 100 on every Linux we know. */
const TICKS = 100

/** CPU seconds (user and system) that a process has used so far. Linux only. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** Memory of a process in MB: `rss` counts shared pages in full, `pss` by share. */
export function memoryMb(pid: number): { readonly rss: number; readonly pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024
  return { rss: read('Rss'), pss: read('Pss') }
}

/** The most memory that a process has had so far, MB resident. Asking costs the process nothing. */
export function peakMemoryMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

/** Watches the event loop of this process; what it gives ends that and tells the longest time that a timer came late, ms. */
export function watchLoop(): () => Promise<number> {
  let worst = 0
  let last = performance.now()
  const look = (): void => {
    const now = performance.now()
    worst = Math.max(worst, now - last - TICK_MS)
    last = now
  }
  const timer = setInterval(look, TICK_MS)
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
    look()
    clearInterval(timer)
    return worst
  }
}
const TICK_MS = 2

/** The longest time that one of many quick requests took, one every 10 ms until `stop`, ms. */
export async function worstAnswer(url: string, stop: AbortSignal): Promise<number> {
  let worst = 0
  while (!stop.aborted) {
    const start = performance.now()
    await (await fetch(url)).text()
    worst = Math.max(worst, performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return worst
}

/** Process ids of all direct children. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
      } catch {
        // It ended between the listing and the reading.
        return false
      }
    })
}

/** The middle value; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
