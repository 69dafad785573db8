import type { CatalogueItem, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import { channelId, channelKey } from '../../../core/lineup/channel.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../../core/lineup/stream.ts'
import type { Stream } from '../../../core/lineup/stream.ts'

/** An item of a catalogue that is unremarkable but for what is given. */
export const anItem = (item: string, given: Partial<CatalogueItem> = {}): CatalogueItem => ({
  item,
  name: `Name of ${item}`,
  media: 'tv',
  serviceRef: null,
  programNumber: null,
  slotKey: item,
  number: null,
  groups: [],
  hasLogo: false,
  guide: null,
  ...given,
})

/** A catalogue of the source `box`, or of another one. */
export const aCatalogue = (
  items: readonly CatalogueItem[],
  { source = 'box', groups = [] }: { source?: string; groups?: readonly string[] } = {},
): SourceCatalogue => ({ sourceId: sourceId(source), groups, items })

/** A stream that is unremarkable but for what is given. */
export const aStream = (item: string, given: Partial<Stream> = {}): Stream => ({
  id: streamId(sourceId('box'), item),
  sourceId: sourceId('box'),
  item,
  name: item,
  media: 'tv',
  serviceRef: null,
  programNumber: null,
  slotKey: item,
  ...given,
})

/** A channel that is unremarkable but for what is given; its number is its key. */
export const aChannel = (key: number, given: Partial<Channel> = {}): Channel => ({
  key: channelKey(key),
  id: channelId(channelKey(key)),
  number: String(key),
  name: `Channel ${key}`,
  media: 'tv',
  groups: [],
  enabled: true,
  hasLogo: false,
  guide: null,
  streams: [aStream(`item${key}`)],
  ...given,
})
