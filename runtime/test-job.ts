import type { JobWish } from '../core/jobs/job.ts'
import type { Jobs } from '../core/jobs/jobs.ts'

/** Runs a test as a job that ends when whoever asked has left, and gives what it found. */
export async function testAsJob<T>(
  jobs: Pick<Jobs, 'ask' | 'cancel'>,
  test: {
    readonly subject: string | null
    readonly name: string
    readonly askedBy: string | null
    /** Of whoever asked. */
    readonly signal: AbortSignal
    readonly isGood: (found: T) => boolean
    readonly work: (signal: AbortSignal) => Promise<T>
  },
): Promise<T> {
  const { subject, name, askedBy, signal } = test
  signal.throwIfAborted()
  const wish: JobWish = { kind: 'source-test', subject, name, askedBy }
  const job = jobs.ask(wish, async (context) => {
    const found = await test.work(context.signal)
    context.note({ ok: test.isGood(found) })
    return found
  })
  const leave = (): void => void jobs.cancel(job.id)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await job.done
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
