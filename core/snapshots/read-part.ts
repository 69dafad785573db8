import { nameOf } from './content.ts'
import type { ContentName } from './content.ts'
import type { ManifestPart } from './manifest.ts'
import { unpack } from './pack.ts'
import type { SnapshotStore } from './store.ts'

/** Reading from a store elsewhere takes milliseconds each: this many at a time. Workers allow six. */
const AT_ONCE = 4

/**
 * The text of a part; null: a content is not in the store, or is not what its name says.
 *
 * What a store holds is checked like what comes over the network. Fails when contents cannot be unpacked or the length is
 * another one.
 */
export async function readPart(store: SnapshotStore, { length, contents }: ManifestPart): Promise<string | null> {
  const text = new Uint8Array(length)
  let end = 0
  for (let index = 0; index < contents.length; index += AT_ONCE) {
    const some = await Promise.all(contents.slice(index, index + AT_ONCE).map((name) => readContent(store, name)))
    for (const bytes of some) {
      if (bytes === null) return null
      end = await unpack(bytes, text, end)
    }
  }
  if (end !== length) throw new RangeError(`A part unpacks to ${end} bytes and should have ${length}`)
  return new TextDecoder().decode(text)
}

/** A content that is what its name says; null: there is none. */
export async function readContent(
  store: Pick<SnapshotStore, 'get'>,
  name: ContentName,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = await store.get(name)
  return bytes !== null && (await nameOf(bytes)) === name ? bytes : null
}
