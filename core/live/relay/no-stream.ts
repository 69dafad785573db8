import { Failure } from '../../errors.ts'
import { everyStream } from '../../lineup/channel.ts'
import type { Channel } from '../../lineup/channel.ts'

/** Why a channel without a stream that may be opened cannot be watched. */
export const noStream = (channel: Pick<Channel, 'name' | 'streams' | 'offStreams'>): Failure =>
  everyStream(channel).length === 0
    ? new Failure('live/refused', `"${channel.name}" has no stream`)
    : new Failure('live/all-off', `Cannot open "${channel.name}": all of its streams are switched off`)
