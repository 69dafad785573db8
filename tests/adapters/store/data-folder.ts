import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../../adapters/store/open-store.ts'
import type { Store } from '../../../adapters/store/open-store.ts'

/** A data folder that is removed with everything that was opened in it. */
export type DataFolder = AsyncDisposable & { readonly path: string; open(): Promise<Store> }

/** Makes an empty data folder. `open` closes the store that was open before. */
export async function makeDataFolder(): Promise<DataFolder> {
  const path = await mkdtemp(join(tmpdir(), 'downlink-store-'))
  let store: Store | null = null
  return {
    path,
    async open() {
      await store?.[Symbol.asyncDispose]()
      store = await openStore(path, { now: () => 1000, log: () => {} })
      return store
    },
    async [Symbol.asyncDispose]() {
      await store?.[Symbol.asyncDispose]()
      await rm(path, { recursive: true, force: true })
    },
  }
}
