import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { MAX_CONTENT_BYTES, nameOf } from '../../core/snapshots/content.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import type { Manifest } from '../../core/snapshots/manifest.ts'
import { readPart } from '../../core/snapshots/read-part.ts'
import { SignedManifestDocument } from '../../core/snapshots/signed-manifest.ts'
import type { SiteShelf } from '../../core/snapshots/site-shelf.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'
import { readBytes } from './adapter-request.ts'
import type { AdapterRequest } from './adapter-request.ts'
import type { PartReader } from './house-state.ts'

/** The way of snapshots by a store: what was pushed into it, or is fetched at the adapter and kept there. */
export interface StoredSnapshots {
  /** Takes over what is newer in the store. Fails when it cannot be read; the old state stays. */
  load(): Promise<void>
  /**
   * Fetches the adapter's manifest and what is missing of it into the store, and takes it over. False: the adapter is of a
   * version that publishes nothing. Fails with `live/no-adapter`, `publish/refused`.
   */
  pull(): Promise<boolean>
  /** When the adapter itself has sent what counts here, epoch milliseconds; null: it has not. */
  pushedAt(): number | null
}

const MAX_MANIFEST_BYTES = 64 * 1024
const DOWNLOADS_AT_ONCE = 4

/** Reads and fills the store of a front for one site. */
export function createStoredSnapshots(parts: {
  readonly shelf: SiteShelf
  readonly store: SnapshotStore
  readonly request: AdapterRequest
  readonly readers: readonly PartReader[]
}): StoredSnapshots {
  const { shelf, store, request, readers } = parts
  let sequence = -1
  let pushedAt: number | null = null
  let tag: string | null = null
  /** The contents of each part that counts now. */
  const loaded = new Map<string, string>()

  /** False: the store does not have all of it. */
  const takeOver = async (manifest: Manifest): Promise<boolean> => {
    const news: (() => void)[] = []
    for (const reader of readers) {
      const part = manifest.parts[reader.name]
      if (part === undefined) {
        if (reader.absent !== undefined) news.push(reader.absent)
        continue
      }
      const contents = part.contents.join()
      if (loaded.get(reader.name) === contents) continue
      if (part.length > reader.limit)
        throw new RangeError(`The ${reader.name} has ${part.length} bytes and should have at most ${reader.limit}`)
      const text = await readPart(store, part)
      if (text === null) return false
      const commit = reader.read(text)
      news.push(() => {
        commit()
        loaded.set(reader.name, contents)
      })
    }
    // All parts or none: a guide of another line-up would be a guide of other channels.
    for (const commit of news) commit()
    sequence = manifest.sequence
    return true
  }

  const load = async (): Promise<void> => {
    const found = await shelf.current()
    if (found === null) return
    const { manifest, way } = found.newest
    pushedAt = way === 'push' ? manifest.time : null
    if (manifest.sequence <= sequence || (await takeOver(manifest))) return
    // A store that is late has the manifest before its contents. What was before is better than nothing.
    if (sequence < 0 && found.before !== null && (await takeOver(found.before))) return
    throw new Error('The store does not have all that was published')
  }

  const fetchContents = async (names: readonly ContentName[]): Promise<void> => {
    const queue = [...names]
    const work = async (): Promise<void> => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const bytes = await readBytes(await request(`/snapshot/content/${name}`, { tag: null }), MAX_CONTENT_BYTES)
        if ((await nameOf(bytes)) !== name)
          throw new Failure('live/no-adapter', 'The adapter at home sends other bytes than it has signed')
        await store.put(name, bytes)
      }
    }
    await Promise.all(Array.from({ length: DOWNLOADS_AT_ONCE }, work))
  }

  return {
    load,
    pushedAt: () => pushedAt,
    async pull() {
      const response = await request('/snapshot/manifest', { tag })
      if (response.status === 304) return true
      if (response.status === 403 || response.status === 404) {
        await response.body?.cancel()
        return false
      }
      const text = new TextDecoder().decode(await readBytes(response, MAX_MANIFEST_BYTES))
      const signed = v.parse(SignedManifestDocument, JSON.parse(text))
      const first = await shelf.offer(signed, 'pull')
      if (first.kind === 'missing') await fetchContents(first.names)
      const offer = first.kind === 'missing' ? await shelf.offer(signed, 'pull') : first
      if (offer.kind === 'refused')
        throw new Failure('publish/refused', `No publisher of "${shelf.site}" has signed what the adapter tells`)
      if (offer.kind === 'missing') throw new Error('The store does not keep what is put into it')
      await load()
      if (offer.kind === 'taken') tag = response.headers.get('etag')
      return true
    },
  }
}
