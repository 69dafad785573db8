import { Failure } from '../../../core/errors.ts'
import type { VodFile, VodRange } from '../../../core/lineup/vod.ts'
import { streamHeaders } from './box-headers.ts'
import type { Playing, Query } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { readLink } from './link.ts'
import type { MacPool } from './mac-pool.ts'
import type { PortalTransport } from './transport.ts'
import { toVodFile } from './vod-file.ts'
import type { Watchdog } from './watchdog.ts'

/** What the opening of files needs. */
export type FileOpenerOptions = {
  readonly pool: MacPool<BoxSession>
  readonly transport: PortalTransport
  readonly watchdog: Watchdog
  readonly timezone: string
  readonly endpoint: () => URL | null
  readonly closing: AbortSignal
}

/** A file to open. */
export type FileWish = {
  readonly playing: Playing
  /** What it is called in messages. */
  readonly name: string
  /** What asks for its address. */
  readonly query: (box: BoxSession, signal: AbortSignal) => Promise<Query>
  /** Which MACs have it. */
  readonly canPlay: (box: BoxSession) => boolean
  readonly range: VodRange | null
  readonly signal: AbortSignal
}

const FIRST_BYTE_MS = 15_000

/**
 * Opens files of one portal: each takes a MAC as a channel does, asks for an address and opens it once. Fails with
 * `live/*`, `vod/*`, `source/*`.
 */
export function createFileOpener(options: FileOpenerOptions): (wish: FileWish) => Promise<VodFile> {
  const { pool, transport, watchdog, closing } = options
  const open = new Set<VodFile>()
  closing.addEventListener('abort', () => {
    for (const file of open) void file.close().catch(() => {}) // the connection is gone either way
  })

  const openOn = async (box: BoxSession, wish: FileWish, linked: () => void): Promise<VodFile> => {
    const { name, signal, range } = wish
    const answer = await box.ask(await wish.query(box, signal), { urgency: 'play', signal })
    const endpoint = options.endpoint()
    if (endpoint === null) throw new Failure('source/unreachable', 'The portal was not found yet')
    const url = readLink(answer, { box, endpoint, streamId: null, name })
    linked()
    const call = { identity: box.identity, token: box.token(), timezone: options.timezone, referer: endpoint }
    const file = await transport.file({
      url,
      headersFor: (target) => streamHeaders(call, target.hostname === endpoint.hostname),
      firstByteMs: FIRST_BYTE_MS,
      range,
      signal,
    })
    return toVodFile(file, range)
  }

  return async (asked) => {
    const signal = AbortSignal.any([asked.signal, closing])
    signal.throwIfAborted()
    const { canPlay } = asked
    const lease = pool.reserve({ canPlay, except: new Set() })
    if (lease === null) throw pool.whyNone(canPlay)
    const { box } = lease
    try {
      const file = await box.alone(signal, () => openOn(box, { ...asked, signal }, () => lease.linked()))
      lease.opened()
      const endWatch = watchdog.begin(box, asked.playing)
      let closed: Promise<void> | null = null
      const kept: VodFile = {
        ...file,
        close() {
          closed ??= file.close().finally(() => {
            open.delete(kept)
            endWatch()
            lease.release()
          })
          return closed
        },
      }
      open.add(kept)
      return kept
    } catch (error) {
      lease.release()
      throw error
    }
  }
}
