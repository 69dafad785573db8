import * as v from 'valibot'
import { contentsOf } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import type { ContentName } from './content.ts'
import type { PublisherId } from './publisher-key.ts'
import { MAX_AGE_MS, SignedManifestDocument, verifyManifest } from './signed-manifest.ts'
import type { SignedManifest } from './signed-manifest.ts'
import type { SnapshotStore } from './store.ts'

/** How a manifest came: sent by the adapter, or fetched at its address. */
export type Way = 'push' | 'pull'

/** A manifest of the store that was checked. */
export type Shelved = { readonly manifest: Manifest; readonly signed: SignedManifest; readonly way: Way }

/**
 * What became of a manifest. `missing`: these contents first. `outdated`: one at least as new is here. `clock`: it was signed
 * too long ago, or the clocks differ. `refused`: it is not of this site, or was not signed by one who may.
 */
export type Offer =
  | { readonly kind: 'taken'; readonly sequence: number }
  | { readonly kind: 'missing'; readonly names: readonly ContentName[] }
  | { readonly kind: 'outdated'; readonly sequence: number }
  | { readonly kind: 'clock' }
  | { readonly kind: 'refused' }

/** What one site has published, in a store. */
export interface SiteShelf {
  readonly site: string
  /** Who may sign; null: nothing can be pushed, and what is fetched at the adapter's address counts. */
  readonly publishers: readonly PublisherId[] | null
  /** The newest manifest and the one before, both checked; null: nothing yet. */
  current(): Promise<{ readonly newest: Shelved; readonly before: Manifest | null } | null>
  /** Takes a manifest whose contents are all here. */
  offer(signed: SignedManifest, way: Way): Promise<Offer>
  /** What must not be dropped. */
  needed(): Promise<readonly ContentName[]>
}

const PointerDocument = v.object({
  newest: v.object({ ...SignedManifestDocument.entries, way: v.picklist(['push', 'pull']) }),
  before: v.nullable(SignedManifestDocument),
})
type PointerDocument = v.InferOutput<typeof PointerDocument>

const MOST_TRIES = 3

/** The shelf of a site. Its pointer holds the newest signed manifest and the one before, in case a store is late. */
export function createSiteShelf(parts: {
  readonly site: string
  readonly publishers: readonly PublisherId[] | null
  readonly store: SnapshotStore
  readonly now: () => number
}): SiteShelf {
  const { site, store, now } = parts
  const verify = (signed: SignedManifest) => verifyManifest(signed, parts)
  // A store that is late must not bring back what we know to be over.
  let highest = 0

  const read = async (): Promise<{ text: string | null; document: PointerDocument | null }> => {
    const text = await store.pointer(site)
    return { text, document: text === null ? null : readPointer(text) }
  }

  return {
    site,
    publishers: parts.publishers,
    async current() {
      const { document } = await read()
      if (document === null) return null
      const { way, ...signed } = document.newest
      const manifest = await verify(signed)
      if (manifest === null) return null
      const before = document.before === null ? null : await verify(document.before)
      return { newest: { manifest, signed, way }, before }
    },
    async offer(signed, way) {
      const manifest = await verify(signed)
      if (manifest === null || (way === 'push' && parts.publishers === null)) return { kind: 'refused' }
      const missing = await store.missing(contentsOf(manifest))
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const { text, document } = await read()
        const known = document === null ? null : await verify(document.newest)
        highest = Math.max(highest, known?.sequence ?? 0)
        if (known !== null && document?.newest.manifest === signed.manifest)
          return missing.length > 0 ? { kind: 'missing', names: missing } : { kind: 'taken', sequence: known.sequence }
        if (manifest.sequence <= highest) return { kind: 'outdated', sequence: highest }
        // An answer of an adapter may be old, a message must be new: who has copied one cannot send it again for long.
        if (manifest.time > now() + MAX_AGE_MS || (way === 'push' && manifest.time < now() - MAX_AGE_MS))
          return { kind: 'clock' }
        if (missing.length > 0) return { kind: 'missing', names: missing }
        const { publisher, manifest: words, signature } = signed
        const pointer: PointerDocument = {
          newest: { publisher, manifest: words, signature, way },
          before: known === null ? null : withoutWay(document?.newest),
        }
        if (!(await store.replace(site, JSON.stringify(pointer), text))) continue
        highest = manifest.sequence
        return { kind: 'taken', sequence: manifest.sequence }
      }
      return { kind: 'outdated', sequence: highest } // others were quicker each time
    },
    async needed() {
      const { document } = await read()
      const manifests = [document?.newest, document?.before].map((signed) => (signed ? verify(signed) : null))
      return (await Promise.all(manifests)).flatMap((manifest) => (manifest === null ? [] : contentsOf(manifest)))
    },
  }
}

function readPointer(text: string): PointerDocument | null {
  try {
    return v.parse(PointerDocument, JSON.parse(text))
  } catch {
    return null // written by another version, or spoilt: as if there were nothing
  }
}

const withoutWay = (signed: PointerDocument['newest'] | undefined): SignedManifest | null =>
  signed === undefined ? null : { publisher: signed.publisher, manifest: signed.manifest, signature: signed.signature }
