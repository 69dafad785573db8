import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { JobAnswer } from './answers.ts'

const OVER = new Set(['done', 'failed', 'cancelled', 'interrupted'])

/** Whether a job has come to its end. */
export const isJobOver = (job: Pick<JobAnswer, 'state'>): boolean => OVER.has(job.state)

/** A job as it goes on: asked for once, then heard of. Null: not known (yet). */
export function useJob(id: string | null): ReadonlySignal<JobAnswer | null> {
  const job = useSignal<JobAnswer | null>(null)
  const load = (signal: AbortSignal) => {
    if (id === null) return
    ask(`/api/v1/jobs/${encodeURIComponent(id)}`, JobAnswer, { signal }).then(
      (answer) => {
        job.value = answer
      },
      // It is heard of all the same, or it is over and forgotten.
      () => undefined,
    )
  }
  useFresh(load)
  useEffect(() => {
    const stop = new AbortController()
    job.value = null
    load(stop.signal)
    return () => stop.abort()
  }, [id])
  useEvent('job', JobAnswer, (heard) => {
    if (heard.id === id) job.value = heard
  })
  return job
}
