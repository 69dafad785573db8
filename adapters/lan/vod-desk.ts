import { streamId } from '../../core/lineup/stream.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { VodSource } from '../../core/lineup/vod.ts'
import type { VodDesk } from '../../core/lineup/vod-desk.ts'
import type { LogoCache } from './logo-cache.ts'

/** What a desk puts together. `sources`: those of now in order of priority, those without films included. */
export type VodDeskParts = {
  readonly sources: () => readonly { readonly id: SourceId; readonly name: string; readonly vod?: VodSource }[]
  readonly sessions: Pick<VodDesk, 'open'>
  readonly pictures: Pick<LogoCache, 'picture'>
}

/** The films and series of the house. */
export function createVodDesk({ sources, sessions, pictures }: VodDeskParts): VodDesk {
  const shelves: VodDesk['shelves'] = () =>
    sources().flatMap(({ id, name, vod }) => (vod === undefined ? [] : [{ id, name, catalogue: vod }]))
  return {
    shelves,
    async poster(source, { kind, id }, signal) {
      const shelf = shelves().find((one) => one.id === source)
      if (shelf === undefined) return null
      const wish = {
        id: streamId(source, `${kind}/${id}`),
        sourceId: source,
        ask: (until: AbortSignal) => shelf.catalogue.poster({ kind, id }, until),
      }
      return pictures.picture(wish, signal)
    },
    open: (play) => sessions.open(play),
  }
}
