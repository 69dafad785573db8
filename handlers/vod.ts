import { Hono } from 'hono'
import type { Context } from 'hono'
import { linkSeat } from '../core/access/link-seat.ts'
import type { HeldSeat } from '../core/access/seats.ts'
import { Failure } from '../core/errors.ts'
import { heldFile } from '../core/lineup/held-file.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import { vodItemKey } from '../core/lineup/vod.ts'
import type { VodFile, VodItem, VodKind } from '../core/lineup/vod.ts'
import type { VodDesk, VodShelf } from '../core/lineup/vod-desk.ts'
import { entityTag, isFresh, notModified } from './conditional.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { playerOf } from './player-name.ts'
import { seenFilms } from './seen-films.ts'
import { beyondFile, fileAnswer, fileHeaders, readRange } from './vod-file.ts'

/** What of the gateway films need. */
export type VodPorts = Pick<Gateway, 'vod' | 'seats'> & Partial<Pick<Gateway, 'links'>>

/** What players go by where the source does not say it; other ends of names are left to the source. */
const TYPES: Readonly<Record<string, string>> = {
  avi: 'video/x-msvideo',
  flv: 'video/x-flv',
  m4v: 'video/mp4',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp4: 'video/mp4',
  mpg: 'video/mpeg',
  ts: 'video/mp2t',
  webm: 'video/webm',
  wmv: 'video/x-ms-wmv',
}
const CLIENT_CLOSED_REQUEST = 499

/**
 * Films and episodes through this house: `/play/vod/{sourceId}/{id}` and `/play/series/{sourceId}/{series}/{season}/
 * {episode}`, the last segment with or without the kind of file (`501.mkv`); pictures at
 * `/play/{vod|series}/{sourceId}/{id}/poster`.
 *
 * One part of a file may be asked for (`Range`); a new request of the same player ends its connection before. HEAD opens
 * nothing. Fails with `vod/*`, `lineup/unknown-source`, `live/*`, `source/*`.
 */
export function vodFace(gateway: VodPorts): Hono<Env> {
  return new Hono<Env>()
    .get('/play/vod/:sourceId/:file{[\\w-]{1,64}(?:\\.\\w{1,5})?}', (c) => {
      const { name: id, container } = splitName(c.req.param('file'))
      return play(c, gateway, { kind: 'film', id }, container)
    })
    .get('/play/series/:sourceId/:series{[\\w-]{1,64}}/:season{\\d{1,6}}/:file{\\d{1,6}(?:\\.\\w{1,5})?}', (c) => {
      const { name, container } = splitName(c.req.param('file'))
      const { series, season } = c.req.param()
      return play(c, gateway, { kind: 'episode', series, season: Number(season), episode: Number(name) }, container)
    })
    .get('/play/vod/:sourceId/:id{[\\w-]{1,64}}/poster', (c) => poster(c, gateway, 'film'))
    .get('/play/series/:sourceId/:id{[\\w-]{1,64}}/poster', (c) => poster(c, gateway, 'series'))
}

/** The desk and the shelf of a source, as the caller sees them. Fails with `lineup/unknown-source`. */
export function findShelf(
  c: Context<Env>,
  gateway: Pick<VodPorts, 'vod'>,
  id: string,
): { readonly desk: VodDesk; readonly shelf: VodShelf } {
  const desk = seenFilms(c, gateway)
  const shelf = desk?.shelves().find((one) => one.id === id)
  if (desk === null || shelf === undefined)
    throw new Failure('lineup/unknown-source', 'No running source with films has this id')
  return { desk, shelf }
}

/** The file name of a path: what is before the last dot, and the kind of file behind it; null: there is no dot. */
export function splitName(file: string): { readonly name: string; readonly container: string | null } {
  const dot = file.lastIndexOf('.')
  return dot < 0 ? { name: file, container: null } : { name: file.slice(0, dot), container: file.slice(dot + 1) }
}

const play = (c: Context<Env>, gateway: VodPorts, item: VodItem, container: string | null): Promise<Response> =>
  answerFile(c, gateway, { sourceId: c.req.param('sourceId') ?? '', item, container })

