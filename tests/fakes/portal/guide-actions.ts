import type { PortalChannel, PortalProgramme } from './model.ts'
import { programmesOf } from './model.ts'
import { page } from './live-actions.ts'
import type { Portal } from './portal.ts'
import { envelope, zoneOf } from './reply.ts'
import type { PortalCall, PortalReply } from './reply.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** `get_epg_info`: filled on stock portals, meagre on xc29, empty on xui (stalker.md §7). */
export function bulkGuide(portal: Portal, call: PortalCall): PortalReply {
  const { mode, model, quirks, now } = portal
  const seconds = now() / 1000
  const hours = Number(call.url.searchParams.get('period') ?? 3)
  if (mode === 'xui' || quirks().emptyBulkGuide) return envelope(mode, { data: [] })
  const listed = model.channels.map((channel): [number, unknown] => {
    const programmes = programmesOf(channel, seconds, seconds + hours * HOUR)
    const told = mode === 'xc29' ? programmes.filter(({ start }) => start > seconds).slice(0, 10) : programmes
    return [channel.id, told.map((programme) => item(portal, call, channel, programme))]
  })
  return envelope(mode, { data: Object.fromEntries(listed) })
}

/** `get_short_epg`: what is on and what comes. */
export function shortGuide(portal: Portal, call: PortalCall): PortalReply {
  const channel = channelOf(portal, call)
  const size = portal.mode === 'xui' ? 4 : 5
  const seconds = portal.now() / 1000
  const rows =
    channel === undefined
      ? []
      : programmesOf(channel, seconds, seconds + DAY)
          .slice(0, size)
          .map((programme) => item(portal, call, channel, programme))
  return envelope(portal.mode, rows)
}

/** `get_simple_data_table`: a day in pages. */
export function dayGuide(portal: Portal, call: PortalCall): PortalReply {
  const channel = channelOf(portal, call)
  const query = call.url.searchParams
  const start = Date.parse(`${query.get('date') ?? ''}T00:00:00Z`) / 1000
  if (channel === undefined || Number.isNaN(start))
    return envelope(portal.mode, { total_items: 0, max_page_items: 10, data: [] })
  const rows = programmesOf(channel, start, start + DAY).map((programme) => ({
    ...item(portal, call, channel, programme),
    open: programme.stop * 1000 > portal.now() ? 1 : 0,
  }))
  return page(portal, rows, Number(query.get('p') ?? 1))
}

const channelOf = (portal: Portal, call: PortalCall): PortalChannel | undefined =>
  portal.model.channels.find(({ id }) => String(id) === call.url.searchParams.get('ch_id'))

/** An item: texts in the zone of the cookie, instants shifted by the panel's own zone where panels do that. */
function item(portal: Portal, call: PortalCall, channel: PortalChannel, programme: PortalProgramme) {
  const { id, title, text, start, stop } = programme
  const isPanel = portal.mode === 'xc29' || portal.mode === 'xui'
  const shift = isPanel ? (offsetOf(zoneOf(call), start) - portal.quirks().panelZoneMinutes) * 60 : 0
  return {
    id: String(id),
    ch_id: String(channel.id),
    time: wall(start, zoneOf(call)),
    time_to: wall(stop, zoneOf(call)),
    duration: isPanel ? start - stop : stop - start,
    name: title,
    descr: text,
    start_timestamp: isPanel ? start + shift : String(start),
    stop_timestamp: isPanel ? stop + shift : String(stop),
    mark_archive: isKept(portal, channel, programme) ? 1 : 0,
  }
}

/** Whether a programme is over and still there. */
export const isKept = (
  { now }: Portal,
  { archiveHours = 0 }: PortalChannel,
  { start, stop }: PortalProgramme,
): boolean => stop * 1000 <= now() && start * 1000 >= now() - archiveHours * HOUR * 1000

/** Seconds of the epoch on the wall of a zone, `Y-m-d H:i:s`. */
function wall(seconds: number, zone: string): string {
  const local = new Date(seconds * 1000 + offsetOf(zone, seconds) * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ')
}

/** What a zone is ahead of UTC, minutes. */
function offsetOf(timeZone: string, seconds: number): number {
  if (timeZone === 'UTC') return 0
  const text = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).format(seconds * 1000)
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
