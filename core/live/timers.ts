/** Port: timers, so that tests own the time. */
export type Timers = {
  readonly set: (work: () => void, ms: number) => unknown
  readonly clear: (timer: unknown) => void
  readonly every: (work: () => void, ms: number) => unknown
  readonly clearEvery: (timer: unknown) => void
}

/** The platform's own timers. */
export const systemTimers: Timers = {
  set: (work, ms) => setTimeout(work, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  every: (work, ms) => setInterval(work, ms),
  clearEvery: (timer) => clearInterval(timer as ReturnType<typeof setInterval>),
}
