import type { Channel } from '../channel.ts'
import { createFilter } from './filter.ts'
import { subjectOf } from './subject.ts'

/** Says whether a channel is meant by a filter. */
export type ChannelJudge = (channel: Channel, isFavourite: boolean) => boolean

/** The judge that a filter's text describes. Fails with `lineup/bad-filter`. */
export function createChannelFilter(text: string): ChannelJudge {
  const isMeant = createFilter(text)
  return (channel, isFavourite) => isMeant(subjectOf(channel, isFavourite))
}
