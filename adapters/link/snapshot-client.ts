import type { PeopleNews } from '../../core/access/people-snapshot.ts'
import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { Log } from '../../core/log.ts'
import type { SiteShelf } from '../../core/snapshots/site-shelf.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'
import { atMost } from './at-most.ts'
import { createAdapterRequest, readBytes, readPicture } from './adapter-request.ts'
import type { AdapterRequestParts } from './adapter-request.ts'
import { createHouseState } from './house-state.ts'
import type { HouseState, PartReader } from './house-state.ts'
import { createStoredSnapshots } from './stored-snapshots.ts'

/** What a front needs to know a house by its snapshots. Only fetch: an edge platform loads this file. */
export type SnapshotClientParts = AdapterRequestParts & {
  readonly log: Log
  /** Where snapshots are kept, and what of it is this adapter's; absent: in memory, as the adapter tells them. */
  readonly kept?: { readonly store: SnapshotStore; readonly shelf: SiteShelf }
}

/** The house as a front knows it; the last good state is kept while the adapter sleeps. */
export interface SnapshotClient extends PeopleNews, Omit<HouseState, 'readers'> {
  /**
   * To be awaited before each request. Waits for the first line-up; asks for news when the state is older than 15 s,
   * and waits for them briefly: an edge platform stops what goes on after the answer. Never fails.
   */
  freshen(): Promise<void>
  /** Takes over what has just come into the store. Never fails. */
  reload(): Promise<void>
  /** A picture of a channel through the adapter; null: none. Fails with `live/no-adapter`. */
  logo(
    channel: Channel,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string; readonly tag: string } | null>
}

const NEWS_EVERY_MS = 15_000
const RETRY_AFTER_MS = 5_000
const LOOK_AGAIN_AFTER_MS = 2_000
/** An adapter that sends what is new by itself is asked only if it has sent nothing for an hour, and then now and then. */
const PUBLISHER_SILENT_MS = 3_600_000
const ASK_PUBLISHER_EVERY_MS = 10 * 60_000
/** After so long an answer is not waited for any more. */
const GIVE_UP_MS = 40_000
/** How long a request waits for the first line-up, and for news while the old state would do. */
const WAIT_FOR_FIRST_MS = 10_000
const WAIT_FOR_NEWS_MS = 1_500

/** Opens the client; nothing is fetched before the first `freshen()`. */
export function createSnapshotClient(parts: SnapshotClientParts): SnapshotClient {
  const { now, log, kept } = parts
  const { readers, ...state } = createHouseState(log)
  const request = createAdapterRequest(parts)
  const stored = kept === undefined ? null : createStoredSnapshots({ ...kept, request, readers })
  const tags = new Map<string, string | null>()
  let askAgainAt = 0
  let askedAt = -LOOK_AGAIN_AFTER_MS
  let asking: { readonly since: number; readonly known: Promise<void>; readonly done: Promise<void> } | null = null
  let pulledAt = Number.NEGATIVE_INFINITY
  /** Somebody comes whom only the adapter may know. */
  let isWanted = false

  /** One part as the adapter tells it, by itself. */
  const pullPart = async ({ name, limit, read, absent }: PartReader): Promise<void> => {
    const response = await request(`/snapshot/${name}`, { tag: tags.get(name) ?? null })
    if (response.status === 304) return
    // It has just taken our key for the line-up: an adapter that refuses this path is older than it.
    if (absent !== undefined && !tags.has(name) && response.headers.get('x-downlink-error') === 'access/bad-link') {
      await response.body?.cancel()
      absent()
      return
    }
    read(new TextDecoder().decode(await readBytes(response, limit)))()
    tags.set(name, response.headers.get('etag'))
  }

  const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      log('warn', 'snapshot-failed', {
        what,
        error: error instanceof Failure ? error.message : error instanceof Error ? error.name : 'unknown',
      })
      return false
    }
  }

  const pullParts = async (): Promise<boolean> => {
    const asked = readers.filter(({ isPublishedOnly }) => isPublishedOnly !== true)
    for (const reader of asked) if (!(await attempt(reader.name, () => pullPart(reader)))) return false
    return true
  }

  /** Whether what the adapter sends by itself will do. */
  const isPublished = (): boolean => {
    const pushedAt = stored?.pushedAt() ?? null
    if (pushedAt === null || !state.ready()) return false
    return now() - pushedAt < PUBLISHER_SILENT_MS || now() - pulledAt < ASK_PUBLISHER_EVERY_MS
  }

  const pull = async (): Promise<boolean> => {
    pulledAt = now()
    isWanted = false
    if (stored === null) return pullParts()
    let publishes = true
    const isGood = await attempt('manifest', async () => {
      publishes = await stored.pull()
      if (!publishes && kept?.shelf.publishers != null)
        throw new Failure('publish/refused', 'The adapter signs nothing: it is older than this front')
    })
    // Of an older adapter that nobody has to vouch for, what it tells is known until this process ends.
    return isGood && !publishes ? pullParts() : isGood
  }

  const load = async (): Promise<void> => {
    if (stored !== null) await attempt('store', stored.load)
  }

  const ask = async (known: Promise<void>): Promise<void> => {
    askedAt = now()
    await known
    const isGood = (isPublished() && !isWanted) || (await pull())
    askAgainAt = now() + (isGood ? NEWS_EVERY_MS : RETRY_AFTER_MS)
  }

  const freshen = async (): Promise<void> => {
    // An edge platform may have stopped an earlier request's work for good: what takes too long is given up.
    const isIdle = asking === null || now() - asking.since > GIVE_UP_MS
    if (isIdle && now() >= askAgainAt) {
      const known = load()
      const begun = { since: now(), known, done: ask(known) }
      asking = begun
      void begun.done.finally(() => {
        if (asking === begun) asking = null
      })
      // The store answers in a moment, an adapter that sleeps not at all.
      if (!state.ready()) await atMost(WAIT_FOR_FIRST_MS, begun.known)
      await atMost(state.ready() ? WAIT_FOR_NEWS_MS : WAIT_FOR_FIRST_MS, begun.done)
    } else if (!state.ready() && asking !== null) await atMost(WAIT_FOR_FIRST_MS, asking.done)
  }

  return {
    ...state,
    reload: load,
    freshen,
    async lookAgain() {
      if (now() - askedAt >= LOOK_AGAIN_AFTER_MS) {
        askAgainAt = 0
        isWanted = true
      }
      await freshen()
    },
    async logo(channel, signal) {
      let response
      try {
        response = await request(`/logo/${channel.id}`, { tag: null, signal })
      } catch (cause) {
        if (signal.aborted) throw signal.reason
        throw new Failure('live/no-adapter', 'The adapter at home does not answer', {}, cause)
      }
      return readPicture(response)
    },
  }
}
