import { MAX_CONTENT_BYTES, nameOf, parseContentName } from './content.ts'
import type { ContentName } from './content.ts'
import { isContentWanted } from './signed-manifest.ts'
import type { SignedManifest } from './signed-manifest.ts'
import type { Offer, SiteShelf } from './site-shelf.ts'
import type { SnapshotStore } from './store.ts'

/** What becomes of a content that is sent. `damaged`: the bytes are not what the name says. */
export type ContentOffer = 'kept' | 'refused' | 'damaged'

/** Where adapters publish to a front. */
export interface PublishDesk {
  offer(site: string, signed: SignedManifest): Promise<Offer>
  /** `read` gives the bytes; it is called only for a publisher who wants this content kept. */
  keep(
    content: { readonly site: string; readonly name: string; readonly proof: string },
    read: () => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<ContentOffer>
}

/** What nobody points at is left for so long: its manifest may be on its way. */
const GRACE_MS = 3_600_000

/** The desk over the shelves of a front's sites. `taken` hears of every new manifest. */
export function createPublishDesk(parts: {
  readonly shelves: readonly SiteShelf[]
  readonly store: SnapshotStore
  readonly now: () => number
  readonly taken: (site: string) => Promise<void>
}): PublishDesk {
  const { shelves, store, now } = parts
  const shelfOf = (site: string): SiteShelf | undefined => shelves.find((shelf) => shelf.site === site)
  return {
    async offer(site, signed) {
      const shelf = shelfOf(site)
      if (shelf === undefined) return { kind: 'refused' }
      const offer = await shelf.offer(signed, 'push')
      if (offer.kind !== 'taken') return offer
      await sweepShelves(store, shelves, now())
      await parts.taken(site)
      return offer
    },
    async keep({ site, name, proof }, read) {
      const publishers = shelfOf(site)?.publishers ?? []
      const wanted = parseContentName(name)
      if (wanted === null || !(await isContentWanted(proof, { site, name: wanted }, { publishers, now: now() })))
        return 'refused'
      const bytes = await read()
      if (bytes.length > MAX_CONTENT_BYTES || (await nameOf(bytes)) !== wanted) return 'damaged'
      await store.put(wanted, bytes)
      return 'kept'
    },
  }
}

/** Drops what no site needs any more. */
export async function sweepShelves(store: SnapshotStore, shelves: readonly SiteShelf[], now: number): Promise<void> {
  const needed = await Promise.all(shelves.map((shelf) => shelf.needed()))
  await store.sweep(new Set<ContentName>(needed.flat()), now - GRACE_MS)
}
