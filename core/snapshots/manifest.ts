import * as v from 'valibot'
import { parseContentName } from './content.ts'
import type { ContentName } from './content.ts'
import { SITE_NAME } from './store.ts'

/** A part of a snapshot: what its contents give one after the other, unpacked, is its text. */
export type ManifestPart = {
  /** Tells whether the part is another one; nothing can be read from it. */
  readonly version: string
  /** Length of the text in bytes. */
  readonly length: number
  /** Each is packed with gzip by itself. */
  readonly contents: readonly ContentName[]
}

/** What a site publishes at an instant. */
export type Manifest = {
  readonly site: string
  /** Rises with every manifest of the site. */
  readonly sequence: number
  /** Epoch milliseconds at which it was signed. */
  readonly time: number
  /** By name. Parts that a front does not know mean nothing to it. */
  readonly parts: Readonly<Record<string, ManifestPart>>
}

/** The longest manifest: two of them fit into a pointer. */
export const MAX_MANIFEST_LENGTH = 28_000

/** The longest text of a part. */
export const MAX_PART_BYTES = 64 * 1024 * 1024

const FORMAT = 1

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const Name = v.pipe(
  v.string(),
  v.transform(parseContentName),
  v.check((name) => name !== null),
)

const Document = v.object({
  format: v.literal(FORMAT),
  site: v.pipe(v.string(), v.regex(SITE_NAME)),
  sequence: whole,
  time: whole,
  parts: v.record(
    v.pipe(v.string(), v.regex(/^[a-z]{1,16}$/)),
    v.object({ version: v.string(), length: v.pipe(whole, v.maxValue(MAX_PART_BYTES)), contents: v.array(Name) }),
  ),
})

/** The manifest as the text that is signed. Fails with `RangeError` when it is too long. */
export function printManifest({ site, sequence, time, parts }: Manifest): string {
  const text = JSON.stringify({ format: FORMAT, site, sequence, time, parts })
  if (text.length > MAX_MANIFEST_LENGTH)
    throw new RangeError(`A manifest has ${text.length} characters and should have at most ${MAX_MANIFEST_LENGTH}`)
  return text
}

/** The manifest of a text; null for anything that is none. */
export function readManifest(text: string): Manifest | null {
  if (text.length > MAX_MANIFEST_LENGTH) return null
  try {
    const { site, sequence, time, parts } = v.parse(Document, JSON.parse(text))
    const checked = Object.entries(parts).map(([name, part]): [string, ManifestPart] => [
      name,
      { ...part, contents: part.contents.filter((one) => one !== null) },
    ])
    return { site, sequence, time, parts: Object.fromEntries(checked) }
  } catch {
    return null // not JSON, or of another shape
  }
}

/** Every content that a manifest names, once. */
export const contentsOf = ({ parts }: Manifest): readonly ContentName[] => [
  ...new Set(Object.values(parts).flatMap(({ contents }) => contents)),
]
