import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import type { PlaybackFailure } from './failure.ts'
import { playlistFile, wordsOf } from './explain.ts'
import { words } from './words.ts'
import { at, here } from '../api/base.ts'

type Named = { readonly id: string; readonly name: string; readonly number: string }

/** What went wrong, what happens next, and the ways on. `until`: when it is tried again by itself; null: not at all. */
export function FailureCard({
  failure,
  picture,
  until,
  channel,
  prefix,
  onConvert,
  onRetry,
}: {
  failure: PlaybackFailure
  picture: string | null
  until: number | null
  channel: Named
  prefix: string
  /** Plays what the gateway converts for this browser; null: it cannot, or does so already. */
  onConvert: (() => void) | null
  /** Absent when another try cannot end differently. */
  onRetry: (() => void) | null
}) {
  const say = wordsOf(failure, picture, onConvert !== null)
  return (
    <div class="failure" role="alert">
      <Icon name="alert" />
      <h2>{say.title}</h2>
      <p>{say.advice}</p>
      {failure.code !== null && <code class="code-tag">{failure.code}</code>}
      <div class="row">
        {until !== null && <Countdown until={until} />}
        {say.convert && onConvert !== null && (
          <button type="button" class="button button-strong" onClick={onConvert}>
            {words().failure.playConverted}
          </button>
        )}
        {say.elsewhere && <Elsewhere channel={channel} prefix={prefix} isFirst={!say.convert} />}
        {onRetry !== null && (
          <button type="button" class={`button${say.elsewhere ? '' : ' button-strong'}`} onClick={onRetry}>
            {until === null ? words().failure.tryAgain : words().failure.tryNow}
          </button>
        )}
        {say.signIn && (
          <a class="button" href={at('/setup')}>
            {words().failure.toSignIn}
          </a>
        )}
        <a class="button" href={at('/')}>
          {words().otherChannels}
        </a>
      </div>
    </div>
  )
}

function Countdown({ until }: { until: number }) {
  const left = useSignal(Math.ceil((until - Date.now()) / 1000))
  useEffect(() => {
    const timer = setInterval(() => {
      left.value = Math.max(0, Math.ceil((until - Date.now()) / 1000))
    }, 250)
    return () => clearInterval(timer)
  }, [until, left])
  // Not live for screen readers: a number read out every second would drown the message.
  return (
    <span class="countdown" aria-hidden="true">
      {words().failure.nextTry(left.value)}
    </span>
  )
}

/** The stream's address and a playlist file of it, for VLC and the like. */
export function Elsewhere({ channel, prefix, isFirst }: { channel: Named; prefix: string; isFirst: boolean }) {
  const address = `${here()}${prefix}/live/${encodeURIComponent(channel.id)}.ts`
  const file = useSignal('')
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([playlistFile(channel, address)], { type: 'audio/x-mpegurl' }))
    file.value = url
    return () => URL.revokeObjectURL(url)
  }, [channel, address, file])
  return (
    <>
      <a
        class={`button${isFirst ? ' button-strong' : ''}`}
        href={file.value}
        download={`${channel.name.replace(/[^\p{L}\p{N} ._-]+/gu, '')}.m3u`}
      >
        {words().failure.openInVlc}
      </a>
      <a class="button button-quiet" href={address} download={`${channel.id}.ts`}>
        {words().failure.streamAddress}
      </a>
    </>
  )
}
