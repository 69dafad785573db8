import { useSignal } from '@preact/signals'
import type { StreamAnswer } from '../api/answers.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { order } from '../api/request.ts'
import { playerPath } from '../lineup/channel-row.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { formatBytes, formatKbps } from '../text/format.ts'
import { sparkPath } from './samples.ts'
import { words } from './words.ts'

const MODES: Readonly<Record<string, string>> = { ts: 'TS', hls: 'HLS', hdhr: 'HDHomeRun', xtream: 'Xtream' }

/** One running stream with its viewers, and for the owner the button that ends it. */
export function StreamCard({
  stream,
  samples,
  mayStop,
}: {
  stream: StreamAnswer
  samples: readonly number[]
  mayStop: boolean
}) {
  const { viewers } = stream
  return (
    <li class="card">
      <header class="card-head">
        <h3>
          <a href={playerPath({ id: stream.channelId, sources: [stream.sourceId] })}>{stream.channelName}</a>
        </h3>
        <span class={`state state-${stream.state === 'live' ? 'good' : 'idle'}`}>{stateName(stream.state)}</span>
      </header>
      <p class="card-facts">
        {words().from(stream.sourceId)} · {words().since((Date.now() - stream.startedAt) / 1000)} ·{' '}
        {words().bytes(formatBytes(stream.bytesIn), formatBytes(stream.bytesOut))}
        {stream.continuityErrors > 0 && <> · {words().missing(stream.continuityErrors)}</>}
      </p>
      <div class="rate">
        <span class="rate-number">{formatKbps(stream.bitrateKbps)}</span>
        <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
          <path class="spark-ground" d="M0 23H100" />
          <path d={sparkPath(samples)} />
        </svg>
      </div>
      {viewers.length === 0 ? (
        <p class="card-facts">{words().noViewers}</p>
      ) : (
        <ul class="plain viewers">
          {viewers.map((viewer) => (
            <li key={viewer.id}>
              <Icon name="user" />
              <span>
                {viewer.user ?? words().anonymous} <small>{viewer.address}</small>
              </span>
              <span class="tag">{MODES[viewer.mode] ?? viewer.mode}</span>
              {viewer.quality !== 'original' && <span class="tag">{qualityName(viewer.quality)}</span>}
            </li>
          ))}
        </ul>
      )}
      {mayStop && <StopButton stream={stream} />}
    </li>
  )
}

const stateName = (state: string): string => {
  const names: Readonly<Record<string, string>> = words().streamStates
  return names[state] ?? state
}

const qualityName = (quality: string): string =>
  quality === 'audio' ? 'AAC' : quality === 'radio' ? words().radio : quality

function StopButton({ stream }: { stream: StreamAnswer }) {
  const asked = useSignal(false)
  const busy = useSignal(false)
  const problem = useSignal<Problem | null>(null)
  const count = stream.viewers.length
  const stop = async () => {
    busy.value = true
    problem.value = null
    try {
      await order(`/api/v1/streams/${encodeURIComponent(stream.channelId)}`, { method: 'DELETE' })
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      busy.value = false
      asked.value = false
    }
  }
  return (
    <div class="card-actions">
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {asked.value ? (
        <>
          <button type="button" class="button button-danger" disabled={busy.value} onClick={() => void stop()}>
            {count === 0 ? words().stopNow : words().stopFor(count)}
          </button>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              asked.value = false
            }}
          >
            {words().keep}
          </button>
        </>
      ) : (
        <button
          type="button"
          class="button"
          aria-label={words().stopNamed(stream.channelName)}
          onClick={() => {
            asked.value = true
          }}
        >
          <Icon name="stop" /> {words().stop}
        </button>
      )}
    </div>
  )
}
