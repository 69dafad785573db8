import { isAdultGroup } from '../../core/lineup/adult-group.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { hasProblem, isEdited } from '../../core/lineup/editor/facts.ts'
import type { HouseFacts } from '../../core/lineup/editor/facts.ts'
import { subjectOf } from '../../core/lineup/filter/subject.ts'
import { sourceNameOf } from '../../core/lineup/stored.ts'
import type { StoredChannel, StoredStream } from '../../core/lineup/stored.ts'
import type { GuideDesk } from '../guide-desk.ts'

/** What a row tells beside the channel. */
export type RowContext = {
  readonly stored: StoredChannel
  readonly facts: HouseFacts
  readonly guideDesk: GuideDesk | null
  readonly isRunning: boolean
}

/** A channel as its owner sees it in the list: what viewers get, and what lies behind it. */
export function printRow(channel: Channel, { stored, facts, guideDesk, isRunning }: RowContext) {
  const [quality = null] = subjectOf(channel, stored.favourite).quality().toSorted(sharpestFirst)
  const [layer] = guideDesk?.layers(channel) ?? (channel.guide === null ? [] : [channel.guide])
  return {
    id: channel.id,
    number: channel.number,
    name: channel.name,
    sourceName: sourceNameOf(stored),
    media: channel.media,
    quality,
    isAdult: channel.groups.some(isAdultGroup),
    groups: channel.groups,
    enabled: channel.enabled,
    favourite: stored.favourite,
    hasLogo: channel.hasLogo,
    ownLogo: channel.ownLogo ?? null,
    isEdited: isEdited(stored),
    hasProblem: hasProblem(stored, facts),
    isRunning,
    guide:
      layer === undefined ? null : { feed: layer.feed, channel: layer.channel, state: guideState(channel, guideDesk) },
    streams: stored.streams.map((stream) => ({ source: stream.sourceId, state: streamState(stream, facts) })),
  }
}

function streamState({ sourceId, goneSince, isOff }: StoredStream, { isDown }: HouseFacts) {
  if (goneSince !== null) return 'gone' as const
  if (isOff === true) return 'off' as const
  return isDown(sourceId) ? ('down' as const) : ('there' as const)
}

const SHARPNESS = ['sd', 'hd', 'uhd']
const sharpestFirst = (a: string, b: string): number => SHARPNESS.indexOf(b) - SHARPNESS.indexOf(a)

/** `chosen`: decided by somebody; `own`: what its source or a sure match says. */
const guideState = ({ key }: Channel, guideDesk: GuideDesk | null): 'chosen' | 'own' =>
  (guideDesk?.choice(key) ?? null) === null ? 'own' : 'chosen'
