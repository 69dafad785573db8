import type { Channel } from '../channel.ts'
import { createFactReader } from '../match/facts.ts'

/** What filters see of a channel. */
export type ChannelSubject = Pick<Channel, 'id' | 'number' | 'name' | 'media' | 'groups' | 'enabled' | 'hasLogo'> & {
  readonly hasGuide: boolean
  readonly favourite: boolean
  readonly sources: readonly string[]
  readonly streams: number
  /** Codes of countries by the marks in names and groups of its streams (`DE`); worked out only if asked for. */
  country(): readonly string[]
  /** `sd`, `hd`, `uhd` of its streams, as far as marked. */
  quality(): readonly string[]
}

/** A channel as filters see it. `favourite` is not part of what viewers get. */
export function subjectOf(channel: Channel, favourite: boolean): ChannelSubject {
  const { id, number, name, media, groups, enabled, hasLogo, guide, streams } = channel
  const facts = () => {
    const read = createFactReader()
    return streams.map((stream) => read(stream.sourceId, { ...stream, groups, guide }))
  }
  return {
    id,
    number,
    name,
    media,
    groups,
    enabled,
    hasLogo,
    favourite,
    hasGuide: guide !== null,
    sources: streams.map((stream) => stream.sourceId),
    streams: streams.length,
    country: () => facts().flatMap(({ country }) => (country === null ? [] : [country])),
    quality: () => facts().flatMap(({ sharpness }) => (sharpness === null ? [] : [sharpness])),
  }
}
