import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import * as v from 'valibot'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { FeedsAnswer, JobAnswer, SourceStateAnswer, SourcesAnswer } from './answers.ts'
import type { FeedAnswer, SourceAnswer } from './answers.ts'
import { isJobOver } from './use-job.ts'

const Removed = v.object({ id: v.string() })

/** All sources and guides with what runs of them, kept up to date by events. */
export function useSources(): {
  readonly sources: ReadonlySignal<readonly SourceAnswer[] | null>
  readonly feeds: ReadonlySignal<readonly FeedAnswer[]>
  /** Running jobs by the source or guide that they are about. */
  readonly jobs: ReadonlySignal<ReadonlyMap<string, JobAnswer>>
  readonly problem: ReadonlySignal<Problem | null>
  readonly reload: () => void
} {
  const sources = useSignal<readonly SourceAnswer[] | null>(null)
  const feeds = useSignal<readonly FeedAnswer[]>([])
  const jobs = useSignal<ReadonlyMap<string, JobAnswer>>(new Map())
  const problem = useSignal<Problem | null>(null)
  const load = async (signal?: AbortSignal) => {
    const options = signal === undefined ? {} : { signal }
    try {
      const [list, guides] = await Promise.all([
        ask('/api/v1/sources', SourcesAnswer, options),
        ask('/api/v1/guide/feeds', FeedsAnswer, options),
      ])
      sources.value = list.items
      feeds.value = guides.items
      problem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) problem.value = asProblem(thrown)
    }
  }
  useFresh((signal) => void load(signal))
  useEvent('source', SourceStateAnswer, (heard) => {
    const known = sources.peek()
    if (known?.some(({ id }) => id === heard.id) !== true) return void load()
    sources.value = known.map((one) => (one.id === heard.id ? { ...one, ...heard } : one))
  })
  useEvent('source-removed', Removed, ({ id }) => {
    sources.value = sources.peek()?.filter((one) => one.id !== id) ?? null
  })
  useEvent('job', JobAnswer, (job) => {
    if (job.subject === null || !/^(source-refresh|guide-import)$/.test(job.kind)) return
    const next = new Map(jobs.peek())
    if (isJobOver(job)) {
      next.delete(job.subject)
      void load()
    } else next.set(job.subject, job)
    jobs.value = next
  })
  return { sources, feeds, jobs, problem, reload: () => void load() }
}
