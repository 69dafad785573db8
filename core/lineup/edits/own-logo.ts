import type { ChannelKey } from '../channel.ts'
import type { StoredLineup } from '../stored.ts'
import { changeChannels, getChannel } from './change-channels.ts'

/**
 * The line-up with a kept picture as the channel's logo; null goes back to what its sources have. Pure. Fails with
 * `lineup/unknown-channel`.
 */
export function setOwnLogo(stored: StoredLineup, key: ChannelKey, picture: string | null): StoredLineup {
  return changeChannels(stored, new Map([[key, { ...getChannel(stored, key), ownLogo: picture }]]))
}
