import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { Graph } from '../parts/graph.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { SamplesAnswer } from '../running/answers.ts'
import type { Sample } from '../running/answers.ts'
import { words } from '../running/words.ts'
import { formatBytes, formatKbps, formatNumber } from '../text/format.ts'

/** Length and step of what is shown, seconds. */
const RANGES = {
  hour: { seconds: 3600, step: 10 },
  day: { seconds: 86_400, step: 300 },
  month: { seconds: 30 * 86_400, step: 3600 },
} as const
type Range = keyof typeof RANGES
const EVERY_MS = 60_000

/** Graphs of the last hour, day or month. */
export function BusyHistory() {
  const range = useSignal<Range>('hour')
  const samples = useSignal<readonly Sample[]>([])
  const problem = useSignal<Problem | null>(null)
  const chosen = range.value
  useEffect(() => {
    const stop = new AbortController()
    const load = async () => {
      const { seconds, step } = RANGES[chosen]
      const to = Date.now()
      const query = new URLSearchParams({
        from: new Date(to - seconds * 1000).toISOString(),
        to: new Date(to).toISOString(),
        step: String(step),
      })
      try {
        samples.value = (await ask(`/api/v1/history/samples?${query}`, SamplesAnswer, { signal: stop.signal })).items
        problem.value = null
      } catch (thrown) {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      }
    }
    void load()
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), EVERY_MS)
    return () => {
      clearInterval(timer)
      stop.abort()
    }
  }, [chosen])
  const times = samples.value.map((one) => one.at)
  const line = (name: string, value: (sample: Sample) => number | null) => ({ name, values: samples.value.map(value) })
  const slots = (sample: Sample): number => Object.values(sample.slots).reduce((sum, used) => sum + used, 0)
  return (
    <section aria-labelledby="busy">
      <h2 id="busy">{words().history}</h2>
      <div class="chips" role="group" aria-label={words().history}>
        {(['hour', 'day', 'month'] as const).map((name) => (
          <button
            key={name}
            type="button"
            class="chip"
            aria-pressed={chosen === name}
            onClick={() => {
              range.value = name
            }}
          >
            {words()[name]}
          </button>
        ))}
      </div>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <div class="graphs">
        <Graph
          label={`${words().in} / ${words().out}`}
          times={times}
          series={[line(words().in, (one) => one.inKbps), line(words().out, (one) => one.outKbps)]}
          format={formatKbps}
        />
        <Graph
          label={`${words().viewers} / ${words().slots}`}
          times={times}
          series={[line(words().viewers, (one) => one.viewers), line(words().slots, slots)]}
          format={(value) => formatNumber(value, 1)}
        />
        <Graph
          label={words().cpu}
          times={times}
          series={[line(words().cpu, (one) => one.cpuPercent)]}
          format={(value) => `${formatNumber(value)} %`}
        />
        <Graph
          label={words().memory}
          times={times}
          series={[line(words().memory, (one) => one.rssBytes)]}
          format={formatBytes}
        />
        <Graph
          label={words().delay}
          times={times}
          series={[line(words().delay, (one) => one.loopDelayMs)]}
          format={(value) => `${formatNumber(value)} ms`}
        />
        <Graph
          label={words().errors}
          times={times}
          series={[line(words().errors, (one) => one.errorsPerMinute)]}
          format={(value) => formatNumber(value)}
        />
      </div>
    </section>
  )
}
