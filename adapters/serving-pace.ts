import { setImmediate } from 'node:timers/promises'
import type { Pace } from '../core/steps.ts'

/** How work goes on in the thread that serves: streams and viewers never wait for it longer than a moment. */
export const SERVING_PACE: Pace = { sliceMs: 8, now: () => performance.now(), giveWay: () => setImmediate() }
