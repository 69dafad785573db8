import { parseContentName } from '../../core/snapshots/content.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import { SWEEP_AT_ONCE } from '../../core/snapshots/store.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'

/** What of a Workers KV namespace is used (its values have at most 25 MiB). */
export interface KvNamespace {
  get(key: string, options: { type: 'arrayBuffer'; cacheTtl?: number }): Promise<ArrayBuffer | null>
  get(key: string, options: { type: 'text'; cacheTtl?: number }): Promise<string | null>
  put(key: string, value: ArrayBuffer | string, options?: { metadata?: unknown }): Promise<void>
  delete(key: string): Promise<void>
  list(options: { prefix: string; cursor?: string }): Promise<{
    readonly keys: readonly { readonly name: string; readonly metadata?: unknown }[]
    readonly list_complete: boolean
    readonly cursor?: string
  }>
}

/** Contents never change: a place that has one keeps it for a day. */
const CACHE_SECONDS = 86_400
/** 1,000 keys each; what sites need is a few hundred. */
const MOST_PAGES = 10
/** Workers do so many calls at a time. */
const AT_ONCE = 6
const CONTENT = 'content/'

/**
 * Snapshots in a namespace of Workers KV, which is read fast everywhere and is late: what was put may be seen a minute later
 * elsewhere, and of two who replace a pointer at the same time the later one counts. Readers check what they get, and
 * manifests are numbered.
 */
export function createKvSnapshotStore({
  kv,
  now,
}: {
  readonly kv: KvNamespace
  readonly now: () => number
}): SnapshotStore {
  const pointer = (site: string): Promise<string | null> => kv.get(`site/${site}`, { type: 'text' })

  const list = async (): Promise<ReadonlyMap<ContentName, number>> => {
    const found = new Map<ContentName, number>()
    let cursor: string | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const { keys, ...rest } = await kv.list({ prefix: CONTENT, ...(cursor !== undefined && { cursor }) })
      for (const { name, metadata } of keys) {
        const content = parseContentName(name.slice(CONTENT.length))
        if (content !== null) found.set(content, putAt(metadata))
      }
      if (rest.list_complete || rest.cursor === undefined) break
      cursor = rest.cursor
    }
    return found
  }

  return {
    pointer,
    async missing(names) {
      if (names.length === 0) return []
      const here = await list()
      return names.filter((name) => !here.has(name))
    },
    put: (name, bytes) => kv.put(CONTENT + name, bytes.slice().buffer, { metadata: { at: now() } }),
    async get(name) {
      const bytes = await kv.get(CONTENT + name, { type: 'arrayBuffer', cacheTtl: CACHE_SECONDS })
      return bytes === null ? null : new Uint8Array(bytes)
    },
    async replace(site, text, before) {
      if ((await pointer(site)) !== before) return false
      await kv.put(`site/${site}`, text)
      return true
    },
    async sweep(keep, before) {
      const old = [...(await list())].filter(([name, at]) => at < before && !keep.has(name)).slice(0, SWEEP_AT_ONCE)
      for (let index = 0; index < old.length; index += AT_ONCE)
        await Promise.all(old.slice(index, index + AT_ONCE).map(([name]) => kv.delete(CONTENT + name)))
      return old.length
    },
  }
}

/** Epoch milliseconds at which a content was put; one that does not tell is as old as can be. */
const putAt = (metadata: unknown): number =>
  typeof metadata === 'object' && metadata !== null && 'at' in metadata && typeof metadata.at === 'number'
    ? metadata.at
    : 0
