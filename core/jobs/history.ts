import { isOver } from './job.ts'
import type { Job, JobId } from './job.ts'

/** Jobs that are over and kept: in all, and of the same kind about the same thing. */
export const KEPT_JOBS = { inAll: 200, alike: 20 } as const

/** Ids of jobs that are over and to be forgotten. In: any order of ends. What ended last stays. */
export function outdatedJobs(jobs: Iterable<Job>, kept: Bounds = KEPT_JOBS): readonly JobId[] {
  const ended = [...jobs].filter(isOver).toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))
  const counts = new Map<string, number>()
  let inAll = 0
  return ended.flatMap((job) => {
    const key = `${job.kind} ${job.subject}`
    const alike = (counts.get(key) ?? 0) + 1
    counts.set(key, alike)
    if (alike <= kept.alike && inAll < kept.inAll) {
      inAll += 1
      return []
    }
    return [job.id]
  })
}

type Bounds = { readonly inAll: number; readonly alike: number }
