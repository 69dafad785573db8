import { isSameProgramme, mergeWindow } from '../../core/guide/merge.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { GuideStore } from '../../core/guide/store.ts'

/** The guide in memory: the port's second implementation. */
export function createMemoryGuideStore(): GuideStore {
  const feeds = new Map<string, Map<string, { programmes: readonly Programme[]; fetchedAt: number }>>()
  let revision = 0
  const feedOf = (name: string) => {
    const feed = feeds.get(name) ?? new Map<string, { programmes: readonly Programme[]; fetchedAt: number }>()
    feeds.set(name, feed)
    return feed
  }
  return {
    revision: () => String(revision),
    async replace(name, batch, fetchedAt) {
      const feed = feedOf(name)
      const old = feed.get(batch.channel)?.programmes ?? []
      const programmes = mergeWindow(old, batch.programmes, batch)
      feed.set(batch.channel, { programmes, fetchedAt })
      const isSame =
        old.length === programmes.length &&
        programmes.every((programme, index) => {
          const twin = old[index]
          return twin !== undefined && isSameProgramme(programme, twin)
        })
      if (!isSame) revision++
      return !isSame
    },
    programmes: (ref, { from, to }) =>
      (feedOf(ref.feed).get(ref.channel)?.programmes ?? []).filter(({ start, stop }) => start < to && stop > from),
    fetched: async (name) => new Map([...feedOf(name)].map(([channel, { fetchedAt }]) => [channel, fetchedAt])),
    async prune(before) {
      let count = 0
      for (const feed of feeds.values()) {
        for (const [channel, entry] of feed) {
          const programmes = entry.programmes.filter(({ stop }) => stop > before)
          count += entry.programmes.length - programmes.length
          feed.set(channel, { ...entry, programmes })
        }
      }
      if (count > 0) revision++
      return count
    },
  }
}
