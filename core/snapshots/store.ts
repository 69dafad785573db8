import type { ContentName } from './content.ts'

/**
 * Port: where a front keeps what its adapters have published, and an adapter what it publishes.
 *
 * Two kinds of things: immutable contents by the hash of their bytes, and for each site one small document that says
 * which of them are current. A store may lose things and may be late (Workers KV); it never mixes them up, and its reader
 * checks the hashes. Every method fails with whatever the platform throws.
 */
export interface SnapshotStore {
  /** Those of the names that are not here, in their order. */
  missing(names: readonly ContentName[]): Promise<readonly ContentName[]>
  /** Keeps bytes under their name, at most `MAX_CONTENT_BYTES`; once more changes nothing. */
  put(name: ContentName, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Null: not here (any more). */
  get(name: ContentName): Promise<Uint8Array<ArrayBuffer> | null>
  /** What is current for a site; null: nothing yet. */
  pointer(site: string): Promise<string | null>
  /**
   * Replaces what is current, at most `MAX_POINTER_BYTES` of UTF-8, if it is still `before` (null: nothing); false if it is
   * not. All or nothing; of several at a time one succeeds, where the platform can tell (Workers KV cannot).
   */
  replace(site: string, pointer: string, before: string | null): Promise<boolean>
  /**
   * Drops contents that are not in `keep` and were put before this instant (epoch milliseconds); gives how many. At most
   * `SWEEP_AT_ONCE` in one call: the rest is dropped the next time.
   */
  sweep(keep: ReadonlySet<ContentName>, before: number): Promise<number>
}

/** What a pointer may weigh: Deno KV's values have at most 64 KiB. */
export const MAX_POINTER_BYTES = 60_000

/** Workers make at most 1,000 calls of a store for one request. */
export const SWEEP_AT_ONCE = 200

/** Names of sites: parts of addresses and keys. */
export const SITE_NAME = /^[a-z0-9][a-z0-9-]{0,15}$/
