import type { ChannelAnswer } from '../api/answers.ts'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Progress } from '../parts/progress.tsx'
import { formatClock, formatClockRange, progressOf } from '../text/format.ts'
import { at } from '../api/base.ts'
import { words } from './words.ts'

/** The page that plays a channel. A channel of several sources is named by its first. */
export function playerPath(channel: Pick<ChannelAnswer, 'id' | 'sources'>): string {
  return at(`/player/${encodeURIComponent(channel.sources[0] ?? 'any')}/${encodeURIComponent(channel.id)}`)
}

/** One channel: what it is called and what runs on it. */
export function ChannelRow({
  channel,
  now,
  tabIndex,
  onFocus,
}: {
  channel: ChannelAnswer
  now: number
  tabIndex: number
  onFocus: () => void
}) {
  const present = channel.now !== null && channel.now.stop > now ? channel.now : null
  // The guide went on while this page was open: what was next is now.
  const turned = present === null && channel.next !== null && channel.next.start <= now && channel.next.stop > now
  const running = turned ? channel.next : present
  const next = turned ? null : channel.next
  return (
    <a class="channel" href={playerPath(channel)} tabIndex={tabIndex} onFocus={onFocus}>
      <span class="channel-number">{channel.number}</span>
      <ChannelLogo channel={channel} />
      <span class="channel-name">
        <span class="channel-title">{channel.name}</span>
        {channel.groups[0] !== undefined && <span class="channel-group">{channel.groups[0]}</span>}
      </span>
      <span class="channel-now">
        {running === null ? (
          <span class="channel-silent">{words().noProgramme}</span>
        ) : (
          <>
            <span class="programme">
              <span class="programme-title">{running.title}</span>
              <time class="programme-time">{formatClockRange(running.start, running.stop)}</time>
            </span>
            <Progress share={progressOf(running, now)} />
          </>
        )}
      </span>
      <span class="channel-next">
        {next !== null && (
          <>
            <time class="programme-time">{formatClock(next.start)}</time>
            <span class="programme-next">{next.title}</span>
          </>
        )}
      </span>
    </a>
  )
}
