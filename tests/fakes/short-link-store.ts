import type { ShortLink, ShortLinkStore } from '../../core/access/short-link.ts'

/** Short links in memory, in a map that the test can look into. */
export const createMemoryShortLinks = (links: Map<string, ShortLink>): ShortLinkStore => ({
  async put(link) {
    for (const [digest, { tokenId, expiresAt }] of links)
      if (tokenId === link.tokenId || expiresAt <= link.createdAt) links.delete(digest)
    links.set(link.digest, link)
  },
  find: (digest) => Promise.resolve(links.get(digest) ?? null),
  all: () => Promise.resolve([...links.values()].toReversed()),
  async extend(digest, expiresAt) {
    const link = links.get(digest)
    if (link !== undefined) links.set(digest, { ...link, expiresAt })
  },
})
