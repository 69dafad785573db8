import type { LinkDoor } from '../../core/access/link-session.ts'
import { Failure } from '../../core/errors.ts'
import type { ByteSink, Hub } from '../../core/live/hub.ts'
import type { HlsAnswer, HlsRequest, LiveLink } from '../../core/live/link.ts'
import type { Quality } from '../../core/live/quality.ts'

/** What a link in this process stands on. */
export type LocalLinkParts = {
  /** Where raw TS of a quality is to be had. */
  readonly hub: (quality: Quality) => Pick<Hub, 'watch' | 'shiftWindowMs'>
  readonly hls: { hls(request: HlsRequest): Promise<HlsAnswer> }
  /** Told of every viewer by signed link: an open connection keeps the link's session alive, stopping the viewer ends it. */
  readonly door: Pick<LinkDoor, 'hold' | 'recognize'> | null
}

/** The way to a channel's bytes in this very process. */
export function createLocalLink({ hub, hls, door }: LocalLinkParts): LiveLink {
  return {
    async ts({ channel, caller, quality, slate = false, behindMs = 0, mode = 'ts', signal }) {
      if (behindMs > 0 && hub(quality).shiftWindowMs === 0)
        throw new Failure('live/no-time-shift', 'Time shift is switched off in this house')
      return {
        kind: 'relay',
        async join(sink) {
          const viewer = { mode, user: caller.user, address: caller.address, slate, behindMs }
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
