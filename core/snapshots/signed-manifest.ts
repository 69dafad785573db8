import * as v from 'valibot'
import type { ContentName } from './content.ts'
import { printManifest, readManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { isSignedBy, parsePublisherId } from './publisher-key.ts'
import type { PublisherId, PublisherKey } from './publisher-key.ts'

/** A manifest as it travels and is kept: the very text that was signed, who signed it, and the signature. */
export type SignedManifest = { readonly publisher: string; readonly manifest: string; readonly signature: string }

/** How far the clocks of an adapter and a front may be apart, and how long a pushed manifest may be on its way. */
export const MAX_AGE_MS = 10 * 60_000

/** The shape of a signed manifest. */
export const SignedManifestDocument = v.object({
  publisher: v.string(),
  manifest: v.string(),
  signature: v.string(),
})

const manifestText = (manifest: string): string => `snapshot-manifest/v1\n${manifest}`

/** Signs a manifest: Ed25519 over `snapshot-manifest/v1 LF` and its text. */
export async function signManifest(key: PublisherKey, manifest: Manifest): Promise<SignedManifest> {
  const text = printManifest(manifest)
  return { publisher: key.id, manifest: text, signature: await key.sign(manifestText(text)) }
}

/**
 * The manifest, if it is of this site and one of these publishers signed it; null otherwise.
 *
 * `publishers` null: whoever brought it is trusted, as an adapter is that is asked at its own address.
 */
export async function verifyManifest(
  { publisher, manifest, signature }: SignedManifest,
  { site, publishers }: { readonly site: string; readonly publishers: readonly PublisherId[] | null },
): Promise<Manifest | null> {
  const read = readManifest(manifest)
  if (read === null || read.site !== site) return null
  if (publishers === null) return read
  const known = publishers.find((one) => one === publisher)
  return known !== undefined && (await isSignedBy(known, manifestText(manifest), signature)) ? read : null
}

const contentText = (site: string, name: ContentName, time: number): string =>
  `snapshot-content/v1\n${site}\n${name}\n${time}`

/** Header of what a publisher sends along with a content. */
export const PROOF_HEADER = 'x-downlink-publisher'

/** What a publisher sends along with a content: `publisher.time.signature`, Ed25519 over version, site, name and time. */
export const signContent = async (
  key: PublisherKey,
  { site, name, time }: { readonly site: string; readonly name: ContentName; readonly time: number },
): Promise<string> => `${key.id}.${time}.${await key.sign(contentText(site, name, time))}`

/** Whether one of the publishers wants this content kept now. */
export async function isContentWanted(
  proof: string,
  content: { readonly site: string; readonly name: ContentName },
  { publishers, now }: { readonly publishers: readonly PublisherId[]; readonly now: number },
): Promise<boolean> {
  const [, id = '', time = '', signature = ''] = /^([\w-]{43})\.(\d{1,15})\.([\w-]{86})$/.exec(proof) ?? []
  const publisher = parsePublisherId(id)
  if (publisher === null || !publishers.includes(publisher)) return false
  if (Math.abs(Number(time) - now) > MAX_AGE_MS) return false
  return isSignedBy(publisher, contentText(content.site, content.name, Number(time)), signature)
}
