import * as v from 'valibot'
import { parseContentName } from '../../core/snapshots/content.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import { SWEEP_AT_ONCE } from '../../core/snapshots/store.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'

/** What of Deno KV is used (its values have at most 64 KiB, its transactions 800 KiB). */
export interface DenoKv {
  get(key: readonly string[]): Promise<DenoKvEntry>
  getMany(keys: readonly (readonly string[])[]): Promise<readonly DenoKvEntry[]>
  set(key: readonly string[], value: unknown): Promise<unknown>
  delete(key: readonly string[]): Promise<void>
  list(selector: { prefix: readonly string[] }): AsyncIterable<DenoKvEntry>
  atomic(): DenoKvTransaction
}

/** A key with its value; `versionstamp` null: there is none. */
export interface DenoKvEntry {
  readonly key: readonly unknown[]
  readonly value: unknown
  readonly versionstamp: string | null
}

/** Changes that happen together, if the checks hold. */
export interface DenoKvTransaction {
  check(entry: { readonly key: readonly string[]; readonly versionstamp: string | null }): this
  set(key: readonly string[], value: unknown): this
  commit(): Promise<{ readonly ok: boolean }>
}

const PREFIX = ['downlink', 'snapshot']
const SLICE_BYTES = 60_000
/** Deno KV reads at most ten keys at once. */
const KEYS_AT_ONCE = 10

/**
 * Snapshots in Deno KV: a content is cut into slices. Its head is there from the beginning, so that what broke off is swept
 * away, and says that it is whole at the end.
 */
export function createDenoKvSnapshotStore({
  kv,
  now,
}: {
  readonly kv: DenoKv
  readonly now: () => number
}): SnapshotStore {
  const headOf = (name: ContentName) => [...PREFIX, 'head', name]
  const slicesOf = (name: ContentName, count: number) =>
    Array.from({ length: count }, (_, index) => [...PREFIX, 'slice', name, String(index)])
  const siteOf = (site: string) => [...PREFIX, 'site', site]

  const readMany = async (keys: readonly (readonly string[])[]): Promise<readonly DenoKvEntry[]> => {
    const entries: DenoKvEntry[] = []
    for (let index = 0; index < keys.length; index += KEYS_AT_ONCE)
      entries.push(...(await kv.getMany(keys.slice(index, index + KEYS_AT_ONCE))))
    return entries
  }

  return {
    async missing(names) {
      const heads = await readMany(names.map(headOf))
      return names.filter((_, index) => readHead(heads[index]?.value)?.whole !== true)
    },
    async put(name, bytes) {
      const keys = slicesOf(name, Math.max(1, Math.ceil(bytes.length / SLICE_BYTES)))
      const head: Head = { slices: keys.length, at: now(), whole: false }
      await kv.set(headOf(name), head)
      for (const [index, key] of keys.entries())
        await kv.set(key, bytes.slice(index * SLICE_BYTES, (index + 1) * SLICE_BYTES))
      await kv.set(headOf(name), { ...head, whole: true })
    },
    async get(name) {
      const head = readHead((await kv.get(headOf(name))).value)
      if (head?.whole !== true) return null
      const slices = await readMany(slicesOf(name, head.slices))
      const parts = slices.map(({ value }) => (value instanceof Uint8Array ? value : null))
      if (parts.includes(null)) return null // just being dropped
      return new Uint8Array(await new Blob(parts.map((part) => new Uint8Array(part ?? []))).arrayBuffer())
    },
    async pointer(site) {
      const { value } = await kv.get(siteOf(site))
      return typeof value === 'string' ? value : null
    },
    async replace(site, text, before) {
      const key = siteOf(site)
      const { value, versionstamp } = await kv.get(key)
      if ((value ?? null) !== before) return false
      return (await kv.atomic().check({ key, versionstamp }).set(key, text).commit()).ok
    },
    async sweep(keep, before) {
      const old: { readonly name: ContentName; readonly slices: number }[] = []
      for await (const { key, value } of kv.list({ prefix: [...PREFIX, 'head'] })) {
        const name = parseContentName(String(key.at(-1)))
        const head = readHead(value)
        if (name === null || keep.has(name) || head === null || head.at >= before) continue
        old.push({ name, slices: head.slices })
        if (old.length === SWEEP_AT_ONCE) break
      }
      for (const { name, slices } of old) {
        await kv.delete(headOf(name))
        for (const key of slicesOf(name, slices)) await kv.delete(key)
      }
      return old.length
    },
  }
}

const Head = v.object({ slices: v.number(), at: v.number(), whole: v.boolean() })
/** How many slices a content has, when it was put (epoch milliseconds), and whether all of them were. */
type Head = v.InferOutput<typeof Head>

function readHead(value: unknown): Head | null {
  const head = v.safeParse(Head, value)
  return head.success ? head.output : null
}
