import type { SourceDriver } from '../../adapters/sources/driver.ts'
import type { CatalogueItem } from '../../core/lineup/catalogue.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import type { OpenRequest } from '../../core/live/upstream.ts'

/** A driver whose streams the test feeds. `opened`: what was asked of it and is not closed; `isClosed`: it was disposed. */
export function createFakeDriver(id: string, changes: Partial<SourceDriver> = {}) {
  const state = { isClosed: false, closed: 0 }
  const opened = new Set<OpenRequest>()
  const driver: SourceDriver = {
    id: sourceId(id),
    kind: 'fake',
    name: id.toUpperCase(),
    catalogue: async () => ({ sourceId: sourceId(id), groups: [], items: [] }),
    async *guide() {},
    slots: () => null,
    async open(request) {
      request.signal.throwIfAborted()
      opened.add(request)
      return {
        programNumber: null,
        clearWithinMs: 1000,
        close() {
          state.closed += 1
          opened.delete(request)
        },
      }
    },
    logo: async () => null,
    check: { asks: 'list', takesUserAgent: false, ask: async () => ({}) },
    notices: () => [],
    async [Symbol.asyncDispose]() {
      state.isClosed = true
    },
    ...changes,
  }
  return { driver, opened, state }
}

/** An item of a fake's catalogue. */
export const fakeItem = (item: string, changes: Partial<CatalogueItem> = {}): CatalogueItem => ({
  item,
  name: item,
  media: 'tv',
  serviceRef: null,
  programNumber: null,
  slotKey: item,
  number: null,
  groups: [],
  hasLogo: false,
  guide: null,
  ...changes,
})
