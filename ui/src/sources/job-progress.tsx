import { Progress } from '../parts/progress.tsx'
import type { JobAnswer } from './answers.ts'
import { words } from './words.ts'

/** How far something long is, in words and as a bar. */
export function JobProgress({ job }: { job: JobAnswer }) {
  const { progress } = job
  const steps: Readonly<Record<string, string>> = words().steps
  const text =
    progress === null
      ? words().states.refreshing
      : words().progress(steps[progress.step] ?? progress.step, progress.done, progress.total)
  const share = progress?.total == null || progress.total === 0 ? 0 : progress.done / progress.total
  return (
    <div class="job" role="status">
      <p class="card-facts">{text}</p>
      <Progress share={Math.min(1, share)} />
    </div>
  )
}
