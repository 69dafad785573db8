import type { Channel } from '../lineup/channel.ts'
import { readChannelName } from '../lineup/match/channel-name.ts'
import { parseServiceRef } from '../lineup/service-reference.ts'
import { plainText } from '../plain-text.ts'

/** A channel as devices list it. Numbers are texts and flags are 1 or absent, as clients with strict readers want it. */
export type LineupEntry = {
  readonly GuideNumber: string
  readonly GuideName: string
  readonly VideoCodec?: string
  readonly HD?: 1
  readonly Favorite?: 1
  readonly URL: string
}

/** The channel as an entry; `root` is the address of its device, without a slash at the end. No query: clients append one. */
export function lineupEntry(
  channel: Channel,
  { root, isFavourite }: { readonly root: string; readonly isFavourite: boolean },
): LineupEntry {
  const type = serviceType(channel)
  const codec = type === null ? undefined : CODECS[type]
  return {
    GuideNumber: channel.number,
    GuideName: plainText(channel.name) || `Channel ${channel.number}`,
    ...(codec === undefined ? {} : { VideoCodec: codec }),
    ...(isHd(channel, type) ? { HD: 1 } : {}),
    ...(isFavourite ? { Favorite: 1 } : {}),
    URL: `${root}/auto/v${channel.number}`,
  }
}

// EN 300 468, table 87: MPEG-2 SD, MPEG-2 HD, H.264 SD, H.264 HD, HEVC.
const CODECS: Readonly<Record<number, string>> = {
  0x01: 'MPEG2',
  0x11: 'MPEG2',
  0x16: 'H264',
  0x19: 'H264',
  0x1f: 'HEVC',
}
const HD_TYPES: ReadonlySet<number> = new Set([0x11, 0x19, 0x1f])

/** The DVB type of the service; null where the first stream is none. */
function serviceType({ streams }: Channel): number | null {
  const ref = streams[0]?.serviceRef
  return ref === null || ref === undefined ? null : (parseServiceRef(ref)?.serviceType ?? null)
}

/** By the broadcaster's word, else by the marks in the name. */
function isHd({ name }: Channel, type: number | null): boolean {
  if (type !== null && HD_TYPES.has(type)) return true
  const { sharpness } = readChannelName(name)
  return sharpness === 'hd' || sharpness === 'uhd'
}
