import type { Portal } from './portal.ts'
import { headerOf } from './reply.ts'
import type { PortalCall, PortalReply } from './reply.ts'

/** The byte at a place of a file of this size: files can be compared without being kept. */
export const fileByte = (size: number, place: number): number => (size * 31 + place * 7 + (place >> 8)) & 0xff

/** The size of a film's or an episode's file. */
export const fileSize = ({ model }: Portal, id: number): number =>
  model.films.find((film) => film.id === id)?.bytes ?? 200_000 + (id % 1000)

/** A file, or the asked part of it (RFC 9110, 14). */
export function fileReply(call: PortalCall, size: number): PortalReply {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headerOf(call, 'range')) ?? []
  const first = Number(from ?? 0)
  const last = to === undefined || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  const common = { 'Content-Type': 'video/mp2t', 'Accept-Ranges': 'bytes' }
  if (first >= size) return { status: 416, headers: { ...common, 'Content-Range': `bytes */${size}` }, body: '' }
  const body = Uint8Array.from({ length: last - first + 1 }, (_, index) => fileByte(size, first + index))
  if (from === undefined) return { status: 200, headers: common, body }
  return { status: 206, headers: { ...common, 'Content-Range': `bytes ${first}-${last}/${size}` }, body }
}
