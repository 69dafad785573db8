import { guideId } from '../../core/lineup/channel.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { stableHash } from '../../core/stable-hash.ts'
import type { ServerClock } from './server-clock.ts'

/** A programme as `get_short_epg` lists it: texts in base64, times twice. Source: protocols/xtream.md §2.6. */
export function guideRow(programme: Programme, channel: Channel, clock: ServerClock) {
  const { start, stop, title, subtitle, description } = programme
  return {
    id: String(1 + (stableHash(`${channel.key} ${start}`) % (2 ** 31 - 1))),
    epg_id: String(channel.key),
    title: toBase64(title),
    lang: '',
    start: clock.print(start),
    end: clock.print(stop),
    description: toBase64([subtitle, description].filter((text) => text !== null && text !== '').join('\n')),
    channel_id: guideId(channel),
    start_timestamp: String(Math.floor(start / 1000)),
    stop_timestamp: String(Math.floor(stop / 1000)),
  }
}

/** The same as `get_simple_data_table` lists it. `archiveFrom`: since when programmes can be watched again; null: never. */
export const tableRow = (
  programme: Programme,
  channel: Channel,
  {
    clock,
    now,
    archiveFrom,
  }: { readonly clock: ServerClock; readonly now: number; readonly archiveFrom: number | null },
) => ({
  ...guideRow(programme, channel, clock),
  now_playing: programme.start <= now && now < programme.stop ? 1 : 0,
  has_archive: archiveFrom !== null && programme.start >= archiveFrom && programme.stop <= now ? 1 : 0,
})

/** Base64 of the text in UTF-8. */
function toBase64(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}
