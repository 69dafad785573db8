import { Failure } from '../../core/errors.ts'
import { vodItemKey } from '../../core/lineup/vod.ts'
import type { VodItem, VodOpener, VodRange, VodSource } from '../../core/lineup/vod.ts'
import type { VodDesk, VodPlay } from '../../core/lineup/vod-desk.ts'
import { streamId } from '../../core/lineup/stream.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { Hub } from '../../core/live/hub.ts'
import { systemTimers } from '../../core/live/timers.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { FilePlayBook } from './file-plays.ts'
import { VodSession } from './vod-session.ts'

/** The films that are being played. Disposing it ends them all. */
export interface VodSessions extends Pick<VodDesk, 'open'>, AsyncDisposable {}

/** What the sessions need. */
export type VodSessionsOptions = {
  /** The films of a source; null: there is no such source, or it has none. */
  readonly opener: (source: SourceId) => (VodOpener & Partial<Pick<VodSource, 'film' | 'series'>>) | null
  /** Where seats at sources are had: films and channels share them. */
  readonly hub: Pick<Hub, 'borrow'>
  /** The book of what is watched. */
  readonly plays: Pick<FilePlayBook, 'open' | 'name' | 'changed' | 'close'>
  readonly lingerSeconds: number
  readonly now: () => number
  readonly log: Log
  readonly timers?: Timers
}

/** Sessions over the films of all sources; a viewer has one upstream for each item at a time, and a seat for it. */
export function createVodSessions(options: VodSessionsOptions): VodSessions {
  const { opener, hub, plays, lingerSeconds, now, log, timers = systemTimers } = options
  const sessions = new Map<string, VodSession<VodRange | null>>()
  let isOver = false

  const sessionOf = ({ sourceId, item, viewer }: VodPlay): VodSession<VodRange | null> => {
    const itemKey = vodItemKey(item)
    const key = JSON.stringify([sourceId, itemKey, viewer.user, viewer.address, viewer.player])
    const running = sessions.get(key)
    if (running !== undefined) return running
    const vod = opener(sourceId)
    if (isOver || vod === null)
      throw new Failure('lineup/unknown-source', 'No running source with films has this id', { sourceId })
    const id = streamId(sourceId, itemKey)
    let isNamed = false
    const session: VodSession<VodRange | null> = new VodSession<VodRange | null>({
      openFile: (range, signal) => vod.openFile({ item, range, signal }),
      async reserve(signal) {
        if (vod.usesSlots === false) return { sourceId, key, readyAt: 0, release() {} }
        // Every viewer of a film has a connection of his own, also of the same film.
        const slot = await hub.borrow({ id, sourceId, slotKey: key }, holder, signal)
        signal.throwIfAborted()
        if (slot !== null) return slot
        throw new Failure('live/no-slot', `Every connection of source "${sourceId}" is busy`, { sourceId })
      },
      lingerMs: lingerSeconds * 1000,
      timers,
      now,
      onChange() {
        plays.changed(playId)
        // Not before it plays: the player comes first.
        if (isNamed || session.state !== 'live') return
        isNamed = true
        void nameOf(vod, item).then((name) => name !== null && plays.name(playId, name))
      },
      onClosed: (reason) => {
        sessions.delete(key)
        plays.close(playId, reason)
        log('info', 'film-closed', { streamId: id })
      },
    })
    const playId = plays.open({
      kind: 'film',
      channelId: null,
      title: itemKey,
      sourceId,
      streamId: id,
      viewer,
      session,
    })
    const holder = {
      channel: { id },
      stream: { sourceId, slotKey: key },
      viewers: [viewer],
      get state() {
        return session.state
      },
      get lingeringSince() {
        return session.lingeringSince
      },
      close: (failure: Failure | null) => session.close(failure === null ? undefined : 'preempted'),
    }
    sessions.set(key, session)
    log('info', 'film-opening', { streamId: id })
    return session
  }

  return {
    open: async (play) => sessionOf(play).open(play.range, play.signal),
    async [Symbol.asyncDispose]() {
      isOver = true
      for (const session of sessions.values()) session.close()
    },
  }
}

/** For so long a source is asked what it is that it plays. */
const NAME_MS = 10_000

/** The name of a film or episode, which its source mostly has told already; null: it does not say. Never rejects. */
async function nameOf(vod: Partial<Pick<VodSource, 'film' | 'series'>>, item: VodItem): Promise<string | null> {
  const signal = AbortSignal.timeout(NAME_MS)
  try {
    if (item.kind === 'film') return (await vod.film?.(item.id, signal))?.name ?? null
    const series = (await vod.series?.(item.series, signal)) ?? null
    return series === null ? null : `${series.name} ${item.season}×${item.episode}`
  } catch {
    return null // the film plays without a name
  }
}
