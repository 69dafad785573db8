import { ProblemNote } from '../parts/problem-note.tsx'
import { AdminsOnly } from '../parts/admins-only.tsx'
import { useNow } from '../parts/use-now.ts'
import { Waiting } from '../parts/waiting.tsx'
import { RunningCard } from '../running/running-card.tsx'
import { useFigures, useRunning } from '../running/use-running.ts'
import { words } from '../running/words.ts'
import { Watched } from '../streams/watched.tsx'
import '../running/running.css'

/** One card a relay: what it is, who watches, and the buttons that end or move it; below, what was watched. */
export function StreamsPage() {
  return (
    <AdminsOnly title={words().streams}>
      <Streams />
    </AdminsOnly>
  )
}

function Streams() {
  const { streams, problem } = useRunning()
  const figures = useFigures()
  const now = useNow(1000)
  const running = streams.value
  return (
    <div class="running-page">
      <div>
        <h1>{words().streams}</h1>
        <p class="lead">{words().lead}</p>
      </div>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {running === null && problem.value === null && <Waiting what={words().loading} />}
      <section aria-labelledby="running">
        <h2 id="running">{words().running}</h2>
        {running?.length === 0 && <p class="nothing">{words().nobody}</p>}
        <ul class="cards" aria-live="polite" aria-label={words().running}>
          {running?.map((stream) => (
            <RunningCard key={stream.id} stream={stream} figures={figures.value} now={now} />
          ))}
        </ul>
      </section>
      <Watched version={(running ?? []).reduce((sum, { viewers }) => sum * 31 + viewers.length + 1, 7) % 1_000_003} />
    </div>
  )
}
