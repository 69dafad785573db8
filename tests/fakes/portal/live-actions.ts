import type { Device } from './devices.ts'
import { LINK_OFFSET } from './model.ts'
import type { PortalChannel } from './model.ts'
import type { Portal } from './portal.ts'
import { envelope } from './reply.ts'
import type { PortalCall, PortalReply } from './reply.ts'

const isStock = ({ mode }: Portal): boolean => mode === 'stock4' || mode === 'stock5'

/** `get_genres`. */
export function getGenres(portal: Portal, device: Device): PortalReply {
  const rows = genresOf(portal, device).map(({ id, title, censored }) => ({
    id: portal.quirks().spare ? id : String(id),
    title,
    alias: title.toLowerCase(),
    ...(portal.quirks().spare && !censored ? {} : { censored: censored ? '1' : '0' }),
  }))
  const all = portal.mode === 'xui' ? [] : [{ id: '*', title: 'All', alias: 'all' }]
  return envelope(portal.mode, [...all, ...rows])
}

/** `get_all_channels`: stock portals leave out what is for adults; some panels have it switched off. */
export function getAllChannels(portal: Portal, device: Device): PortalReply {
  if (portal.quirks().pagesOnly) return envelope(portal.mode, portal.mode === 'xui' ? { data: [] } : false)
  const censored = new Set(portal.model.genres.filter((genre) => genre.censored).map(({ id }) => id))
  const listed = channelsOf(portal, device).filter(({ genre }) => !isStock(portal) || !censored.has(genre))
  const data = listed.map((channel) => channelRow(portal, channel))
  return envelope(portal.mode, { total_items: data.length, max_page_items: 14, selected_item: 0, cur_page: 0, data })
}

/** `get_ordered_list`: pages from 1. */
export function getChannelPage(portal: Portal, call: PortalCall, device: Device): PortalReply {
  const query = call.url.searchParams
  const genre = query.get('genre') ?? '*'
  const listed = channelsOf(portal, device).filter((one) => genre === '*' || String(one.genre) === genre)
  return page(
    portal,
    listed.map((channel) => channelRow(portal, channel)),
    Number(query.get('p') ?? 1),
  )
}

/** `get_ordered_list` of radio: numbers and ids of its own, addresses as they are, one station only by a link. */
export function getRadioPage(portal: Portal, call: PortalCall): PortalReply {
  const rows = Array.from({ length: 15 }, (_, index) => ({
    id: String(101 + index),
    name: `Radio ${index + 1}`,
    number: String(index + 1),
    cmd: index === 14 ? `ffmpeg http://localhost/ch/${index}` : `ffmpeg ${portal.origin()}/static/${101 + index}.ts`,
    count: '0',
    status: 1,
    open: 1,
  }))
  return page(portal, rows, Number(call.url.searchParams.get('p') ?? 1))
}

/** One page of rows with the manners of the mode. */
export function page(portal: Portal, rows: readonly unknown[], asked: number): PortalReply {
  const { repeatsLastPage, dataAsObject } = portal.quirks()
  const size = portal.mode === 'xui' ? 10 : 14
  const last = Math.max(1, Math.ceil(rows.length / size))
  if (asked < 1) portal.observer.forbid('page 0, which is the page of the last channel')
  const number = repeatsLastPage ? Math.min(asked, last) : asked
  const cut = rows.slice((number - 1) * size, number * size)
  return envelope(portal.mode, {
    total_items: repeatsLastPage ? '999999' : String(rows.length),
    max_page_items: size,
    selected_item: 0,
    cur_page: 0,
    data: dataAsObject ? Object.fromEntries(cut.map((row, index) => [index, row])) : cut,
  })
}

const genresOf = (portal: Portal, { box }: Device) =>
  portal.model.genres.filter(({ id }) => box.genres === undefined || box.genres.includes(id))

const channelsOf = (portal: Portal, { box }: Device) =>
  portal.model.channels.filter(({ genre }) => box.genres === undefined || box.genres.includes(genre))

function channelRow(portal: Portal, channel: PortalChannel): Readonly<Record<string, unknown>> {
  const { id, name, genre, logo, isClosed } = channel
  const cmd = isClosed === true ? 'udp://wtf?' : commandOf(portal, channel)
  if (portal.quirks().spare)
    return { id, name, number: id - 100, cmd, tv_genre_id: genre, logo, ...(isClosed && { open: 0 }) }
  const temporary = isStock(portal) && !portal.quirks().staticLinks ? '1' : '0'
  return {
    id: String(id),
    name,
    number: String(id - 100),
    censored: genre === 10 ? '1' : '0',
    cmd,
    tv_genre_id: String(genre),
    xmltv_id: '',
    use_http_tmp_link: temporary,
    use_load_balancing: 0,
    logo,
    open: isClosed === true ? 0 : 1,
    enable_tv_archive: channel.archiveHours === undefined ? '0' : '1',
    tv_archive_duration: channel.archiveHours ?? 0,
    ...(isClosed && { error: 'limit' }),
    cmds: [
      {
        id: String(id + LINK_OFFSET),
        ch_id: String(id),
        priority: '0',
        url: cmd,
        status: '1',
        use_http_tmp_link: temporary,
      },
    ],
  }
}

/** What the list says about playing: never an address that could be opened, but for static links. */
export function commandOf(portal: Portal, { id }: PortalChannel): string {
  if (portal.quirks().staticLinks) return `ffmpeg ${portal.origin()}/static/${id}.ts`
  return isStock(portal) ? `ffrt http://localhost/ch/${id + LINK_OFFSET}` : `ffmpeg http://localhost/ch/${id}_`
}

/** `create_link`. */
export function createLink(portal: Portal, call: PortalCall, device: Device): PortalReply {
  const cmd = call.url.searchParams.get('cmd') ?? ''
  const { mode, model, observer } = portal
  const channel = model.channels.find((one) => commandOf(portal, one) === cmd)
  if (channel === undefined) {
    observer.forbid(/%[0-9A-F]{2}/i.test(cmd) ? 'a command that was encoded twice' : 'a command that was changed')
    return linkReply(portal, { id: '', cmd: '' }, 'nothing_to_play')
  }
  const fault = portal.faults.get(channel.id)
  if (fault?.kind === 'link-error') return linkReply(portal, { id: String(channel.id), cmd: '' }, fault.error)
  const { genres } = device.box
  if (genres !== undefined && !genres.includes(channel.genre))
    return linkReply(portal, { id: String(channel.id), cmd: '' }, mode === 'xui' ? 'nothing_to_play' : 'access_denied')
  const path = portal.links.issue(device.box.mac, { kind: 'channel', id: channel.id })
  const player = isStock(portal) ? 'ffrt' : 'ffmpeg'
  return linkReply(portal, { id: String(channel.id), cmd: `${player} ${addressOf(portal, path)}` }, '')
}

/** The address of a path as the portal spells its own host. */
export function addressOf(portal: Portal, path: string): string {
  const { linkHost } = portal.quirks()
  if (linkHost === 'none') return path
  if (linkHost === 'elsewhere') return `http://streamer.example:9000${path}`
  return linkHost === 'localhost' ? `http://localhost${path}` : `${portal.origin()}${path}`
}

/** Stock portals put all of it into `js`, panels put half of it beside (stalker.md §5.4). */
export function linkReply(portal: Portal, js: Readonly<Record<string, unknown>>, error: string): PortalReply {
  const rest = { streamer_id: 0, link_id: 0, load: 0, error }
  return isStock(portal) ? envelope(portal.mode, { ...js, ...rest }) : envelope(portal.mode, js, rest)
}
