import * as v from 'valibot'
import { ask, order } from '../api/request.ts'
import type { Broadcast } from './answers.ts'

const TimersAnswer = v.object({ recorders: v.array(v.object({ id: v.string() })) })
const TimerAnswer = v.object({ sourceId: v.string(), id: v.string() })

/** A programme that a receiver will record. */
export type Recording = { undo(): Promise<void> }

/** Whether a receiver of this house records at all. No answer is no. */
export const hasRecorder = (signal: AbortSignal): Promise<boolean> =>
  ask('/api/v1/timers?limit=1', TimersAnswer, { signal }).then(
    ({ recorders }) => recorders.length > 0,
    () => false,
  )

/** Sets a timer for a programme. Throws `Problem`, which names what is in the way. */
export async function recordProgramme({ channelId, programme }: Broadcast): Promise<Recording> {
  const made = await ask('/api/v1/timers', TimerAnswer, {
    method: 'POST',
    json: { channelId, programme: new Date(programme.start).toISOString() },
  })
  const path = `/api/v1/timers/${encodeURIComponent(made.sourceId)}/${encodeURIComponent(made.id)}`
  return { undo: () => order(path, { method: 'DELETE' }) }
}
