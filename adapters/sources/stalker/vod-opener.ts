import { Failure } from '../../../core/errors.ts'
import type { VodFile, VodRequest } from '../../../core/lineup/vod.ts'
import { streamHeaders } from './box-headers.ts'
import type { BoxSession } from './box-session.ts'
import { readLink } from './link.ts'
import type { MacPool } from './mac-pool.ts'
import { readPage } from './rows.ts'
import type { PortalTransport } from './transport.ts'
import { toVodFile } from './vod-file.ts'
import { vodLinkQuery } from './vod-queries.ts'
import { bestFile } from './vod-walk.ts'
import type { Recipe } from './vod-walk.ts'
import type { Watchdog } from './watchdog.ts'

/** What the opening of films needs. */
export type VodOpenerOptions = {
  readonly pool: MacPool<BoxSession>
  readonly transport: PortalTransport
  readonly watchdog: Watchdog
  readonly timezone: string
  readonly endpoint: () => URL | null
  /** What plays an item. Fails with `vod/unknown-item`. */
  readonly recipeOf: (item: VodRequest['item'], signal: AbortSignal) => Promise<Recipe>
  readonly closing: AbortSignal
}

const FIRST_BYTE_MS = 15_000

/**
 * Opens films and episodes of one portal: each takes a MAC as a channel does, asks for an address and opens it once.
 */
export function createVodOpener(options: VodOpenerOptions): (request: VodRequest) => Promise<VodFile> {
  const { pool, transport, watchdog, closing } = options
  const open = new Set<VodFile>()
  closing.addEventListener('abort', () => {
    for (const file of open) void file.close().catch(() => {}) // the connection is gone either way
  })

  const commandOf = async (recipe: Recipe, box: BoxSession, signal: AbortSignal): Promise<string> => {
    if (recipe.kind === 'command') return recipe.command
    const { js } = await box.ask(recipe.query, { urgency: 'play', signal })
    const command = bestFile(readPage(js)?.rows ?? [])
    if (command === '') throw new Failure('vod/unknown-item', 'The portal has no file for this')
    return command
  }

  const openOn = async (box: BoxSession, recipe: Recipe, request: VodRequest, linked: () => void): Promise<VodFile> => {
    const { signal, range } = request
    const command = await commandOf(recipe, box, signal)
    const ordinal = recipe.kind === 'command' ? recipe.ordinal : null
    const answer = await box.ask(vodLinkQuery(command, ordinal), { urgency: 'play', signal })
    const endpoint = options.endpoint()
    if (endpoint === null) throw new Failure('source/unreachable', 'The portal was not found yet')
    const url = readLink(answer, { box, endpoint, streamId: null, name: 'the film' })
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
    const recipe = await options.recipeOf(asked.item, signal)
    const lease = pool.reserve({ canPlay: () => true, except: new Set() })
    if (lease === null) throw pool.whyNone(() => true)
    const { box } = lease
    try {
      const file = await box.alone(signal, () => openOn(box, recipe, { ...asked, signal }, () => lease.linked()))
      lease.opened()
      const endWatch = watchdog.begin(box, 'film')
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
