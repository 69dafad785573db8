import { tune } from './box.ts'
import type { Box } from './box.ts'
import { boxSeconds } from './web/call.ts'
import { parseServiceReference } from './service-reference.ts'
import type { Timer } from './timers.ts'

const CHECK_MS = 200

/** Starts and ends recordings when their time has come. */
export interface Recorder {
  stop(): void
}

/**
 * Watches the timers of a box. A recording that finds no tuner makes the box close the oldest stream of a client that
 * is not on the box itself, whether or not that frees the right tuner, and try again.
 * Source: OpenPLi, lib/python/RecordTimer.py.
 */
export function createRecorder(box: Box): Recorder {
  const check = (): void => {
    const now = boxSeconds(box)
    for (const timer of box.timers.slice()) {
      if (timer.disabled || timer.justplay) continue
      if (timer.state === 0 && timer.begin - 20 <= now) timer.state = 1
      if (timer.state === 1 && timer.begin <= now) start(box, timer)
      if (timer.state !== 3 && timer.end <= now) {
        timer.lease?.release()
        timer.lease = null
        if (timer.state === 2) box.disk.end(timer)
        timer.state = 3
        again(box, timer)
      }
    }
  }
  const interval = setInterval(check, CHECK_MS)
  return { stop: () => clearInterval(interval) }
}

function start(box: Box, timer: Timer): void {
  const ref = parseServiceReference(timer.service.ref)
  const tuned = ref && tune(box, ref, 'recording')
  if (tuned) {
    timer.lease = tuned.lease
    timer.state = 2
    box.disk.begin(timer)
    return
  }
  // The relay's clients look like loopback and are not seen.
  const oldest = [...box.clients]
    .filter((client) => client.port === 'stream')
    .toSorted((a, b) => a.startedAtMs - b.startedAtMs)[0]
  if (!oldest) return
  box.counters.kicked += 1
  oldest.close()
}

const DAY_SECONDS = 86_400

/** A timer that repeats goes on to its next day. Days are counted in UTC here. */
function again(box: Box, timer: Timer): void {
  if (timer.repeated === 0) return
  const weekday = (seconds: number): number => (new Date(seconds * 1000).getUTCDay() + 6) % 7
  let days = 1
  while (days < 7 && (timer.repeated & (1 << weekday(timer.begin + days * DAY_SECONDS))) === 0) days += 1
  const [begin, end] = [timer.begin + days * DAY_SECONDS, timer.end + days * DAY_SECONDS]
  box.timers.splice(box.timers.indexOf(timer), 1, { ...timer, begin, end, state: 0, filename: null })
}
