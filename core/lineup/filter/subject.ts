import type { Channel } from '../channel.ts'
import { readSharpness } from '../match/channel-name.ts'
import { createFactReader, sharpnessOf } from '../match/facts.ts'
import { foldName } from './words.ts'

/** What filters see of a channel. */
export type ChannelSubject = Pick<Channel, 'id' | 'number' | 'name' | 'media' | 'groups' | 'enabled' | 'hasLogo'> & {
  /** The name without case, accents and decoration. */
  readonly folded: string
  readonly hasGuide: boolean
  readonly favourite: boolean
  /** Whether the owner changed it by hand. */
  readonly isEdited: boolean
  readonly hasProblem: boolean
  readonly sources: readonly string[]
  readonly streams: number
  /** Codes of countries by the marks in names and groups of its streams (`DE`); worked out only if asked for. */
  country(): readonly string[]
  /** `sd`, `hd`, `uhd` of its streams, as far as marked. */
  quality(): readonly string[]
}

/** What is known of channels beside what viewers get. Asked for only by filters that want to know. */
export interface ChannelMarks {
  isEdited(channel: Channel): boolean
  hasProblem(channel: Channel): boolean
  hasGuide(channel: Channel): boolean
  /** The name as `foldName` makes it; who searches often remembers it. */
  folded(channel: Channel): string
}

/** What the channel says of itself: its source's guide, and whether there is anything to play. */
const OWN_MARKS: ChannelMarks = {
  isEdited: () => false,
  hasProblem: ({ streams }) => streams.length === 0,
  hasGuide: ({ guide }) => guide !== null,
  folded: ({ name }) => foldName(name),
}

/** A channel as filters see it. `favourite` is not part of what viewers get. */
export const subjectOf = (channel: Channel, favourite: boolean, marks: ChannelMarks = OWN_MARKS): ChannelSubject =>
  new Subject(channel, favourite, marks)

/** One object for a channel, and nothing worked out: filters look at 100,000 of them, and at a field or two of each. */
class Subject implements ChannelSubject {
  readonly favourite: boolean
  readonly #channel: Channel
  readonly #marks: ChannelMarks

  constructor(channel: Channel, favourite: boolean, marks: ChannelMarks) {
    this.#channel = channel
    this.favourite = favourite
    this.#marks = marks
  }

  get id() {
    return this.#channel.id
  }
  get number() {
    return this.#channel.number
  }
  get name() {
    return this.#channel.name
  }
  get media() {
    return this.#channel.media
  }
  get groups() {
    return this.#channel.groups
  }
  get enabled() {
    return this.#channel.enabled
  }
  get hasLogo() {
    return this.#channel.hasLogo
  }
  get folded() {
    return this.#marks.folded(this.#channel)
  }
  get hasGuide() {
    return this.#marks.hasGuide(this.#channel)
  }
  get isEdited() {
    return this.#marks.isEdited(this.#channel)
  }
  get hasProblem() {
    return this.#marks.hasProblem(this.#channel)
  }
  get sources() {
    return this.#channel.streams.map((stream) => stream.sourceId)
  }
  get streams() {
    return this.#channel.streams.length
  }
  country() {
    return this.#facts().flatMap(({ country }) => (country === null ? [] : [country]))
  }
  quality() {
    return this.#channel.streams.flatMap(({ name, serviceRef }) => {
      const sharpness = sharpnessOf({ sharpness: readSharpness(name) }, serviceRef)
      return sharpness === null ? [] : [sharpness]
    })
  }

  #facts() {
    const { groups, guide, streams } = this.#channel
    const read = createFactReader()
    return streams.map((stream) => read(stream.sourceId, { ...stream, groups, guide }))
  }
}
