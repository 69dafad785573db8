import type { ChannelDetailAnswer } from '../api/answers.ts'
import { Waiting } from '../parts/waiting.tsx'
import { wordsOf } from './explain.ts'
import { Glass } from './glass.tsx'
import type { PlaybackState } from './playback.ts'
import type { Corner } from './small-settings.ts'
import { words } from './words.ts'
import type { Neighbours } from './zap.ts'

/** What the buttons of the small window do. */
export type SmallActions = {
  readonly zap: (to: { id: string; sources: string[] } | null | undefined) => void
  readonly toggleMute: () => void
  /** Back to the whole screen. */
  readonly enlarge: () => void
  readonly close: () => void
  readonly move: () => void
  /** Null: this browser has no window of its own for it. */
  readonly toggleAbove: (() => void) | null
}

/** What stands below the picture while it is small: its name, and the buttons that somebody needs who does something else. */
export function SmallBar({
  channel,
  neighbours,
  muted,
  corner,
  ...actions
}: SmallActions & {
  channel: ChannelDetailAnswer | null
  neighbours: Neighbours | null
  muted: boolean
  corner: Corner
}) {
  const previous = neighbours?.previous ?? null
  const next = neighbours?.next ?? null
  return (
    <div class="small-bar">
      <p class="small-name">
        {channel !== null && <span class="channel-number">{channel.number}</span>} {channel?.name}
      </p>
      <div class="small-buttons">
        <Glass
          icon={muted ? 'mute' : 'sound'}
          label={muted ? words().soundOn : words().soundOff}
          onClick={actions.toggleMute}
        />
        <Glass
          icon="down"
          label={words().previousChannel(previous?.name ?? '')}
          disabled={previous === null}
          onClick={() => actions.zap(previous)}
        />
        <Glass
          icon="up"
          label={words().nextChannel(next?.name ?? '')}
          disabled={next === null}
          onClick={() => actions.zap(next)}
        />
        <span class="controls-gap" />
        <span class="small-desk">
          {actions.toggleAbove !== null && (
            <Glass icon="above" label={words().small.above} onClick={actions.toggleAbove} />
          )}
          <Glass
            icon={corner === 'right' ? 'left' : 'right'}
            label={corner === 'right' ? words().small.toLeft : words().small.toRight}
            onClick={actions.move}
          />
        </span>
        <Glass icon="full" label={words().small.enlarge} onClick={actions.enlarge} />
        <Glass icon="close" label={words().small.close} onClick={actions.close} />
      </div>
    </div>
  )
}

/** What lies over the small picture: that it tunes, or what went wrong in one line. */
export function SmallNotice({
  channel,
  state,
  undecodable,
}: {
  channel: ChannelDetailAnswer | null
  state: PlaybackState | null
  undecodable: string | null
}) {
  if (state?.kind === 'playing') return null
  if (state === null || state.kind === 'opening')
    return (
      <div class="small-notice">
        <Waiting what={channel === null ? words().tuning : words().tuningTo(channel.name)} />
      </div>
    )
  return (
    <div class="small-notice" role="status">
      {wordsOf(state.failure, undecodable, false).title}
    </div>
  )
}
