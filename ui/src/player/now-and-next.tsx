import type { ChannelAnswer } from '../api/answers.ts'
import { Progress } from '../parts/progress.tsx'
import { useNow } from '../parts/use-now.ts'
import { formatClock, progressOf } from '../text/format.ts'
import { words } from './words.ts'

/** What runs on the channel and what comes after it. */
export function NowAndNext({ channel }: { channel: ChannelAnswer }) {
  const now = useNow(15_000)
  const running = channel.now !== null && channel.now.stop > now ? channel.now : null
  if (running === null && channel.next === null) return null
  return (
    <div class="now-next">
      {running !== null && (
        <>
          <p class="now-next-title">{running.title}</p>
          {running.subtitle !== null && <p class="now-next-sub">{running.subtitle}</p>}
          <div class="now-next-time">
            <time>{formatClock(running.start)}</time>
            <Progress share={progressOf(running, now)} />
            <time>{formatClock(running.stop)}</time>
          </div>
          {running.description !== null && <p class="now-next-text">{running.description}</p>}
        </>
      )}
      {channel.next !== null && (
        <p class="now-next-next">
          <span>{words().next}</span> <time>{formatClock(channel.next.start)}</time> {channel.next.title}
        </p>
      )}
    </div>
  )
}
