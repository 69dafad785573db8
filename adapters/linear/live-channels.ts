import { Failure } from '../../core/errors.ts'
import { parseChannelId } from '../../core/lineup/channel.ts'
import type { LineupReader } from '../../core/lineup/lineup.ts'
import type { Hub } from '../../core/live/hub.ts'
import type { LiveChannels } from '../playout/ports.ts'

/**
 * Channels of the house for slots that pass one on: through the hub, so that a channel somebody watches already has one
 * upstream. `self`: the stream that asks; a channel that it is part of would wait for itself.
 */
export function createLiveChannels({
  hub,
  lineup,
  self,
}: {
  readonly hub: Pick<Hub, 'consume'>
  readonly lineup: Pick<LineupReader, 'current'>
  readonly self: string
}): LiveChannels {
  return {
    async join(text, events, signal) {
      const id = parseChannelId(text)
      const channel = id === null ? undefined : lineup.current().byId.get(id)
      if (channel === undefined) throw new Failure('lineup/unknown-channel', `There is no channel "${text}" to pass on`)
      if (channel.streams.some((stream) => stream.id === self))
        throw new Failure('live/refused', `The channel "${channel.name}" cannot pass on itself`)
      const seat = await hub.consume(
        channel,
        {
          program() {},
          chunk: ({ bytes }) => events.data(bytes),
          end: (failure) => events.ended(failure?.message ?? 'The channel has ended'),
          // Those who watch sit at the channel that passes it on.
          viewers: () => [],
        },
        signal,
      )
      return { leave: () => seat.leave() }
    },
  }
}
