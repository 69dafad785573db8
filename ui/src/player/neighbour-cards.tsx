import type { ChannelAnswer } from '../api/answers.ts'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Icon } from '../parts/icon.tsx'
import type { IconName } from '../parts/icon.tsx'
import type { Neighbours } from './zap.ts'
import { words } from './words.ts'

/** What runs on the channels beside this one; shown where a phone has room below the picture. */
export function NeighbourCards({
  neighbours,
  onZap,
}: {
  neighbours: Neighbours | null
  onZap: (channel: ChannelAnswer) => void
}) {
  if (neighbours === null) return null
  const { previous, next } = neighbours
  const cards: readonly (readonly [IconName, ChannelAnswer | null])[] = [
    ['up', next],
    ['down', next?.id === previous?.id ? null : previous],
  ]
  return (
    <div class="neighbours" role="group" aria-label={words().neighbours}>
      {cards.map(
        ([icon, channel]) =>
          channel !== null && (
            <button key={icon} type="button" class="neighbour" onClick={() => onZap(channel)}>
              <ChannelLogo channel={channel} />
              <span class="neighbour-words">
                <strong>
                  {channel.number} {channel.name}
                </strong>
                {channel.now !== null && <span>{channel.now.title}</span>}
              </span>
              <Icon name={icon} />
            </button>
          ),
      )}
    </div>
  )
}
