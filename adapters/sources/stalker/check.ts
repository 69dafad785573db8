import type { SourceCheck } from '../../../core/lineup/source-check.ts'
import { GENRES_QUERY } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import type { MacPool } from './mac-pool.ts'
import { readGenres } from './rows.ts'

/**
 * Asks for the groups: a question that every portal knows and that changes nothing. It goes out as a MAC without a stream
 * where there is one, in turn with other lists; a MAC that streams never signs in for it (`BoxSession.ask`). Portals
 * answer boxes only, so that there is no asking as another program.
 */
export const createPortalCheck = (portal: {
  readonly boxes: readonly BoxSession[]
  readonly pool: MacPool<BoxSession>
  /** Fails where no MAC can be used. */
  readonly idleBox: () => BoxSession
}): SourceCheck => ({
  asks: 'portal',
  takesUserAgent: false,
  async ask({ signal }) {
    const box = portal.idleBox()
    const { js } = await box.ask(GENRES_QUERY, { urgency: 'list', signal })
    return {
      mac: box.number,
      groups: readGenres(js).length,
      macs: portal.boxes.length,
      ready: portal.boxes.filter((one) => portal.pool.state(one).kind === 'ready').length,
      streaming: portal.boxes.filter((one) => portal.pool.isStreaming(one)).length,
      expires: box.expiry()?.text ?? null,
    }
  },
})
