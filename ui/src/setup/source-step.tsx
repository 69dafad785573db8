import { useSignal } from '@preact/signals'
import { at } from '../api/base.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Problem } from '../api/problem.ts'
import { AddSource } from '../sources/add-source.tsx'
import { JobProgress } from '../sources/job-progress.tsx'
import { isJobOver, useJob } from '../sources/use-job.ts'
import { words } from './words.ts'

/** The first source: found or pasted, tested, added; then its channels are read while one looks on. */
export function SourceStep({ onDone }: { onDone: () => void }) {
  const added = useSignal<{ readonly jobId: string | null } | null>(null)
  if (added.value !== null) return <Reading jobId={added.value.jobId} onDone={onDone} />
  return (
    <>
      <h1>{words().source.title}</h1>
      <AddSource
        onAdded={(done) => {
          added.value = done
        }}
      />
      <button type="button" class="link" onClick={onDone}>
        {words().later}
      </button>
    </>
  )
}

function Reading({ jobId, onDone }: { jobId: string | null; onDone: () => void }) {
  const job = useJob(jobId).value
  const failure = job?.problem ?? null
  const isOver = job !== null && isJobOver(job)
  const channels = typeof job?.facts['new'] === 'number' ? job.facts['new'] : null
  return (
    <>
      <h1>{failure === null ? words().source.reading : words().source.failed}</h1>
      {failure === null && !isOver && <p class="lead">{words().source.readingLead}</p>}
      {job !== null && !isOver && <JobProgress job={job} />}
      {isOver && channels !== null && <p class="lead">{words().source.channels(channels)}</p>}
      {failure !== null && (
        <ProblemNote problem={new Problem({ ...failure, status: 0 })}>
          <a class="button" href={at('/sources')}>
            {words().source.fix}
          </a>
        </ProblemNote>
      )}
      <button type="button" class={`button${isOver ? ' button-strong' : ''}`} onClick={onDone}>
        {words().source.goOn}
      </button>
    </>
  )
}
