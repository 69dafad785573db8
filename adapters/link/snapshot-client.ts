import { readPeopleSnapshot } from '../../core/access/people-snapshot.ts'
import type { KnownPeople, PeopleNews } from '../../core/access/people-snapshot.ts'
import { newJti } from '../../core/access/random.ts'
import type { RandomBytes } from '../../core/access/random.ts'
import { createLinkSigner } from '../../core/access/signed-link.ts'
import type { KeyRing } from '../../core/access/keys.ts'
import { Failure } from '../../core/errors.ts'
import type { GuideReader } from '../../core/guide/guide.ts'
import { programmesOf, readGuideSnapshot } from '../../core/guide/snapshot.ts'
import type { GuideSnapshot } from '../../core/guide/snapshot.ts'
import { indexLineup } from '../../core/lineup/lineup.ts'
import type { LineupIndex, LineupReader } from '../../core/lineup/lineup.ts'
import { readLineupSnapshot } from '../../core/lineup/snapshot.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { Log } from '../../core/log.ts'

/** What a front needs to pull snapshots. Only fetch: an edge platform loads this file. */
export type SnapshotClientParts = {
  /** Public base URL of the adapter, no slash at the end. */
  readonly adapterUrl: string
  readonly ring: KeyRing
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly now: () => number
  readonly random: RandomBytes
  readonly log: Log
}

/** The house as a front knows it; the last good state is kept while the adapter sleeps. */
export interface SnapshotClient extends PeopleNews {
  readonly lineup: LineupReader
  readonly guide: GuideReader
  /** The sources that have films and series. */
  shelves(): readonly { readonly id: SourceId; readonly name: string }[]
  /** Whether a line-up is there, and who may see what of it. */
  ready(): boolean
  /**
   * To be awaited before each request. Waits for the first line-up; asks for news when the state is older than 15 s,
   * and waits for them briefly: an edge platform stops what goes on after the answer. Never fails.
   */
  freshen(): Promise<void>
  /** A picture of a channel through the adapter; null: none. Fails with `live/no-adapter`. */
  logo(
    channel: Channel,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string; readonly tag: string } | null>
}

const NEWS_EVERY_MS = 15_000
const RETRY_AFTER_MS = 5_000
const LOOK_AGAIN_AFTER_MS = 2_000
const ANSWER_WITHIN_MS = 20_000
/** How long a request waits for the first line-up, and for news while the old state would do. */
const WAIT_FOR_FIRST_MS = 10_000
const WAIT_FOR_NEWS_MS = 1_500
const LINK_SECONDS = 60
const MAX_LINEUP_BYTES = 32 * 1024 * 1024
const MAX_PEOPLE_BYTES = 8 * 1024 * 1024
const MAX_GUIDE_BYTES = 64 * 1024 * 1024
const MAX_LOGO_BYTES = 2 * 1024 * 1024

