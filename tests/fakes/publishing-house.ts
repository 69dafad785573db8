import { createMemorySnapshotStore } from '../../adapters/snapshots/memory-store.ts'
import { createPublication } from '../../core/snapshots/publication.ts'
import { makePublisherKey, openPublisherKey } from '../../core/snapshots/publisher-key.ts'
import type { PublisherKey } from '../../core/snapshots/publisher-key.ts'
import type { SnapshotPart } from '../../core/snapshots/part.ts'

/** A key of its own. */
export const newPublisherKey = async (): Promise<PublisherKey> => openPublisherKey(await makePublisherKey())

/** A house whose parts are texts that a test may change. */
export async function publishingHouse(
  texts: Record<string, string>,
  { site = 'home', now = () => Date.now() }: { readonly site?: string; readonly now?: () => number } = {},
) {
  const key = await newPublisherKey()
  const store = createMemorySnapshotStore({ now })
  const writes: string[] = []
  const parts = Object.keys(texts).map((name): SnapshotPart => ({
    name,
    contentType: 'text/plain',
    version: async () => ({ revision: name, view: [texts[name] ?? ''] }),
    async write() {
      writes.push(name)
      return [texts[name] ?? ''].values()
    },
  }))
  const pace = { sliceMs: 8, now: () => performance.now(), giveWay: () => Promise.resolve() }
  const open = () => createPublication({ site, key, store, parts, pace, now })
  return { key, store, texts, writes, open, publication: open() }
}
