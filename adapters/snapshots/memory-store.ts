import { Failure } from '../../core/errors.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import { SWEEP_AT_ONCE } from '../../core/snapshots/store.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'

/** Snapshots in the memory of this process, at most `maxBytes` of contents. `put` fails with `publish/full` beyond. */
export function createMemorySnapshotStore({
  now,
  maxBytes = 64 * 1024 * 1024,
}: {
  readonly now: () => number
  readonly maxBytes?: number
}): SnapshotStore {
  const contents = new Map<ContentName, { readonly bytes: Uint8Array<ArrayBuffer>; readonly at: number }>()
  const pointers = new Map<string, string>()
  let size = 0
  return {
    missing: async (names) => names.filter((name) => !contents.has(name)),
    async put(name, bytes) {
      if (contents.has(name)) return
      if (size + bytes.length > maxBytes)
        throw new Failure('publish/full', `Snapshots would take more than the ${maxBytes} bytes that are for them here`)
      size += bytes.length
      contents.set(name, { bytes: bytes.slice(), at: now() })
    },
    get: async (name) => contents.get(name)?.bytes.slice() ?? null,
    pointer: async (site) => pointers.get(site) ?? null,
    async replace(site, pointer, before) {
      if ((pointers.get(site) ?? null) !== before) return false
      pointers.set(site, pointer)
      return true
    },
    async sweep(keep, before) {
      const old = [...contents].filter(([name, { at }]) => at < before && !keep.has(name))
      for (const [name, { bytes }] of old.slice(0, SWEEP_AT_ONCE)) {
        contents.delete(name)
        size -= bytes.length
      }
      return Math.min(old.length, SWEEP_AT_ONCE)
    },
  }
}
