import type { VodViewer } from '../../core/lineup/vod-desk.ts'
import type { Attendance, EndReason } from '../../core/live/attendance.ts'
import type { FilePlay, FilePlays } from '../../core/live/file-play.ts'
import type { ViewerStatus } from '../../core/live/hub.ts'
import type { VodSession } from './vod-session.ts'

/** A session as its player sees it. */
export type OpenedPlay = Pick<FilePlay, 'kind' | 'channelId' | 'title' | 'sourceId' | 'streamId'> & {
  readonly viewer: VodViewer
  readonly session: Pick<VodSession<never>, 'state' | 'bytesOut' | 'close'>
}

/** The book of files that are being watched: for the status, for those who stop one, and for the history. */
export interface FilePlayBook extends FilePlays {
  /** Enters a play; gives its id. */
  open(play: OpenedPlay): string
  /** What it is called, once that is known. */
  name(id: string, title: string): void
  changed(id: string): void
  close(id: string, reason: EndReason): void
}

/** An empty book. */
export function createFilePlays({
  attendance,
  now,
}: {
  readonly attendance: Attendance
  readonly now: () => number
}): FilePlayBook {
  const plays = new Map<string, OpenedPlay & { readonly startedAt: number }>()
  const listeners = new Set<(id: string) => void>()
  let last = 0

  const tell = (id: string): void => {
    for (const listener of listeners) listener(id)
  }
  const viewerOf = (id: string, { viewer, session }: OpenedPlay): ViewerStatus => ({
    id,
    mode: 'file',
    user: viewer.user,
    address: viewer.address,
    ...(viewer.player !== '' && { player: viewer.player }),
    bytesOut: session.bytesOut,
  })
  const printed = (id: string, play: OpenedPlay & { readonly startedAt: number }): readonly FilePlay[] => {
    const { kind, channelId, title, sourceId, streamId, session, startedAt } = play
    if (session.state === 'closed') return []
    const state = session.state === 'switching' ? 'live' : session.state
    return [{ id, kind, channelId, title, sourceId, streamId, state, startedAt, viewer: viewerOf(id, play) }]
  }

  return {
    open(play) {
      last += 1
      const id = `${play.kind}-${last}`
      plays.set(id, { ...play, startedAt: now() })
      const { kind, channelId, title, sourceId, streamId } = play
      attendance.came({ ...viewerOf(id, play), kind, channelId, title, sourceId, streamId })
      tell(id)
      return id
    },
    name(id, title) {
      const play = plays.get(id)
      if (play === undefined) return
      plays.set(id, { ...play, title })
      tell(id)
    },
    changed: tell,
    close(id, reason) {
      const play = plays.get(id)
      if (play === undefined) return
      plays.delete(id)
      attendance.left(id, { reason, code: null, bytesOut: play.session.bytesOut })
      tell(id)
    },
    list: () => [...plays].flatMap(([id, play]) => printed(id, play)),
    stop(id) {
      const play = plays.get(id)
      play?.session.close('stopped')
      return play !== undefined
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
