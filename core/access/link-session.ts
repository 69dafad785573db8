import { CLOCK_SKEW_SECONDS, opensPath } from './signed-link.ts'
import type { LinkSigner, SignedLink } from './signed-link.ts'

/** A session lives this long without a request or an open connection (contract §3.3). */
const IDLE_MS = 30_000
/** A session lives at most this long (contract §3.3); a stopped one is refused for as long. */
const LIFETIME_MS = 24 * 3_600_000
/** Only our own fronts can open sessions; the bound is for a front that went mad. */
const MAX_SESSIONS = 10_000
const MAX_VISITORS = 8

/** The adapter's door for signed links: checks tokens and keeps their sessions in memory (contract §3.3). */
export interface LinkDoor {
  /**
   * The link if it opens `path` (raw, below `/s/{token}`) now, else null: one uniform answer.
   *
   * The first good request before expiry opens the session; later ones pass while the session lives.
   */
  admit(token: string, path: string): Promise<SignedLink | null>
  /** Notes an open connection, which keeps the session alive, and the viewer behind it. The answer ends it; idempotent. */
  hold(jti: string, viewerId: string): () => void
  /** Notes a viewer of this session that comes by single requests (HLS), so that stopping the viewer stops the session. */
  recognize(jti: string, viewerId: string): void
  /** Refuses the session from now on. */
  stop(jti: string): void
  /** Refuses the session behind this viewer; false if there is none. */
  stopViewer(viewerId: string): boolean
  /** Refuses all sessions of a channel; the answer is how many. */
  stopChannel(channelId: string): number
  /** Sessions alive now. */
  readonly size: number
}

type Session = {
  readonly channelId: string | null
  readonly openedAt: number
  lastSeen: number
  /** With an open connection. */
  readonly viewers: Set<string>
  /** By single requests; the latest few, since a player that starts anew gets another id. */
  readonly visitors: Set<string>
}

/**
 * The door in this process. Nothing runs on a timer: sessions are judged when they are asked for, and swept when
 * their number doubles. State of a `jti`: unknown → open (good token before expiry) → gone (idle, too old) or refused.
 */
export function createLinkDoor({ signer, now }: { signer: LinkSigner; now: () => number }): LinkDoor {
  const sessions = new Map<string, Session>()
  const refused = new Map<string, number>()

  const isAlive = (session: Session): boolean =>
    now() - session.openedAt < LIFETIME_MS && (session.viewers.size > 0 || now() - session.lastSeen <= IDLE_MS)

  const sweep = (): void => {
    for (const [jti, session] of sessions) if (!isAlive(session)) sessions.delete(jti)
    for (const [jti, until] of refused) if (until <= now()) refused.delete(jti)
  }

  const makeRoom = (map: Map<string, unknown>): void => {
    if (map.size < MAX_SESSIONS) return
    sweep()
    if (map.size < MAX_SESSIONS) return
    const [oldest] = map.keys()
    if (oldest !== undefined) map.delete(oldest)
  }

  const stop = (jti: string): void => {
    sessions.delete(jti)
    makeRoom(refused)
    refused.set(jti, now() + LIFETIME_MS)
  }

  const isRefused = (jti: string): boolean => (refused.get(jti) ?? 0) > now()

  return {
    async admit(token, path) {
      const link = await signer.read(token)
      if (link === null || !opensPath(link.scope, path) || isRefused(link.jti)) return null
      const session = sessions.get(link.jti)
      if (session !== undefined && isAlive(session)) {
        session.lastSeen = now()
        return link
      }
      if (now() > (link.expires + CLOCK_SKEW_SECONDS) * 1000) return null
      if (link.scope.kind === 'house') return link // one request each: there is no session to keep
      sessions.delete(link.jti)
      makeRoom(sessions)
      sessions.set(link.jti, {
        channelId: link.scope.kind === 'channel' ? link.scope.channelId : null,
        openedAt: now(),
        lastSeen: now(),
        viewers: new Set(),
        visitors: new Set(),
      })
      return link
    },
    hold(jti, viewerId) {
      const session = sessions.get(jti)
      session?.viewers.add(viewerId)
      return () => {
        if (session?.viewers.delete(viewerId) === true) session.lastSeen = now()
      }
    },
    recognize(jti, viewerId) {
      const visitors = sessions.get(jti)?.visitors
      if (visitors === undefined || visitors.has(viewerId)) return
      visitors.add(viewerId)
      const [oldest] = visitors
      if (visitors.size > MAX_VISITORS && oldest !== undefined) visitors.delete(oldest)
    },
    stop,
    stopViewer(viewerId) {
      for (const [jti, session] of sessions) {
        if (!session.viewers.has(viewerId) && !session.visitors.has(viewerId)) continue
        stop(jti)
        return true
      }
      return false
    },
    stopChannel(channelId) {
      const stopped = [...sessions].filter(([, session]) => session.channelId === channelId)
      for (const [jti] of stopped) stop(jti)
      return stopped.length
    },
    get size() {
      sweep()
      return sessions.size
    },
  }
}