/**
 * Answers with a film or an episode, or the part of it that is asked for. `container`: how its file name ends in the address,
 * which players trust. Fails with `vod/*`, `lineup/unknown-source`, `live/*`, `source/*`.
 */
export async function answerFile(
  c: Context<Env>,
  gateway: VodPorts,
  {
    sourceId,
    item,
    container,
  }: { readonly sourceId: string; readonly item: VodItem; readonly container: string | null },
): Promise<Response> {
  const { desk, shelf } = findShelf(c, gateway, sourceId)
  const type = TYPES[container?.toLowerCase() ?? '']
  if (c.req.method === 'HEAD') return new Response(null, { headers: fileHeaders(type ?? 'application/octet-stream') })
  const { signal } = c.req.raw
  const caller = c.get('caller')
  const { user, address, linkSession, device = '' } = caller
  let end = (): void => {}
  const sits = linkSeat(caller)
  const viewer = { user, address, player: playerOf(c), ...(sits !== undefined && { seat: sits }) }
  const wish = { sourceId: shelf.id, item, viewer, range: readRange(c.req.header('range')), signal }
  try {
    if (desk.location !== undefined) return sendTo(await desk.location(wish), container)
    // A player reads one film by many requests: all of a device share its seat.
    const id = `film/${device}/${shelf.id}/${vodItemKey(item)}`
    const seat = (await gateway.seats?.take(caller, { id, subject: vodItemKey(item) }, () => end())) ?? null
    const file = await openSeated(desk.open(wish), seat)
    end = () => void file.close()
    const contentType = type ?? file.contentType
    // An open connection keeps the link's session alive.
    const held = linkSession === undefined ? null : gateway.links?.hold(linkSession, `film-${linkSession}`)
    return fileAnswer(held == null ? file : heldFile(file, held), { contentType, signal })
  } catch (error) {
    if (signal.aborted && !(error instanceof Failure)) return new Response(null, { status: CLIENT_CLOSED_REQUEST })
    if (error instanceof Failure && error.code === 'vod/range') return beyondFile(c, error)
    throw error
  }
}

/** The file, that gives the seat free when it is over. */
async function openSeated(opening: Promise<VodFile>, seat: HeldSeat | null): Promise<VodFile> {
  if (seat === null) return opening
  try {
    return heldFile(await opening, () => seat.leave())
  } catch (error) {
    seat.leave()
    throw error
  }
}

/** A 302 that nothing keeps: the address carries a token that expires. Players trust the end of its name. */
const sendTo = (location: string, container: string | null): Response =>
  new Response(null, {
    status: 302,
    headers: {
      location: container === null ? location : `${location}.${container}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  })

async function poster(c: Context<Env>, gateway: VodPorts, kind: VodKind): Promise<Response> {
  const { desk, shelf } = findShelf(c, gateway, c.req.param('sourceId') ?? '')
  const found = await desk.poster(shelf.id, { kind, id: c.req.param('id') ?? '' }, c.req.raw.signal)
  if (found === null) throw new Failure('logo/none', 'The source has no picture of it')
  const tag = entityTag(found.tag, [])
  const headers = new Headers({
    etag: tag,
    'cache-control': 'private, max-age=86400',
    'x-content-type-options': 'nosniff',
  })
  if (isFresh(c.req.raw.headers, { tag })) return notModified(headers)
  headers.set('content-type', found.contentType)
  headers.set('content-length', String(found.bytes.length))
  return new Response(c.req.method === 'HEAD' ? null : found.bytes, { headers })
}

/** Path of a film below the caller's own root; `container` makes players trust it. */
export const filmPath = (source: SourceId, id: string, container: string | null): string =>
  `/play/vod/${source}/${id}${container === null ? '' : `.${container}`}`

/** Path of an episode, the same way. */
export const episodePath = (
  source: SourceId,
  item: Extract<VodItem, { kind: 'episode' }>,
  container: string | null,
): string =>
  `/play/series/${source}/${item.series}/${item.season}/${item.episode}${container === null ? '' : `.${container}`}`

/** Path of the picture of a film or series. */
export const posterPath = (source: SourceId, { kind, id }: { readonly kind: VodKind; readonly id: string }): string =>
  `/play/${kind === 'film' ? 'vod' : 'series'}/${source}/${id}/poster`
