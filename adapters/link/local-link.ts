import type { LinkDoor } from '../../core/access/link-session.ts'
import { Failure } from '../../core/errors.ts'
import type { ByteSink, Hub } from '../../core/live/hub.ts'
import { pastSpan } from '../../core/lineup/past.ts'
import type { PastDesk } from '../../core/lineup/past.ts'
import type { VodFile } from '../../core/lineup/vod.ts'
import type { HlsAnswer, HlsRequest, LiveLink, TsRequest } from '../../core/live/link.ts'
import type { Quality } from '../../core/live/quality.ts'
import { heldFile } from '../../core/lineup/held-file.ts'

/** What a link in this process stands on. */
export type LocalLinkParts = {
  /** Where raw TS of a quality is to be had. */
  readonly hub: (quality: Quality) => Pick<Hub, 'watch' | 'shiftWindowMs'> & Partial<Pick<Hub, 'keeps'>>
  /** What sources have kept; absent: nothing. */
  readonly past?: PastDesk
  readonly hls: { hls(request: HlsRequest): Promise<HlsAnswer> }
  /** Told of every viewer by signed link: an open connection keeps the link's session alive, stopping the viewer ends it. */
  readonly door: Pick<LinkDoor, 'hold' | 'recognize'> | null
}

/** The way to a channel's bytes in this very process. */
export function createLocalLink({ hub, hls, past, door }: LocalLinkParts): LiveLink {
  /** What a source has kept, where our own tape does not reach; null: this is for the relay. */
  const replay = async (request: TsRequest): Promise<VodFile | null> => {
    const { channel, caller, quality, behindMs = 0, past: wish, signal } = request
    if (behindMs === 0 || hub(quality).keeps?.(channel.id, behindMs) === true) return null
    if (past === undefined || wish === undefined || !past.reaches(channel, wish.from)) {
      if (hub(quality).shiftWindowMs > 0) return null
      throw new Failure('live/no-time-shift', 'Nothing of this channel is kept, here or at its sources')
    }
    const { range, player } = wish
    const viewer = { user: caller.user, address: caller.address, player }
    const file = await past.open({ channel, span: pastSpan(wish, behindMs), range, viewer, signal })
    if (caller.linkSession === undefined || door === null) return file
    return heldFile(file, door.hold(caller.linkSession, `past-${caller.linkSession}`))
  }

  return {
    async ts(request) {
      const file = await replay(request)
      if (file !== null) return { kind: 'file', file }
      const { channel, caller, quality, slate = false, behindMs = 0, mode = 'ts', signal } = request
      return {
        kind: 'relay',
        async join(sink) {
          const { user, address, player } = caller
          const viewer = { mode, user, address, slate, behindMs, ...(player !== undefined && { player }) }
          let release: (() => void) | null = null
          const watched = (): ByteSink => endingWith(sink(), () => release?.())
          const seat = await hub(quality).watch(channel, viewer, watched, signal)
          if (caller.linkSession !== undefined && door !== null) release = door.hold(caller.linkSession, seat.id)
          return {
            drained: () => seat.drained(),
            leave: () => {
              release?.()
              seat.leave()
            },
          }
        },
      }
    },
    hls(request) {
      // Paths of a session are `{session}/{viewer}/…` (adapters/lan/hls-sessions.ts).
      const [, viewerId = ''] = request.path.split('/')
      const { linkSession } = request.caller
      if (linkSession !== undefined && viewerId !== '') door?.recognize(linkSession, viewerId)
      return hls.hls(request)
    },
  }
}

/** The same sink, that also tells when the relay closes it. */
const endingWith = (sink: ByteSink, ended: () => void): ByteSink => ({
  write: (bytes) => sink.write(bytes),
  close(failure) {
    ended()
    sink.close(failure)
  },
})
