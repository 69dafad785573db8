import { newJti } from '../../core/access/random.ts'
import type { RandomBytes } from '../../core/access/random.ts'
import { relayJti } from '../../core/access/relay-jti.ts'
import { createLinkSigner } from '../../core/access/signed-link.ts'
import type { LinkScope } from '../../core/access/signed-link.ts'
import type { KeyRing } from '../../core/access/keys.ts'
import { Failure, isFailureCode } from '../../core/errors.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import { vodItemKey } from '../../core/lineup/vod.ts'
import type { VodCatalogue, VodFile } from '../../core/lineup/vod.ts'
import type { VodDesk, VodPlay, VodShelf } from '../../core/lineup/vod-desk.ts'
import type { VodNumbers } from '../../core/lineup/vod-numbers.ts'
import {
  readCategories,
  readFilm,
  readNumbered,
  readNumbers,
  readPage,
  readSeries,
} from '../../core/lineup/vod-snapshot.ts'
import { readBytes, readPicture } from './adapter-request.ts'

import type { AdapterWatch } from './adapter-watch.ts'

/** What the films of an adapter elsewhere need. Only fetch: an edge platform loads this file. */
export type RemoteVodParts = {
  /** Public base URL of the adapter, no slash at the end. */
  readonly adapterUrl: string
  readonly ring: KeyRing
  /** How long a link opens a session. */
  readonly ttlSeconds: number
  /** `redirect`: viewers are sent to the adapter. `proxy`: its bytes pass through here untouched. */
  readonly mode: 'redirect' | 'proxy'
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly now: () => number
  readonly random: RandomBytes
  /** Asked before viewers are sent to the adapter; absent: they are sent there whatever its state. */
  readonly watch?: AdapterWatch
  /** The sources that have films, as the line-up of the adapter tells. */
  readonly shelves: () => readonly { readonly id: SourceId; readonly name: string }[]
}

const HOUSE_SECONDS = 60
/** Panels read their largest lists when somebody asks first. */
const ANSWER_WITHIN_MS = 60_000
const MOST_BYTES = 16 * 1024 * 1024

