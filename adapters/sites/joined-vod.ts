import { Failure } from '../../core/errors.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import type { VodDesk, VodPlay } from '../../core/lineup/vod-desk.ts'
import type { VodNumbers } from '../../core/lineup/vod-numbers.ts'
import { toFrontNumber, toFrontSource, toSiteNumber, toSiteSource } from '../../core/sites/site-keys.ts'
import type { Site } from './site.ts'

/** Films and series of several sites: each source under the name that it has on the front. */
export function joinVod(sites: readonly Site[]): VodDesk & { readonly numbers: VodNumbers } {
  const find = (source: SourceId): { readonly site: Site; readonly source: SourceId } => {
    for (const site of sites) {
      const own = toSiteSource(site, source)
      if (own !== null) return { site, source: own }
    }
    throw new Failure('lineup/unknown-source', `No site has a source "${source}"`)
  }
  const own = (play: VodPlay): { readonly site: Site; readonly play: VodPlay } => {
    const { site, source } = find(play.sourceId)
    return { site, play: { ...play, sourceId: source } }
  }
  const isSomewhereElse = sites.every(({ vod }) => vod.location !== undefined)
  return {
    shelves: () =>
      sites.flatMap((site) => site.vod.shelves().map((shelf) => ({ ...shelf, id: toFrontSource(site, shelf.id) }))),
    async poster(id, entry, signal) {
      const { site, source } = find(id)
      return site.vod.poster(source, entry, signal)
    },
    async open(wish) {
      const { site, play } = own(wish)
      return site.vod.open(play)
    },
    ...(isSomewhereElse && {
      async location(wish: VodPlay) {
        const { site, play } = own(wish)
        const location = await site.vod.location?.(play)
        if (location === undefined) throw new Failure('live/no-adapter', `The site "${site.id}" sends nobody elsewhere`)
        return location
      },
    }),
    numbers: {
      async numbersOf(id, kind, items) {
        const { site, source } = find(id)
        const numbers = await site.vod.numbers.numbersOf(source, kind, items)
        return numbers.map((number) => toFrontNumber(site, number))
      },
      async find(number) {
        const place = toSiteNumber(number)
        const site = sites.find((one) => one.number === place?.site)
        const found = place === null || site === undefined ? null : await site.vod.numbers.find(place.number)
        return found === null || site === undefined ? null : { ...found, sourceId: toFrontSource(site, found.sourceId) }
      },
    },
  }
}
