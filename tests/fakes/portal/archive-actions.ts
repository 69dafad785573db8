import type { Device } from './devices.ts'
import { isKept } from './guide-actions.ts'
import { addressOf, linkReply } from './live-actions.ts'
import { programmesOf } from './model.ts'
import type { Portal } from './portal.ts'
import type { PortalCall, PortalReply } from './reply.ts'

const DAYS = 20 * 24 * 3600

/** `create_link` of a programme that is over, by its id in the guide (stalker.md §8). */
export function createArchiveLink(portal: Portal, call: PortalCall, device: Device): PortalReply {
  const [, id = ''] = /^auto \/media\/(-?\d+)\.mpg$/.exec(call.url.searchParams.get('cmd') ?? '') ?? []
  const seconds = portal.now() / 1000
  const channel = portal.model.channels.find((one) =>
    programmesOf(one, seconds - DAYS, seconds).some(
      (programme) => String(programme.id) === id && isKept(portal, one, programme),
    ),
  )
  if (channel === undefined) return linkReply(portal, { id: '', cmd: '' }, 'nothing_to_play')
  const path = portal.links.issue(device.box.mac, { kind: 'archive', id: channel.id })
  return linkReply(portal, { id, cmd: `ffmpeg ${addressOf(portal, path)}`, download_cmd: '', to_file: '' }, '')
}
