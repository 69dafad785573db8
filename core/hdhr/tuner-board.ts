import type { ChannelId } from '../lineup/channel.ts'

/**
 * Which tuner of a virtual device carries which channel. A channel keeps its tuner as long as it runs; a new one gets the
 * lowest free one. Where channels share a transponder there may be more of them than tuners: those have none to show.
 */
export class TunerBoard {
  #tuners = new Map<ChannelId, number>()

  /** Brings the board up to date: the channels that run now (in order of their start), and how many tuners there are. */
  update(running: Iterable<ChannelId>, count: number): void {
    const before = this.#tuners
    const channels = [...running]
    this.#tuners = new Map(
      channels.flatMap((channel): [ChannelId, number][] => {
        const tuner = before.get(channel)
        return tuner === undefined || tuner >= count ? [] : [[channel, tuner]]
      }),
    )
    for (const channel of channels) {
      if (this.#tuners.has(channel)) continue
      const free = this.#free(count)
      if (free !== null) this.#tuners.set(channel, free)
    }
  }

  #free(count: number): number | null {
    const taken = new Set(this.#tuners.values())
    for (let tuner = 0; tuner < count; tuner++) if (!taken.has(tuner)) return tuner
    return null
  }

  /** The tuner that carries the channel; null: none. */
  tunerOf(channel: ChannelId): number | null {
    return this.#tuners.get(channel) ?? null
  }

  /** The channel on a tuner; null: it is free. */
  channelOn(tuner: number): ChannelId | null {
    for (const [channel, number] of this.#tuners) if (number === tuner) return channel
    return null
  }

  /** Gives a free tuner to a channel that has none and is about to run; false: another channel is on it. */
  claim(tuner: number, channel: ChannelId): boolean {
    const holder = this.channelOn(tuner)
    if (holder !== null) return holder === channel
    // A channel that runs already stays where it is: there is one upstream for all who watch it.
    if (!this.#tuners.has(channel)) this.#tuners.set(channel, tuner)
    return true
  }
}
