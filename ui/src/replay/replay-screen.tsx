import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { ChannelDetailAnswer } from '../api/answers.ts'
import { at, here } from '../api/base.ts'
import { ask } from '../api/request.ts'
import { GuideAnswer } from '../guide/answers.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { Icon } from '../parts/icon.tsx'
import { formatClockRange, formatDay } from '../text/format.ts'
import { usePlaysAlone } from '../watching/use-plays-alone.ts'
import { pastPath } from './span.ts'
import type { Span } from './span.ts'
import { words } from './words.ts'
import './replay.css'

/** Plays what a channel has shown, with pause, from the archive of its source or from our own. */
export function ReplayScreen({ channelId, span, prefix }: { channelId: string; span: Span; prefix: string }) {
  usePlaysAlone()
  const video = useRef<HTMLVideoElement>(null)
  const state = useSignal<'playing' | 'failed' | 'over'>('playing')
  const names = useSignal<{ readonly channel: string; readonly title: string | null }>({ channel: '', title: null })
  const { start, stop } = span
  const path = pastPath(channelId, span)
  useEffect(() => {
    const element = video.current
    if (element === null) return
    state.value = 'playing'
    const fail = () => {
      state.value = 'failed'
    }
    let close: (() => void) | null = null
    let gone = false
    // A front does not carry what plays it.
    void import('../parts/ts-file.ts').then(({ playTsFile }) => {
      if (!gone) close = playTsFile(element, at(path), fail)
    }, fail)
    return () => {
      gone = true
      close?.()
    }
  }, [path, state])
  useEffect(() => {
    const abort = new AbortController()
    const { signal } = abort
    const window = new URLSearchParams({
      channels: channelId,
      from: new Date(start).toISOString(),
      to: new Date(start + 1000).toISOString(),
    })
    // Without its name a programme plays all the same.
    void ask(`/api/v1/channels/${encodeURIComponent(channelId)}`, ChannelDetailAnswer, { signal }).then(
      ({ name }) => {
        names.value = { ...names.peek(), channel: name }
      },
      () => undefined,
    )
    void ask(`/api/v1/guide/programmes?${window.toString()}`, GuideAnswer, { signal }).then(
      ({ items }) => {
        names.value = { ...names.peek(), title: items[0]?.programmes[0]?.title ?? null }
      },
      () => undefined,
    )
    return () => abort.abort()
  }, [channelId, start, names])
  const { channel, title } = names.value
  const heading = title ?? channel
  useEffect(() => {
    document.title = `${heading === '' ? words().replay : heading} · downlink`
  }, [heading])
  return (
    <main class="replay" id="main" tabIndex={-1}>
      <header class="replay-top">
        <a class="button button-icon" href={at('/guide')} aria-label={words().back}>
          <Icon name="back" />
        </a>
        <div>
          <h1>{heading === '' ? words().replay : heading}</h1>
          <p class="replay-facts">
            {[channel, formatDay(start), formatClockRange(start, stop)].filter((one) => one !== '').join(' · ')}
          </p>
        </div>
      </header>
      {/* The raw stream's subtitles are none that a browser could show. */}
      <video
        ref={video}
        controls
        autoplay
        playsInline
        data-state={state.value}
        aria-label={heading}
        onEnded={() => {
          state.value = 'over'
        }}
      />
      <footer class="replay-end">
        {state.value !== 'playing' && (
          <p role="alert">{state.value === 'failed' ? words().cannotPlay : words().over}</p>
        )}
        <a class="button" href={at(`/player/any/${encodeURIComponent(channelId)}`)}>
          <Icon name="tv" />
          {words().live}
        </a>
        {state.value === 'failed' && (
          <CopyField label={words().elsewhere} text={`${here()}${prefix}${path.replace('&quality=audio', '')}`} />
        )}
      </footer>
    </main>
  )
}
