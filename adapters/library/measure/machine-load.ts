import { availableParallelism, loadavg } from 'node:os'

/** Of all cores; above it somebody else needs them. What measures takes one at most, with the lowest priority. */
const BUSY = 0.9

/** Whether the machine had cores to spare in the last minute. Windows does not say: there it always seems to have. */
export function hasRoom(): boolean {
  const [lastMinute = 0] = loadavg()
  return lastMinute <= Math.max(1.5, availableParallelism() * BUSY)
}
