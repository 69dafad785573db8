import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { StatusAnswer } from '../api/answers.ts'
import type { StreamAnswer } from '../api/answers.ts'
import { useHouse } from '../api/house.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { Icon } from '../parts/icon.tsx'
import { NoticeLines } from '../parts/notice-lines.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Shell } from '../parts/shell.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { SourceCard } from '../status/source-card.tsx'
import { StreamCard } from '../status/stream-card.tsx'
import { pollWhileVisible } from '../api/poll.ts'
import { judge } from '../status/judge.ts'
import { addSample } from '../status/samples.ts'
import type { Samples } from '../status/samples.ts'
import { formatKbps } from '../text/format.ts'
import { at } from '../api/base.ts'
import { words } from '../status/words.ts'

const EVERY_MS = 2000

/** Is it up, who watches what, and what needs a hand. */
export function StatusPage() {
  const session = useHouse().session.value
  const status = useSignal<StatusAnswer | null>(null)
  const samples = useSignal<Samples>(new Map())
  const problem = useSignal<Problem | null>(null)
  useEffect(
    () =>
      pollWhileVisible(EVERY_MS, async (signal) => {
        try {
          const answer = await ask('/api/status', StatusAnswer, { signal })
          status.value = answer
          samples.value = addSample(samples.peek(), answer.streams ?? [])
          problem.value = null
          return true
        } catch (thrown) {
          if (!signal.aborted) problem.value = asProblem(thrown)
          return false
        }
      }),
    [status, samples, problem],
  )
  const answer = status.value
  const verdict = judge(answer, problem.value)
  return (
    <Shell title={words().title}>
      <div class="status">
        <header class={`health health-${verdict.level}`}>
          <span class="health-dot" aria-hidden="true" />
          <div>
            <h1>{verdict.words}</h1>
            {answer !== null && (
              <p class="health-facts">{words().facts(answer.version, answer.runtime ?? '', answer.uptimeSeconds)}</p>
            )}
          </div>
        </header>
        {problem.value !== null && <ProblemNote problem={problem.value} />}
        {answer === null && problem.value === null && <Waiting what={words().asking} />}
        {answer?.notices.map((notice) => (
          <p class="note" key={notice.text}>
            <Icon name="info" />
            <span class="note-text">
              <NoticeLines notice={notice} />
            </span>
          </p>
        ))}
        {answer !== null && answer.sources === undefined && (
          <p class="note">
            <Icon name="info" />
            <span class="note-text">
              {words().forOwner} <a href={at('/setup')}>{words().signIn}</a>
            </span>
          </p>
        )}
        {answer?.streams !== undefined && (
          <Streams streams={answer.streams} samples={samples.value} mayStop={session?.role === 'admin'} />
        )}
        {answer?.sources !== undefined && (
          <section aria-labelledby="sources">
            <h2 id="sources">{words().sources}</h2>
            {answer.sources.length === 0 ? (
              <p class="nothing">
                {words().noSources} <a href={at('/')}>{words().whatToDo}</a>
              </p>
            ) : (
              <ul class="cards">
                {answer.sources.map((source) => (
                  <SourceCard key={source.id} source={source} />
                ))}
              </ul>
            )}
          </section>
        )}
      </div>
    </Shell>
  )
}

function Streams({
  streams,
  samples,
  mayStop,
}: {
  streams: readonly StreamAnswer[]
  samples: Samples
  mayStop: boolean
}) {
  const total = streams.reduce((sum, stream) => sum + stream.bitrateKbps, 0)
  const viewers = streams.reduce((sum, stream) => sum + stream.viewers.length, 0)
  return (
    <section aria-labelledby="streams">
      <h2 id="streams">
        {words().runningNow}
        {streams.length > 0 && <small>{words().summary(streams.length, viewers, formatKbps(total))}</small>}
      </h2>
      {streams.length === 0 ? (
        <p class="nothing">{words().nobody}</p>
      ) : (
        <ul class="cards">
          {streams.map((stream) => (
            <StreamCard
              key={stream.channelId}
              stream={stream}
              samples={samples.get(stream.channelId) ?? []}
              mayStop={mayStop}
            />
          ))}
        </ul>
      )}
    </section>
  )
}