/** Opens the client; nothing is fetched before the first `freshen()`. */
export function createSnapshotClient(parts: SnapshotClientParts): SnapshotClient {
  const { now, log } = parts
  const signer = createLinkSigner(parts.ring)
  let lineup: {
    readonly index: LineupIndex
    readonly revoked: ReadonlySet<string>
    readonly shelves: readonly { readonly id: SourceId; readonly name: string }[]
    readonly tag: string | null
  } | null = null
  let people: { readonly known: KnownPeople | null; readonly tag: string | null } | null = null
  let guide: { readonly snapshot: GuideSnapshot; readonly tag: string | null } | null = null
  let askAgainAt = 0
  let askedAt = -LOOK_AGAIN_AFTER_MS
  let asking: { readonly since: number; readonly done: Promise<void> } | null = null

  const get = async (
    path: string,
    init: { readonly tag: string | null; readonly signal?: AbortSignal },
  ): Promise<Response> => {
    const expires = Math.floor(now() / 1000) + LINK_SECONDS
    const token = await signer.sign({ kind: 'house' }, { jti: newJti(parts.random), expires })
    const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS)
    return parts.fetch(`${parts.adapterUrl}/s/${token}${path}`, {
      signal: init.signal === undefined ? timeout : AbortSignal.any([init.signal, timeout]),
      redirect: 'manual',
      headers: init.tag === null ? {} : { 'if-none-match': init.tag },
    })
  }

  const pullLineup = async (): Promise<void> => {
    const response = await get('/snapshot/lineup', { tag: lineup?.tag ?? null })
    if (response.status === 304) return
    const text = await readText(response, MAX_LINEUP_BYTES)
    const snapshot = readLineupSnapshot(JSON.parse(text))
    lineup = {
      index: indexLineup(snapshot.lineup),
      revoked: new Set(snapshot.revoked),
      shelves: snapshot.shelves ?? [],
      tag: response.headers.get('etag'),
    }
    log('info', 'snapshot-lineup', { channels: snapshot.lineup.channels.length, revoked: snapshot.revoked.length })
  }

  const pullPeople = async (): Promise<void> => {
    const response = await get('/snapshot/people', { tag: people?.tag ?? null })
    if (response.status === 304) return
    // It has just taken our key for the line-up: an adapter that refuses this path is older than it.
    if (people === null && response.headers.get('x-downlink-error') === 'access/bad-link') {
      await response.body?.cancel()
      people = { known: null, tag: null }
      return
    }
    const known = readPeopleSnapshot(JSON.parse(await readText(response, MAX_PEOPLE_BYTES)))
    people = { known, tag: response.headers.get('etag') }
    log('info', 'snapshot-people', { people: known.byName.size, tokens: known.byId.size })
  }

  const pullGuide = async (): Promise<void> => {
    const response = await get('/snapshot/guide', { tag: guide?.tag ?? null })
    if (response.status === 304) return
    const snapshot = readGuideSnapshot(await readText(response, MAX_GUIDE_BYTES))
    guide = { snapshot, tag: response.headers.get('etag') }
    log('info', 'snapshot-guide', { channels: snapshot.lines.size })
  }

  const attempt = async (what: string, pull: () => Promise<void>): Promise<boolean> => {
    try {
      await pull()
      return true
    } catch (error) {
      log('warn', 'snapshot-failed', {
        what,
        error: error instanceof Failure ? error.message : error instanceof Error ? error.name : 'unknown',
      })
      return false
    }
  }

  const ask = async (): Promise<void> => {
    askedAt = now()
    const isGood =
      (await attempt('lineup', pullLineup)) &&
      (await attempt('people', pullPeople)) &&
      (await attempt('guide', pullGuide))
    askAgainAt = now() + (isGood ? NEWS_EVERY_MS : RETRY_AFTER_MS)
  }

  const isReady = (): boolean => lineup !== null && people !== null

  const freshen = async (): Promise<void> => {
    const isFirst = !isReady()
    // An edge platform may have stopped an earlier request's work for good: what takes too long is given up.
    const isIdle = asking === null || now() - asking.since > 2 * ANSWER_WITHIN_MS
    if (isIdle && now() >= askAgainAt) {
      const begun = { since: now(), done: ask() }
      asking = begun
      void begun.done.finally(() => {
        if (asking === begun) asking = null
      })
      await atMost(isFirst ? WAIT_FOR_FIRST_MS : WAIT_FOR_NEWS_MS, begun.done)
    } else if (isFirst && asking !== null) await atMost(WAIT_FOR_FIRST_MS, asking.done)
  }

  return {
    lineup: {
      current() {
        // Without the people nobody knows who may see what.
        if (lineup === null || people === null)
          throw new Failure('lineup/not-ready', 'The adapter at home has not given its line-up yet')
        return lineup.index
      },
    },
    guide: {
      revision: () => guide?.snapshot.revision ?? '0',
      programmes: (channel, window) => (guide === null ? [] : programmesOf(guide.snapshot, channel, window)),
    },
    revoked: () => lineup?.revoked ?? new Set(),
    shelves: () => lineup?.shelves ?? [],
    people: () => people?.known ?? null,
    ready: isReady,
    freshen,
    async lookAgain() {
      if (now() - askedAt >= LOOK_AGAIN_AFTER_MS) askAgainAt = 0
      await freshen()
    },
    async logo(channel, signal) {
      let response
      try {
        response = await get(`/logo/${channel.id}`, { tag: null, signal })
      } catch (cause) {
        if (signal.aborted) throw signal.reason
        throw new Failure('live/no-adapter', 'The adapter at home does not answer', {}, cause)
      }
      if (response.status !== 200) {
        await response.body?.cancel()
        return null
      }
      const contentType = response.headers.get('content-type') ?? ''
      const bytes = await readBytes(response, MAX_LOGO_BYTES)
      const tag = (response.headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '')
      return /^image\/(png|jpeg|webp|gif)$/.test(contentType) ? { bytes, contentType, tag } : null
    },
  }
}

/** Waits for `work`, but not for ever. */
async function atMost(waitMs: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([work, tooLong])
  clearTimeout(timer)
}

const readText = async (response: Response, limit: number): Promise<string> =>
  new TextDecoder().decode(await readBytes(response, limit))

/** The body of a 200, at most `limit` bytes. Fails with `live/no-adapter` for any other answer. */
async function readBytes(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel()
    const code = response.headers.get('x-downlink-error') ?? ''
    throw new Failure('live/no-adapter', `The adapter at home answers ${response.status} ${code}`.trimEnd(), {
      status: response.status,
    })
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > limit) throw new Failure('live/no-adapter', `The adapter at home sends more than ${limit} bytes`) // leaving the loop cancels the body
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
