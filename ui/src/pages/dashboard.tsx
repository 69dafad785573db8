import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { SourceHealthAnswer, SourceNews } from '../dashboard/source-health.ts'
import type { SourceHealth } from '../dashboard/source-health.ts'
import { BusyHistory } from '../dashboard/busy-history.tsx'
import { Heartbeats } from '../dashboard/heartbeats.tsx'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { at } from '../api/base.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { Graph } from '../parts/graph.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { AdminsOnly } from '../parts/admins-only.tsx'
import { useNow } from '../parts/use-now.ts'
import { RunningCard } from '../running/running-card.tsx'
import { useFigures, useRunning } from '../running/use-running.ts'
import { words } from '../running/words.ts'
import { formatBytes, formatKbps, formatNumber } from '../text/format.ts'
import '../running/running.css'

/** Sources are asked again after this time, for how they did. */
const EVERY_MS = 30_000

/** Is it up, who watches, stop a stream; then how busy the house is and was, and how the sources do. */
export function DashboardPage() {
  return (
    <AdminsOnly title={words().dashboard}>
      <Dashboard />
    </AdminsOnly>
  )
}

function Dashboard() {
  const { streams, problem } = useRunning()
  const figures = useFigures()
  const now = useNow(1000)
  const sources = useSignal<readonly SourceHealth[]>([])
  const sourceProblem = useSignal<Problem | null>(null)
  const load = async (signal?: AbortSignal) => {
    try {
      sources.value = (await ask('/api/v1/sources', SourceHealthAnswer, signal === undefined ? {} : { signal })).items
      sourceProblem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) sourceProblem.value = asProblem(thrown)
    }
  }
  useFresh((signal) => void load(signal))
  useEvent('source', SourceNews, () => void load())
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  const latest = figures.value.at(-1)
  const ill = sources.value.filter((source) => source.problem !== null)
  const running = streams.value ?? []
  return (
    <div class="running-page">
      <header class={`health health-${ill.length === 0 ? 'good' : ill.length < sources.value.length ? 'warn' : 'bad'}`}>
        <span class="health-dot" aria-hidden="true" />
        <div>
          <h1>{words().dashboard}</h1>
          <p class="health-facts">
            {words().sources}: {sources.value.length - ill.length} {words().well}
            {ill.length > 0 && (
              <>
                , {ill.length} {words().ill} ({ill.map(({ name }) => name).join(', ')})
              </>
            )}
          </p>
        </div>
      </header>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <section aria-labelledby="now">
        <h2 id="now">
          {words().running} <a href={at('/streams')}>{words().watched}</a>
        </h2>
        {streams.value?.length === 0 && <p class="nothing">{words().nobody}</p>}
        <ul class="cards" aria-label={words().running}>
          {running.map((stream) => (
            <RunningCard key={stream.id} stream={stream} figures={figures.value} now={now} brief />
          ))}
        </ul>
      </section>
      <dl class="tiles">
        <Tile name={words().in} value={latest === undefined ? '–' : formatKbps(latest.inKbps)} />
        <Tile name={words().out} value={latest === undefined ? '–' : formatKbps(latest.outKbps)} />
        <Tile name={words().viewers} value={latest === undefined ? '–' : formatNumber(latest.viewers)} />
        <Tile name={words().cpu} value={latest?.cpuPercent == null ? '–' : `${formatNumber(latest.cpuPercent)} %`} />
        <Tile name={words().memory} value={latest?.rssBytes == null ? '–' : formatBytes(latest.rssBytes)} />
        <Tile
          name={words().delay}
          value={latest?.loopDelayMs == null ? '–' : `${formatNumber(latest.loopDelayMs)} ms`}
        />
      </dl>
      <section class="card" aria-label={words().flow}>
        <Graph
          tall
          label={words().flow}
          times={figures.value.map((one) => one.at)}
          series={[
            { name: words().in, values: figures.value.map(({ inKbps }) => inKbps) },
            { name: words().out, values: figures.value.map(({ outKbps }) => outKbps) },
          ]}
          format={formatKbps}
        />
      </section>
      <section aria-labelledby="beats">
        <h2 id="beats">{words().sources}</h2>
        {sourceProblem.value !== null && <ProblemNote problem={sourceProblem.value} />}
        <ul class="cards">
          {sources.value.map((source) => (
            <Heartbeats key={source.id} source={source} />
          ))}
        </ul>
      </section>
      <BusyHistory />
    </div>
  )
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
