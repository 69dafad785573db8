import type { ChannelId } from '../../lineup/channel.ts'

/** Channels that are remembered; the one that was quiet the longest is forgotten first. */
const MOST_CHANNELS = 1000

/** What decoders could not read of channels: frames that are broken. Counts only rise. */
export class DecoderComplaints {
  readonly #byChannel = new Map<ChannelId, number>()
  #total = 0

  note(channel: ChannelId, count: number): void {
    if (count <= 0) return
    this.#total += count
    const before = this.#byChannel.get(channel) ?? 0
    this.#byChannel.delete(channel)
    this.#byChannel.set(channel, before + count)
    const [oldest] = this.#byChannel.keys()
    if (this.#byChannel.size > MOST_CHANNELS && oldest !== undefined) this.#byChannel.delete(oldest)
  }

  of(channel: ChannelId): number {
    return this.#byChannel.get(channel) ?? 0
  }

  get total(): number {
    return this.#total
  }
}