/** The films and series of the adapter at home: asked there when somebody asks here, played by signed links (contract §3.3). */
export function createRemoteVod(parts: RemoteVodParts): VodDesk & { readonly numbers: VodNumbers } {
  const signer = createLinkSigner(parts.ring)

  const sign = (scope: LinkScope, jti: string, seconds: number): Promise<string> =>
    signer.sign(scope, { jti, expires: Math.floor(parts.now() / 1000) + seconds })

  const request = async (url: string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    try {
      return await parts.fetch(url, { redirect: 'manual', signal, ...init })
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      throw new Failure('live/no-adapter', 'The adapter at home does not answer', {}, cause)
    }
  }
  /** Asks as the front itself. */
  const ask = async (path: string, signal: AbortSignal, init: RequestInit = {}): Promise<Response> => {
    const token = await sign({ kind: 'house' }, newJti(parts.random), HOUSE_SECONDS)
    const until = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
    return request(`${parts.adapterUrl}/s/${token}${path}`, init, until)
  }
  const json = async (path: string, signal: AbortSignal, init: RequestInit = {}): Promise<unknown> => {
    const response = await ask(path, signal, init)
    if (response.status !== 200) throw await refusal(response)
    return JSON.parse(new TextDecoder().decode(await readBytes(response, MOST_BYTES)))
  }
  /** The address of a file at the adapter, good for this item alone. */
  const locate = async ({ sourceId, item, viewer }: VodPlay): Promise<string> => {
    const key = vodItemKey(item)
    const { user, address, player, seat } = viewer
    const jti =
      parts.mode === 'redirect'
        ? newJti(parts.random)
        : await relayJti(
            parts.ring,
            { channelId: `${sourceId}/${key}`, user, address: `${address} ${player}` },
            parts.now(),
          )
    const who = { user: user?.slice(0, 100) ?? null, ...(seat !== undefined && { seat }) }
    const scope = { kind: 'vod', sourceId, item: key, ...who } as const
    const token = await sign(scope, jti, parts.ttlSeconds)
    const path =
      item.kind === 'film'
        ? `vod/${sourceId}/${item.id}`
        : `series/${sourceId}/${item.series}/${item.season}/${item.episode}`
    return `${parts.adapterUrl}/s/${token}/play/${path}`
  }

  const catalogueOf = (id: SourceId): VodCatalogue => {
    const at = `/snapshot/vod/${id}`
    const orNull = async <T>(path: string, read: (json: unknown) => T, signal: AbortSignal): Promise<T | null> => {
      try {
        return read(await json(path, signal))
      } catch (error) {
        if (error instanceof Failure && error.code === 'vod/unknown-item') return null
        throw error
      }
    }
    return {
      categories: async (kind, signal) => readCategories(await json(`${at}/categories?kind=${kind}`, signal)),
      async entries({ kind, category, search, offset, limit }, signal) {
        const query = new URLSearchParams({
          kind,
          search,
          offset: String(offset),
          limit: String(limit),
          ...(category === null ? {} : { category }),
        })
        return readPage(await json(`${at}/page?${query.toString()}`, signal))
      },
      film: (film, signal) => orNull(`${at}/film/${encodeURIComponent(film)}`, readFilm, signal),
      series: (series, signal) => orNull(`${at}/series/${encodeURIComponent(series)}`, readSeries, signal),
      async poster({ kind, id: item }, signal) {
        const response = await ask(`/play/${kind === 'film' ? 'vod' : 'series'}/${id}/${item}/poster`, signal)
        return (await readPicture(response))?.bytes ?? null
      },
    }
  }

  // `ask` ends each question. Workers allow no signal that belongs to another request.
  const noSignal = (): AbortSignal => new AbortController().signal
  const numbers: VodNumbers = {
    async numbersOf(source, kind, items) {
      if (items.length === 0) return []
      const body = JSON.stringify({ kind, items })
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      return readNumbers(await json(`/snapshot/vod/${source}/numbers`, noSignal(), init))
    },
    find: async (number) => readNumbered(await json(`/snapshot/vod/-/number/${number}`, noSignal())),
  }

  return {
    numbers,
    shelves: () => parts.shelves().map(({ id, name }): VodShelf => ({ id, name, catalogue: catalogueOf(id) })),
    async poster(source, { kind, id }, signal) {
      const response = await ask(`/play/${kind === 'film' ? 'vod' : 'series'}/${source}/${id}/poster`, signal)
      return readPicture(response)
    },
    ...(parts.mode === 'redirect' && {
      async location(play: VodPlay) {
        await parts.watch?.(play.signal)
        return locate(play)
      },
    }),
    async open(play) {
      const { range, signal, viewer } = play
      const headers = {
        'accept-encoding': 'identity',
        'user-agent': viewer.player,
        ...(range === null ? {} : { range: `bytes=${range.first}-${range.last ?? ''}` }),
      }
      const response = await request(await locate(play), { headers }, signal)
      if (response.status !== 200 && response.status !== 206) throw await refusal(response)
      return toFile(response)
    },
  }
}

/** Why the adapter refuses, by its own code. */
async function refusal(response: Response): Promise<Failure> {
  await response.body?.cancel()
  const code = response.headers.get('x-downlink-error') ?? ''
  const size = Number(/^bytes \*\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
  const facts = Number.isNaN(size) ? {} : { size }
  if (isFailureCode(code)) return new Failure(code, 'The adapter at home refuses it', facts)
  return new Failure('live/no-adapter', `The adapter at home answers ${response.status}`, { status: response.status })
}

function toFile(response: Response): VodFile {
  const { headers, body } = response
  const stream = body ?? new Blob([]).stream()
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? []
  const length = headers.get('content-length')
  const whole = length === null ? null : Number(length)
  const isPart = response.status === 206 && first !== undefined
  return {
    first: isPart ? Number(first) : 0,
    last: isPart ? Number(last) : whole === null ? null : whole - 1,
    size: isPart ? (size === '*' ? null : Number(size)) : whole,
    partial: isPart,
    contentType: headers.get('content-type') ?? 'application/octet-stream',
    body: stream,
    close: () => stream.cancel().catch(() => {}), // whoever reads it cancels it by reading no more
  }
}
