import type { ChannelDetailAnswer } from '../api/answers.ts'
import type { Problem } from '../api/problem.ts'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { FailureCard } from './failure-card.tsx'
import type { PlaybackState } from './playback.ts'
import { at } from '../api/base.ts'
import { words } from './words.ts'

/** What lies over the picture: tuning, a failure with its way on, the offer of sound, the face of a radio channel. */
export function StageNotices({
  channel,
  problem,
  state,
  undecodable,
  soundBlocked,
  prefix,
  onConvert,
  onRetry,
  onSound,
}: {
  channel: ChannelDetailAnswer | null
  /** Why the channel is not known. */
  problem: Problem | null
  state: PlaybackState | null
  undecodable: string | null
  soundBlocked: boolean
  prefix: string
  onConvert: (() => void) | null
  onRetry: (() => void) | null
  onSound: () => void
}) {
  if (channel === null) {
    return (
      <div class="stage-center">
        {problem === null ? (
          <Waiting what={words().tuning} />
        ) : (
          <ProblemNote problem={problem}>
            <a class="button" href={at('/')}>
              {words().otherChannels}
            </a>
          </ProblemNote>
        )}
      </div>
    )
  }
  if (state === null || state.kind === 'opening') {
    return (
      <div class="stage-center">
        <Waiting what={words().tuningTo(channel.name)} />
      </div>
    )
  }
  if (state.kind !== 'playing') {
    return (
      <div class="stage-center">
        <FailureCard
          failure={state.failure}
          picture={undecodable}
          until={state.kind === 'waiting' ? state.until : null}
          channel={channel}
          prefix={prefix}
          onConvert={onConvert}
          onRetry={onRetry}
        />
      </div>
    )
  }
  return (
    <>
      {channel.media === 'radio' && (
        <div class="radio-face">
          <ChannelLogo channel={channel} />
        </div>
      )}
      {soundBlocked && (
        <button type="button" class="sound-pill" onClick={onSound}>
          <Icon name="mute" />
          {words().tapForSound}
        </button>
      )}
    </>
  )
}
