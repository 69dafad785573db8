import { useSignal } from '@preact/signals'
import { order } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Graph } from '../parts/graph.tsx'
import { Icon } from '../parts/icon.tsx'
import { useToasts } from '../parts/toast.tsx'
import { failureText } from '../text/failures.ts'
import { formatBytes, formatClockSeconds, formatKbps, formatSeconds } from '../text/format.ts'
import type { Figures, Running, Viewer } from './answers.ts'
import { StreamPicker } from './stream-picker.tsx'
import { words } from './words.ts'

const MODES: Readonly<Record<string, string>> = { ts: 'TS', hls: 'HLS', hdhr: 'HDHomeRun', xtream: 'Xtream' }

/** One running stream: why it is as it is, its bit rate, who watches, and what can be done. `brief`: without graph and history. */
export function RunningCard({
  stream,
  figures,
  now,
  brief = false,
}: {
  stream: Running
  figures: readonly Figures[]
  now: number
  brief?: boolean
}) {
  const { id, channelName: name, kind, viewers, switches } = stream
  const mine = figures.flatMap(({ at, perStream }) => {
    const found = perStream.find((one) => one.id === id)
    return found === undefined ? [] : [{ at, ...found }]
  })
  return (
    <li class="card running" aria-label={name}>
      <header class="card-head">
        <h3>{name}</h3>
        <span class={`state state-${stream.state === 'live' ? 'good' : stream.state === 'switching' ? 'bad' : 'idle'}`}>
          {kind === 'live' ? lookUp(words().states, stream.state) : kind === 'film' ? words().film : words().past}
        </span>
      </header>
      <p class="card-facts">
        {words().from(stream.sourceId)} · {words().since((now - stream.startedAt) / 1000)} ·{' '}
        {formatBytes(stream.bytesOut)}
        {stream.continuityErrors > 0 && <> · {words().lost(stream.continuityErrors)}</>}
        {stream.bufferedMs > 0 && <> · {words().buffered(formatSeconds(stream.bufferedMs / 1000))}</>}
      </p>
      {kind === 'live' && (
        <p class="card-facts">{stream.slate === null ? lookUp(words().why, stream.state) : words().slate}</p>
      )}
      {!brief && (
        <Graph
          label={words().rate(name)}
          times={mine.map(({ at }) => at)}
          series={[
            { name: words().in, values: mine.map(({ inKbps }) => inKbps) },
            { name: words().out, values: mine.map(({ outKbps }) => outKbps) },
          ]}
          format={formatKbps}
        />
      )}
      <ul class="plain viewers">
        {viewers.map((viewer) => (
          <ViewerRow key={viewer.id} viewer={viewer} stream={stream} />
        ))}
      </ul>
      {!brief && switches.length > 0 && (
        <details class="running-switches">
          <summary>{words().switches(switches.length)}</summary>
          <ol class="plain">
            {switches.toReversed().map((change) => (
              <li key={change.at}>
                <time dateTime={new Date(change.at).toISOString()}>{formatClockSeconds(change.at)}</time>{' '}
                {words().switched(change.fromName ?? change.from, change.toName ?? change.to)} ·{' '}
                {failureText(change.code)?.title ?? change.code} · {formatSeconds(change.gapMs / 1000)}
              </li>
            ))}
          </ol>
        </details>
      )}
      <div class="card-actions">
        {kind === 'live' && !brief && <NextButton stream={stream} />}
        {kind === 'live' && !brief && <StreamPicker stream={stream} />}
        <StopButton
          label={words().stopNamed(name)}
          title={words().stopTitle(name)}
          text={words().stopText(viewers.length)}
          done={words().stopped(name)}
          path={`/api/v1/streams/${encodeURIComponent(id)}`}
        />
      </div>
    </li>
  )
}

const lookUp = (names: Readonly<Record<string, string>>, name: string): string => names[name] ?? name

function ViewerRow({ viewer, stream }: { viewer: Viewer; stream: Running }) {
  const who = viewer.user ?? words().anonymous
  const name = stream.channelName
  const path = `/api/v1/streams/${encodeURIComponent(stream.id)}/viewers/${encodeURIComponent(viewer.id)}`
  return (
    <li>
      <Icon name="user" />
      <span class="viewer-who">
        {who}{' '}
        <small>{[viewer.address, viewer.player].filter((text) => text !== null && text !== '').join(' · ')}</small>
      </span>
      {viewer.mode !== 'file' && <span class="tag">{MODES[viewer.mode] ?? viewer.mode}</span>}
      {viewer.quality !== 'original' && <span class="tag">{viewer.quality}</span>}
      {(viewer.delayMs ?? 0) > 2000 && (
        <span class="tag">{words().behind(formatSeconds((viewer.delayMs ?? 0) / 1000))}</span>
      )}
      <StopButton
        quiet
        label={words().stopViewer(who, name)}
        title={words().stopViewerTitle(who)}
        text={words().stopViewerText(name)}
        done={words().stopped(who)}
        path={path}
      />
    </li>
  )
}

function NextButton({ stream }: { stream: Running }) {
  const toasts = useToasts()
  const next = async () => {
    try {
      await order(`/api/v1/streams/${encodeURIComponent(stream.id)}/switch`, { method: 'POST', json: {} })
      toasts.show({ text: words().switching(stream.channelName) })
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }
  return (
    <button type="button" class="button" aria-label={words().nextNamed(stream.channelName)} onClick={() => void next()}>
      <Icon name="refresh" /> {words().next}
    </button>
  )
}

/** Asks before it stops, and names what it stops. */
function StopButton({
  label,
  title,
  text,
  done,
  path,
  quiet = false,
}: {
  label: string
  title: string
  text: string
  done: string
  path: string
  quiet?: boolean
}) {
  const toasts = useToasts()
  const isAsked = useSignal(false)
  const isBusy = useSignal(false)
  const close = () => {
    isAsked.value = false
  }
  const stop = async () => {
    isBusy.value = true
    try {
      await order(path, { method: 'DELETE' })
      toasts.show({ text: done })
    } catch (thrown) {
      toasts.fail(thrown)
    } finally {
      isBusy.value = false
      close()
    }
  }
  return (
    <>
      <button
        type="button"
        class={`button${quiet ? ' button-quiet button-icon' : ''}`}
        aria-label={label}
        onClick={() => {
          isAsked.value = true
        }}
      >
        <Icon name="stop" /> {!quiet && words().stop}
      </button>
      <Dialog
        urgent
        title={title}
        open={isAsked.value}
        onClose={close}
        actions={
          <>
            <button type="button" class="button button-quiet" onClick={close}>
              {words().keep}
            </button>
            <button type="button" class="button button-danger" disabled={isBusy.value} onClick={() => void stop()}>
              {label}
            </button>
          </>
        }
      >
        <p>{text}</p>
      </Dialog>
    </>
  )
}
